using System.Text.Json.Serialization;

namespace PatientHub.Letters.Contracts;

/// <summary>When a letter without a ladder is posted all the same: it brings news that a message alone may not have brought.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PostRule>))]
public enum PostRule
{
    /// <summary>Unless a message told the patient in time (A23); at once when none can be sent.</summary>
    UnlessTold,
    /// <summary>At once and in any case, opened or not (A9, A31).</summary>
    Always,
}

/// <summary>A letter's version is ready to be read and printed. Carries all that a journey needs. Public name <c>uk.nhs.patienthub.letter.ready.v1</c>.</summary>
public sealed record LetterReady
{
    /// <summary>The letter.</summary>
    public required Guid LetterId { get; init; }
    /// <summary>The patient.</summary>
    public required Guid PatientId { get; init; }
    /// <summary>The appointment it belongs to; null for a letter without one.</summary>
    public Guid? AppointmentId { get; init; }
    /// <summary>The appointment's revision it was made for (A15); null without an appointment.</summary>
    public int? Revision { get; init; }
    /// <summary>Version of the letter; first is 1.</summary>
    public required int LetterVersion { get; init; }
    /// <summary>True when this letter has the ladder (invitation, reminders, post): dated within 14 days and after the clinic's start.</summary>
    public required bool Ladder { get; init; }
    /// <summary>How a letter without a ladder is posted all the same; null for all others.</summary>
    public PostRule? Post { get; init; }
    /// <summary>The appointment that such a letter tells of; it is not that appointment's letter.</summary>
    public Guid? AboutAppointmentId { get; init; }
    /// <summary>That appointment's revision.</summary>
    public int? AboutRevision { get; init; }
    /// <summary>Date on the letter (London).</summary>
    public required DateOnly LetterDate { get; init; }
    /// <summary>When it was committed (UTC, database time).</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>A version is no longer current: replaced, withdrawn, or entered in error; not printed any more, recalled if not handed over (A15, A34). Public name <c>uk.nhs.patienthub.letter.superseded.v1</c>.</summary>
public sealed record LetterSuperseded
{
    /// <summary>The letter.</summary>
    public required Guid LetterId { get; init; }
    /// <summary>The patient.</summary>
    public required Guid PatientId { get; init; }
    /// <summary>The version that ended.</summary>
    public required int LetterVersion { get; init; }
    /// <summary>The version that replaces it; null when the letter is withdrawn.</summary>
    public int? ReplacedByVersion { get; init; }
    /// <summary>The appointment it belongs to, if any.</summary>
    public Guid? AppointmentId { get; init; }
    /// <summary>When it was committed (UTC, database time).</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>The current version was opened after signing in: it alone stops the post (A3). Public name <c>uk.nhs.patienthub.letter.opened.v1</c>.</summary>
public sealed record LetterOpened
{
    /// <summary>The letter.</summary>
    public required Guid LetterId { get; init; }
    /// <summary>The patient.</summary>
    public required Guid PatientId { get; init; }
    /// <summary>The version that was opened.</summary>
    public required int LetterVersion { get; init; }
    /// <summary>The appointment it belongs to, if any.</summary>
    public Guid? AppointmentId { get; init; }
    /// <summary>The appointment's revision it was made for.</summary>
    public int? Revision { get; init; }
    /// <summary>When it was first opened (UTC, database time).</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}
