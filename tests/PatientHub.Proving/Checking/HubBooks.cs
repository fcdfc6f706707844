namespace PatientHub.Proving.Checking;

// What the hub and the outside world have in their books, as rows: ids, states and instants. Contacts and words only where a rule compares them, never in a verdict.

public sealed record AppointmentRow(
    Guid Id, string SourceId, Guid PatientId, int Version, int Revision, string PasStatus, string Request, bool RequestOpen, Guid? TaskId, DateTimeOffset Start, bool Announced, bool Promised, DateTimeOffset BookedAt);

public sealed record AnswerRow(Guid AppointmentId, string Answer, int Revision, DateTimeOffset At);

public sealed record TaskRow(Guid Id, string Code, Guid? AppointmentId, string Status, bool Alarmed, Guid? LetterId);

/// <summary>What another service knows of an appointment.</summary>
public sealed record CopyRow(string Service, Guid AppointmentId, int Version, int Revision, string PasStatus);

public sealed record LetterVersionRow(Guid LetterId, int Version, Guid? AppointmentId, int? Revision, DateTimeOffset? OpenedAt, DateTimeOffset? PostedAt, DateTimeOffset? EndedAt);

public sealed record StepRow(Guid Id, string Kind, int Step, Guid PatientId, Guid? LetterId, int? LetterVersion, Guid? AppointmentId, int? Revision, string State, DateTimeOffset NextAt);

/// <param name="StepIds">What its message told of when the attempt was committed, from the rig's own book; a digest tells of several steps, a code and an answer to a text (no message) of none.</param>
public sealed record AttemptRow(Guid Id, Guid? MessageId, IReadOnlyList<Guid> StepIds, Guid? CodeId, string Channel, string State, DateTimeOffset CreatedAt, DateTimeOffset? CheckAt);

public sealed record OptOutRow(Guid PatientId, bool OptedOut, DateTimeOffset ChangedAt);

public sealed record DeadlineRow(
    Guid Id, Guid PatientId, Guid? AppointmentId, int? Revision, Guid? LetterId, int? LetterVersion, string State, string Reason, DateTimeOffset DueAt, bool Held, DateTimeOffset? LastSafeAt,
    DateTimeOffset CreatedAt, Guid? BatchId, DateTimeOffset? PostedAt, DateTimeOffset? AlarmedAt);

public sealed record BatchRow(Guid Id, string Name, string State, DateTimeOffset CreatedAt);

public sealed record PostPatientRow(Guid PatientId, bool GoesByPostAnyway);

public sealed record OutboxRow(string Service, long Waiting, long Parked);

/// <param name="Fault">What put the first message there: kind and text of the exception and where it was thrown; null in a queue that is none of errors.</param>
public sealed record QueueRow(string Name, long Messages, string? Fault = null);

public sealed record SessionRow(Guid Id, Guid PatientId, DateTimeOffset StartedAt);

public sealed record PatientRow(Guid Id, string SourceId, string LinkToken);

/// <summary>A text or email that a provider has taken. <paramref name="Reference"/>: our attempt's id, from the callback's address or the custom arguments.</summary>
public sealed record TakenMessage(string Id, string Channel, string To, string Body, DateTimeOffset TakenAt, Guid? Reference, string? Code, bool Lost);

/// <summary>A letter in a batch that the print house may take.</summary>
public sealed record PrintedLetter(string Batch, Guid LetterId, int LetterVersion, bool Intact);

/// <summary>All books at one moment after quiet.</summary>
public sealed record HubBooks
{
    public required DateTimeOffset ReadAt { get; init; }
    public required IReadOnlyList<AppointmentRow> Appointments { get; init; }
    public required IReadOnlyList<AnswerRow> Answers { get; init; }
    public required IReadOnlyList<TaskRow> Tasks { get; init; }
    public required IReadOnlyList<CopyRow> Copies { get; init; }
    public required IReadOnlyList<LetterVersionRow> LetterVersions { get; init; }
    public required IReadOnlyList<StepRow> Steps { get; init; }
    public required IReadOnlyList<AttemptRow> Attempts { get; init; }
    public required IReadOnlyList<OptOutRow> OptOuts { get; init; }
    public required IReadOnlyList<DeadlineRow> Deadlines { get; init; }
    public required IReadOnlyList<BatchRow> Batches { get; init; }
    public required IReadOnlyList<PostPatientRow> PostPatients { get; init; }
    public required IReadOnlyList<OutboxRow> Outboxes { get; init; }
    public required IReadOnlyList<QueueRow> Queues { get; init; }
    public required IReadOnlyList<SessionRow> Sessions { get; init; }
    public required IReadOnlyList<PatientRow> Patients { get; init; }
    public required IReadOnlyList<TakenMessage> Taken { get; init; }
    public required IReadOnlyList<PrintedLetter> Printed { get; init; }

    /// <summary>Nothing in any book: for those who judge a part of the hub alone.</summary>
    public static HubBooks Empty { get; } = new()
    {
        ReadAt = DateTimeOffset.UnixEpoch,
        Appointments = [],
        Answers = [],
        Tasks = [],
        Copies = [],
        LetterVersions = [],
        Steps = [],
        Attempts = [],
        OptOuts = [],
        Deadlines = [],
        Batches = [],
        PostPatients = [],
        Outboxes = [],
        Queues = [],
        Sessions = [],
        Patients = [],
        Taken = [],
        Printed = [],
    };
}
