namespace PatientHub.PostalFallback.Contracts;

/// <summary>When a letter will go by post unless it is opened. Public name <c>uk.nhs.patienthub.letter.post-scheduled.v1</c>.</summary>
public sealed record LetterPostScheduled
{
    /// <summary>The letter; null while only the appointment is known.</summary>
    public Guid? LetterId { get; init; }
    /// <summary>The letter's version, if known.</summary>
    public int? LetterVersion { get; init; }
    /// <summary>The patient.</summary>
    public required Guid PatientId { get; init; }
    /// <summary>The appointment, if any.</summary>
    public Guid? AppointmentId { get; init; }
    /// <summary>The appointment's revision, if any.</summary>
    public int? Revision { get; init; }
    /// <summary>The instant; null when the post was stopped (opened, superseded, withdrawn).</summary>
    public DateTimeOffset? DueAt { get; init; }
    /// <summary>When it was committed (UTC, database time).</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>A letter was handed over to the print house (R3, R7). Public name <c>uk.nhs.patienthub.letter.posted.v1</c>.</summary>
public sealed record LetterPosted
{
    /// <summary>The letter.</summary>
    public required Guid LetterId { get; init; }
    /// <summary>The version that was printed.</summary>
    public required int LetterVersion { get; init; }
    /// <summary>The patient.</summary>
    public required Guid PatientId { get; init; }
    /// <summary>The appointment, if any.</summary>
    public Guid? AppointmentId { get; init; }
    /// <summary>The appointment's revision, if any.</summary>
    public int? Revision { get; init; }
    /// <summary>When it was handed over (UTC, database time).</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>The print house or Royal Mail returned a letter. Public name <c>uk.nhs.patienthub.letter.returned.v1</c>.</summary>
public sealed record LetterReturned
{
    /// <summary>The letter.</summary>
    public required Guid LetterId { get; init; }
    /// <summary>The version.</summary>
    public required int LetterVersion { get; init; }
    /// <summary>The patient.</summary>
    public required Guid PatientId { get; init; }
    /// <summary>Identity's name for the address that it came back from; null for a letter printed before addresses had one.</summary>
    public Guid? AddressId { get; init; }
    /// <summary>Reason code of the print house.</summary>
    public required string Reason { get; init; }
    /// <summary>When (UTC).</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}
