using System.Globalization;
using System.Text;

namespace PatientHub.Notifications.Templates;

/// <summary>GSM 03.38 (7 bit): what fits in a text of 160 places. One other character makes the whole text one of 70.</summary>
public static class TextAlphabet
{
    private const string Basic =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    private const string Extended = "^{}\\[~]|€"; // two places each

    /// <summary>The longest text that is sent: six parts.</summary>
    public const int MostParts = 6;

    public static bool IsGsm(string text) => text.All(c => Basic.Contains(c) || Extended.Contains(c));

    /// <summary>How many parts a mobile network makes of it: 160 places in one, 153 each in several; 70 and 67 outside the alphabet.</summary>
    public static int Parts(string text)
    {
        if (!IsGsm(text)) return Count(text.Length, 70, 67);
        return Count(text.Sum(c => Extended.Contains(c) ? 2 : 1), 160, 153);

        static int Count(int places, int one, int each) => places <= one ? 1 : (places + each - 1) / each;
    }

    /// <summary>
    /// Writes typographic signs plainly and takes diacritics off letters that the alphabet lacks ("Łukasz" stays readable as "Lukasz"). What then still does not fit
    /// (another script) stays: a name is not to be mangled for the price of a part.
    /// </summary>
    public static string Simplify(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (Basic.Contains(c) || Extended.Contains(c))
            {
                plain.Append(c);
                continue;
            }

            plain.Append(c switch
            {
                '\u2018' or '\u2019' or '\u02BC' or '`' or '\u00B4' => "'",
                '\u201C' or '\u201D' => "\"",
                '\u2010' or '\u2011' or '\u2012' or '\u2013' or '\u2014' => "-",
                '\u2026' => "...",
                '\u00A0' or '\u202F' or '\u2009' or '\t' => " ",
                'Ł' => "L",
                'ł' => "l",
                'Đ' => "D",
                'đ' => "d",
                'ı' => "i",
                'Œ' => "OE",
                'œ' => "oe",
                _ => WithoutDiacritics(c),
            });
        }

        return plain.ToString();
    }

    private static string WithoutDiacritics(char c)
    {
        var letters = c.ToString().Normalize(NormalizationForm.FormD).Where(d => CharUnicodeInfo.GetUnicodeCategory(d) != UnicodeCategory.NonSpacingMark);
        var plain = string.Concat(letters);
        return plain.Length > 0 && IsGsm(plain) ? plain : c.ToString();
    }
}
