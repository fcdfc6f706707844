namespace PatientHub.Identity.Domain;

/// <summary>R29: contact details on record, masked in part: enough to recognise one's own, too little to learn someone else's.</summary>
public static class Masked
{
    /// <summary>"07700 ••• 123".</summary>
    public static string Mobile(string e164)
    {
        var national = "0" + e164[3..];
        return $"{national[..5]} ••• {national[^3..]}";
    }

    /// <summary>"r•••••@example.org".</summary>
    public static string Email(string address)
    {
        var at = address.LastIndexOf('@');
        return address[..1] + "•••••" + address[at..];
    }

    /// <summary>"4 Sandm••••, LS17 •••".</summary>
    public static string? Address(PostalAddress? address)
    {
        if (address is null) return null;
        var line = address.Lines.Count > 0 ? address.Lines[0] : "";
        var start = line.Length == 0 ? "" : line[..Math.Max(1, Math.Min(7, line.Length / 2))] + "••••";
        var outward = AddressLines.Normalised(address.Postcode) is { } postcode ? postcode.Split(' ')[0] + " •••" : "";
        return string.Join(", ", new[] { start, outward }.Where(part => part.Length > 0)) is { Length: > 0 } masked ? masked : null;
    }
}
