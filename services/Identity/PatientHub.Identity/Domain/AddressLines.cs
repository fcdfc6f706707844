using System.Globalization;
using System.Text.RegularExpressions;

namespace PatientHub.Identity.Domain;

/// <summary>
/// Lines of the address window (facts: print): recipient first, "Parent or guardian of" before a child's name (A31), post town in capitals, postcode alone on the last
/// line; 3 to 7 lines. No lines when there is no address that a postman can use: the letter is then a person's task.
/// </summary>
public static partial class AddressLines
{
    private const int Most = 7;
    private const int LongestLine = 60;

    public static IReadOnlyList<string> For(Patient patient, DateTimeOffset now)
    {
        if (PostalAddress.Choose(patient.Addresses, now) is not { } address || address.Lines.Any(IsNoAddress)) return [];
        List<string> head = patient.IsChild(now) ? ["Parent or guardian of", patient.FullName] : [patient.FullName];
        List<string> street = [.. address.Lines];
        List<string> tail = [];
        if (address.Town is { } town) tail.Add(town.ToUpper(CultureInfo.GetCultureInfo("en-GB")));
        if (Normalised(address.Postcode) is { } postcode) tail.Add(postcode);
        else if (address.Country is { } country) tail.Add(country.ToUpper(CultureInfo.GetCultureInfo("en-GB")));
        else return [];

        if (street.Count + tail.Count < 2) return [];
        // A long address is folded at its street lines; the town and the postcode are never dropped.
        while (head.Count + street.Count + tail.Count > Most && street.Count > 1)
        {
            var shortest = Enumerable.Range(0, street.Count - 1).MinBy(i => street[i].Length + street[i + 1].Length);
            street[shortest] = street[shortest] + ", " + street[shortest + 1];
            street.RemoveAt(shortest + 1);
        }

        IReadOnlyList<string> lines = [.. head.Concat(street).Concat(tail).Select(Clean).Where(line => line.Length > 0)];
        return lines.Count is >= 3 and <= Most ? lines : [];
    }

    /// <summary>"ls17  7df" becomes "LS17 7DF"; null when it is no UK postcode.</summary>
    public static string? Normalised(string? postcode)
    {
        if (postcode is null) return null;
        var plain = new string([.. postcode.Where(char.IsAsciiLetterOrDigit)]).ToUpperInvariant();
        return Postcode().IsMatch(plain) ? plain[..^3] + " " + plain[^3..] : null;
    }

    private static bool IsNoAddress(string line) =>
        line.Trim().ToUpperInvariant() is "NFA" or "NO FIXED ABODE" or "NO FIXED ADDRESS" or "NO KNOWN ADDRESS" or "UNKNOWN";

    // The print house refuses lines that begin with one of its own control characters.
    private static string Clean(string line)
    {
        var clean = line.TrimStart('@', '(', ')', '=', '[', ']', '"', '\\', '/', ',', '<', '>', '~', ' ').TrimEnd(',', ' ');
        return clean.Length <= LongestLine ? clean : clean[..LongestLine];
    }

    [GeneratedRegex("^([A-Z]{1,2}[0-9][0-9A-Z]?|GIR)[0-9][ABD-HJLNP-UW-Z]{2}$")]
    private static partial Regex Postcode();
}
