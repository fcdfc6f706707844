using System.Text.Json.Serialization;

namespace PatientHub.Identity.Domain;

/// <summary>One address of the record. Which one counts is decided at the moment of printing, because periods begin and end by themselves.</summary>
public sealed record PostalAddress
{
    public required IReadOnlyList<string> Lines { get; init; }
    public string? Town { get; init; }
    public string? County { get; init; }
    public string? Postcode { get; init; }
    public string? Country { get; init; }
    /// <summary>FHIR's use: home, work, temp, old, billing; null when not given.</summary>
    public string? Use { get; init; }
    /// <summary>True when the record marks it for post only (type postal).</summary>
    public bool ForPost { get; init; }
    public DateTimeOffset? ValidFrom { get; init; }
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>When the post brought a letter back from here; null while none came back. Ours, not the record's: it stays until the record names another place.</summary>
    public DateTimeOffset? ReturnedAt { get; init; }

    /// <summary>The place itself, however it is written: what makes two addresses the same to a postman.</summary>
    [JsonIgnore]
    public string Place => string.Concat(Lines.Append(Town).Append(Postcode).Append(Country).Select(part => $"{string.Concat((part ?? "").Where(char.IsLetterOrDigit)).ToUpperInvariant()}\n"));

    /// <summary>The address to print at <paramref name="now"/>: one for post, else a current temporary one, else home, else the first; never old or billing.</summary>
    public static PostalAddress? Choose(IEnumerable<PostalAddress> addresses, DateTimeOffset now) => addresses
        .Where(a => a.Use is not ("old" or "billing") && (a.ValidFrom is null || a.ValidFrom <= now) && (a.ValidUntil is null || a.ValidUntil > now))
        .Select((address, position) => (address, position))
        .OrderBy(x => Order(x.address)).ThenBy(x => x.position)
        .Select(x => x.address)
        .FirstOrDefault();

    /// <summary>By value; the compiler's comparison would look at the list's identity.</summary>
    public bool SameAs(PostalAddress other)
    {
        IReadOnlyList<string> none = Array.Empty<string>();
        return Lines.SequenceEqual(other.Lines) && this with { Lines = none, ReturnedAt = null } == other with { Lines = none, ReturnedAt = null };
    }

    private static int Order(PostalAddress address) => address switch
    {
        { ForPost: true } => 0,
        // Someone staying elsewhere for a stated time reads post there.
        { Use: "temp", ValidUntil: not null } => 1,
        { Use: "home" } => 2,
        { Use: null } => 3,
        _ => 4,
    };
}
