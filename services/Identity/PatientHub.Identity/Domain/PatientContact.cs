namespace PatientHub.Identity.Domain;

/// <summary>A mobile or email address on record; one row each, found by its value when somebody types it.</summary>
public sealed class PatientContact
{
    public required Guid PatientId { get; init; }
    public required ContactKind Kind { get; init; }
    public required string Value { get; init; }
    public int? Rank { get; set; }
    /// <summary>Place in the feed's list; decides between equal ranks.</summary>
    public int Position { get; set; }
    public DateTimeOffset? ValidFrom { get; set; }
    public DateTimeOffset? ValidUntil { get; set; }
    public required DateTimeOffset AddedAt { get; init; }
    /// <summary>Permanently undeliverable since then, or stopped by its owner (R14).</summary>
    public DateTimeOffset? FailedAt { get; set; }

    /// <summary>Somebody says that our messages to it reach the wrong person (A32): nothing but sign-in codes goes there until the hospital has confirmed or changed it.</summary>
    public DateTimeOffset? DoubtfulSince { get; set; }

    /// <summary>The hospital has asked and confirmed it (A31, A32).</summary>
    public DateTimeOffset? ConfirmedAt { get; set; }

    /// <summary>May be typed to sign in (design: every current mobile and email).</summary>
    public bool IsCurrent(DateTimeOffset now) => (ValidFrom is null || ValidFrom <= now) && (ValidUntil is null || ValidUntil > now);

    /// <summary>Notifications may go to it (A32).</summary>
    public bool IsNotifiable(DateTimeOffset now) => DoubtfulSince is null && IsUsable(now);

    /// <summary>Something can be sent to it.</summary>
    public bool IsUsable(DateTimeOffset now) => FailedAt is null && IsCurrent(now);
}
