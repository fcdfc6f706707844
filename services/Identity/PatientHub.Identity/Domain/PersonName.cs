namespace PatientHub.Identity.Domain;

/// <summary>A patient's name: <paramref name="First"/> for salutations (A25), <paramref name="Full"/> for pages and letters, <paramref name="Family"/> for A30's comparison.</summary>
public sealed record PersonName(string First, string Full, string? Family)
{
    /// <summary>For a record without any name; the feed is warned.</summary>
    public static PersonName Unknown { get; } = new("Patient", "Patient", null);
}
