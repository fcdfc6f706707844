using System.Globalization;
using System.Text;

namespace PatientHub.Identity.Domain;

/// <summary>
/// One normal form per mailbox: trimmed of every space and invisible mark, composed (NFKC), lower case, the domain in ASCII. What stands behind a plus is kept: some
/// providers deliver it elsewhere, and joining two people's addresses is worse than a second try.
/// </summary>
public static class EmailAddress
{
    private const int Longest = 254;
    private static readonly IdnMapping Idn = new();

    public static bool TryParse(string? text, out string address)
    {
        address = "";
        if (text is null || text.Length > Longest + 64) return false;
        string normal;
        try
        {
            normal = text.Normalize(NormalizationForm.FormKC);
        }
        catch (ArgumentException)
        {
            return false; // lone surrogates
        }

        var kept = new StringBuilder(normal.Length);
        foreach (var c in normal)
            if (char.GetUnicodeCategory(c) is not UnicodeCategory.Format)
                kept.Append(c);
        // Composed once more: a capital with a mark may have no letter of its own where the small one has (H̱, ẖ).
        var trimmed = kept.ToString().Trim().ToLowerInvariant().Normalize(NormalizationForm.FormKC);
        var at = trimmed.LastIndexOf('@');
        if (at is < 1 or > 64 || trimmed.IndexOf('@', StringComparison.Ordinal) != at) return false;
        var local = trimmed[..at];
        if (!local.All(IsLocal)
            || local.StartsWith('.') || local.EndsWith('.') || local.Contains("..", StringComparison.Ordinal))
            return false;
        if (!TryDomain(trimmed[(at + 1)..], out var domain)) return false;
        address = local + "@" + domain;
        return address.Length <= Longest;
    }

    // RFC 5322's atom and dot, and letters of any script (RFC 6531); nothing that could end a header.
    private static bool IsLocal(char c) => c < 128
        ? char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~.".Contains(c, StringComparison.Ordinal)
        : char.IsLetterOrDigit(c) || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static bool TryDomain(string text, out string domain)
    {
        domain = "";
        try
        {
            domain = Idn.GetAscii(text.TrimEnd('.'));
        }
        catch (ArgumentException)
        {
            return false;
        }

        var labels = domain.Split('.');
        return labels.Length >= 2 && labels.All(label => label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-' && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'));
    }
}
