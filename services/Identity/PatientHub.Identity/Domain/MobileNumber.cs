using System.Text;
using PhoneNumbers;

namespace PatientHub.Identity.Domain;

/// <summary>
/// A UK mobile in E.164: the only kind of number that can receive a text or a code (R11, R14). Any spelling leads here: +44, 0044, (0), spaces, dashes, full-width
/// digits. The numbering plan is asked with IsPossibleNumber, because Ofcom's drama numbers (07700 900xxx) are in no valid range; so the mobile ranges are told by
/// their digits: 07, without 070 (personal numbers, billed like premium ones) and 076 (pagers; 07624 is the Isle of Man's mobile range).
/// </summary>
public static class MobileNumber
{
    private const int LongestInput = 40;
    private static readonly PhoneNumberUtil Numbers = PhoneNumberUtil.GetInstance();

    /// <summary>True for a UK mobile, given as E.164.</summary>
    public static bool TryParse(string? text, out string e164) => TryParsePhone(text, out e164) && IsUkMobile(e164);

    /// <summary>True for anything that can be a telephone number of any country, landlines too.</summary>
    public static bool TryParsePhone(string? text, out string e164)
    {
        e164 = "";
        // No digit that anybody types lies beyond the first plane, and half of a pair cannot be normalised.
        if (text is null || text.Length > LongestInput || text.Any(char.IsSurrogate)) return false;
        var plain = Plain(text);
        if (plain.Any(char.IsLetter)) return false;
        PhoneNumber number;
        try
        {
            number = Numbers.Parse(plain, "GB");
        }
        catch (NumberParseException)
        {
            return false;
        }

        if (!Numbers.IsPossibleNumber(number) || number.HasExtension) return false;
        e164 = Numbers.Format(number, PhoneNumberFormat.E164);
        return true;
    }

    private static bool IsUkMobile(string e164) =>
        e164.Length == 13 && e164.StartsWith("+447", StringComparison.Ordinal)
        && (e164[4] is not ('0' or '6') || e164.StartsWith("+447624", StringComparison.Ordinal));

    // Full-width digits and signs become plain ones; invisible marks that a copy from a web page carries along are dropped.
    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text.Normalize(NormalizationForm.FormKC))
            if (char.GetUnicodeCategory(c) is not (System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.Control))
                plain.Append(c);
        return plain.ToString().Trim();
    }
}
