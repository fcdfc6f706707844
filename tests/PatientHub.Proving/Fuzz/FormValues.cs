using System.Text;

namespace PatientHub.Proving.Fuzz;

/// <summary>Random forms: of the pages, of the token endpoint, of Twilio.</summary>
public static class FormValues
{
    private const string FormType = "application/x-www-form-urlencoded";

    /// <summary>Fields by name with words that are right; others come in their place.</summary>
    public static Func<Dice, FuzzBody> Of(params (string Name, string[] Right)[] fields) => Signed(Signer.None, fields);

    public static Func<Dice, FuzzBody> Signed(Signer signer, params (string Name, string[] Right)[] fields) => dice =>
    {
        var form = new StringBuilder();
        foreach (var (name, right) in fields)
        {
            // Now and then a field is missing, or there twice.
            for (var times = dice.Pick([1, 1, 1, 1, 1, 1, 1, 1, 0, 2]); times > 0; times--)
            {
                Append(form, name, right.Length > 0 && dice.Chance(55) ? dice.Pick(right) : right.Length == 0 && dice.Chance(50) ? dice.Value(name.ToLowerInvariant()) : dice.Text());
            }
        }
        if (dice.Chance(5))
        {
            Append(form, dice.Text(), dice.Text());
        }
        if (dice.Chance(10) && signer == Signer.None)
        {
            return Multipart(fields, dice);
        }
        var bytes = Encoding.UTF8.GetBytes(form.ToString());
        return new FuzzBody(FormType, dice.Chance(6) && signer == Signer.None ? dice.Broken(bytes) : bytes, signer);
    };

    private static FuzzBody Multipart((string Name, string[] Right)[] fields, Dice dice)
    {
        var form = new StringBuilder();
        foreach (var (name, right) in fields)
        {
            form.Append("--fuzz\r\nContent-Disposition: form-data; name=\"").Append(name).Append(dice.Chance(10) ? "\"; filename=\"" + dice.Text() : "").Append("\"\r\n\r\n")
                .Append(right.Length > 0 && dice.Chance(50) ? dice.Pick(right) : dice.Text()).Append("\r\n");
        }
        form.Append(dice.Chance(85) ? "--fuzz--\r\n" : "");
        return new FuzzBody("multipart/form-data; boundary=fuzz", Encoding.UTF8.GetBytes(form.ToString()));
    }

    // Lone surrogates and the like: what no browser would send is sent as its bytes.
    private static void Append(StringBuilder form, string name, string value)
    {
        form.Append(form.Length > 0 ? "&" : "").Append(Escaped(name)).Append('=').Append(Escaped(value));
    }

    internal static string Escaped(string text) => string.Concat(Encoding.UTF8.GetBytes(text).Select(b => char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'_' or (byte)'.' ? ((char)b).ToString() : $"%{b:X2}"));
}
