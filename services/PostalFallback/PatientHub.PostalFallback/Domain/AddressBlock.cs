using System.Text.RegularExpressions;

namespace PatientHub.PostalFallback.Domain;

/// <summary>
/// What the print house and Royal Mail can deliver: 3 to 7 lines, the last one a UK postcode (inward part after one space, capitals), no line that begins with a
/// character that a spreadsheet or a sorting machine takes for something else, and somewhere to live.
/// </summary>
public static partial class AddressBlock
{
    /// <summary>Why these lines cannot be printed, or null when they can. Never quotes a line: it is personal data.</summary>
    public static string? Fault(IReadOnlyList<string> lines)
    {
        if (lines.Count is < 3 or > 7)
            return "the address has fewer than 3 or more than 7 lines";
        if (lines.Any(string.IsNullOrWhiteSpace))
            return "the address has an empty line";
        if (!Postcode().IsMatch(lines[^1]))
            return "the last line of the address is not a UK postcode";
        if (lines.Any(line => "@()=[]\"\\/,<>~".Contains(line[0], StringComparison.Ordinal)))
            return "a line of the address begins with a character that cannot be printed there";
        return lines.Any(line => NowhereToLive().IsMatch(line)) ? "the address says that there is none" : null;
    }

    [GeneratedRegex("^(GIR 0AA|[A-PR-UWYZ]([0-9]{1,2}|[A-HK-Y][0-9]|[A-HK-Y][0-9][0-9]|[0-9][A-HJKPSTUW]|[A-HK-Y][0-9][ABEHMNPRVWXY]) [0-9][ABD-HJLNP-UW-Z]{2})$")]
    private static partial Regex Postcode();

    [GeneratedRegex(@"\bno fixed (abode|address)\b|^NFA$", RegexOptions.IgnoreCase)]
    private static partial Regex NowhereToLive();
}
