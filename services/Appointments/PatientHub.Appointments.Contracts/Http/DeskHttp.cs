namespace PatientHub.Appointments.Contracts.Http;

/// <summary>One line of the desk's list. <c>GET /internal/desk/tasks?kind=&amp;clinic=&amp;mine=&amp;page=</c> (a member of staff's token) → <see cref="DeskTaskPage"/>.</summary>
public sealed record DeskTaskLine
{
    /// <summary>The task.</summary>
    public required Guid TaskId { get; init; }
    /// <summary>What has to be done; one of <see cref="TaskCodes"/>.</summary>
    public required string Code { get; init; }
    /// <summary><c>requested</c>, <c>in-progress</c>, <c>completed</c> or <c>cancelled</c>.</summary>
    public required string Status { get; init; }
    /// <summary>It was raised as urgent (A24, A29).</summary>
    public required bool Alarmed { get; init; }
    /// <summary>Nobody claimed it for a working day, or the appointment is at most two working days away.</summary>
    public required bool Overdue { get; init; }
    /// <summary>The patient concerned, if any.</summary>
    public Guid? PatientId { get; init; }
    /// <summary>Start of the appointment concerned (UTC), if any.</summary>
    public DateTimeOffset? Start { get; init; }
    /// <summary>Its clinic, as patients read it.</summary>
    public string? ClinicName { get; init; }
    /// <summary>When it arose (UTC).</summary>
    public required DateTimeOffset RaisedAt { get; init; }
    /// <summary>London date by which the patient was promised an answer (A9).</summary>
    public required DateOnly CallBackBy { get; init; }
    /// <summary>Name of whoever has claimed it.</summary>
    public string? ClaimedBy { get; init; }
    /// <summary>True when that is the caller.</summary>
    public required bool Mine { get; init; }
    /// <summary>Sent back with every act: 409 <c>changed</c> when it is another by now.</summary>
    public required int Version { get; init; }
}

/// <summary>How many open tasks a filter would show.</summary>
/// <param name="Key">Code of the kind, or id of the clinic.</param>
/// <param name="Name">Name of the clinic; the code again for a kind.</param>
/// <param name="Count">Open tasks.</param>
public sealed record DeskFilter(string Key, string Name, int Count);

/// <summary>A page of open tasks, the most urgent first: alarmed or overdue, then by start of the appointment, then by age.</summary>
public sealed record DeskTaskPage
{
    /// <summary>The lines.</summary>
    public required IReadOnlyList<DeskTaskLine> Tasks { get; init; }
    /// <summary>Tasks that fit the filter, on all pages.</summary>
    public required int Total { get; init; }
    /// <summary>This page; the first is 1.</summary>
    public required int Page { get; init; }
    /// <summary>Number of pages, at least 1.</summary>
    public required int Pages { get; init; }
    /// <summary>Kinds of all open tasks.</summary>
    public required IReadOnlyList<DeskFilter> Kinds { get; init; }
    /// <summary>Clinics of all open tasks.</summary>
    public required IReadOnlyList<DeskFilter> Clinics { get; init; }
}

/// <summary>A call that was noted (A9).</summary>
/// <param name="By">Name of the agent.</param>
/// <param name="At">When (UTC).</param>
/// <param name="Note">In the agent's words.</param>
public sealed record DeskCall(string By, DateTimeOffset At, string? Note);

/// <summary>A task with all that the agent needs. <c>GET /internal/desk/tasks/{id}</c>; 404 when there is none.</summary>
public sealed record DeskTaskDetails
{
    /// <summary>As on the list.</summary>
    public required DeskTaskLine Task { get; init; }
    /// <summary>A sentence about what happened.</summary>
    public required string Note { get; init; }
    /// <summary>The appointment's id in the PAS.</summary>
    public string? AppointmentSourceId { get; init; }
    /// <summary>The appointment.</summary>
    public Guid? AppointmentId { get; init; }
    /// <summary>What the PAS says about it.</summary>
    public PasStatus? PasStatus { get; init; }
    /// <summary>The letter concerned, if any.</summary>
    public Guid? LetterId { get; init; }
    /// <summary>The patient's own words: times that do not suit.</summary>
    public string? UnsuitableTimes { get; init; }
    /// <summary>The patient's own words: how to be reached.</summary>
    public string? HowToReach { get; init; }
    /// <summary>The patient's own words: why.</summary>
    public string? Reason { get; init; }
    /// <summary>Calls, oldest first.</summary>
    public required IReadOnlyList<DeskCall> Calls { get; init; }
    /// <summary>Outcomes with which it may be closed: <c>done</c>, <c>kept</c>, <c>not-reached</c>, <c>not-needed</c>.</summary>
    public required IReadOnlyList<string> Outcomes { get; init; }
    /// <summary>False while "not reached" still needs calls: three, on two working days (A9).</summary>
    public required bool CallsMade { get; init; }
    /// <summary>How it ended, when it has.</summary>
    public string? Outcome { get; init; }
    /// <summary>When it ended (UTC).</summary>
    public DateTimeOffset? ClosedAt { get; init; }
    /// <summary>The agent's words about how it ended.</summary>
    public string? ClosingNote { get; init; }
}

/// <summary>
/// Body of <c>POST /internal/desk/tasks/{id}/claim|release</c>. 204, also for a repeat; 404; 409 with code <c>claimed</c> and <c>by</c> (a colleague has it), <c>closed</c> or <c>changed</c>.
/// </summary>
public sealed record DeskTaskMove
{
    /// <summary>The version that was shown.</summary>
    public required int Version { get; init; }
}

/// <summary>Body of <c>POST /internal/desk/tasks/{id}/calls</c>: only by whoever has claimed it. 204, also for a repeat; 404; 409 <c>not-claimed</c>; 400 <c>too-long</c>.</summary>
public sealed record NoteCall
{
    /// <summary>The same for the same call.</summary>
    public required Guid CallId { get; init; }
    /// <summary>What came of it, up to 500 characters.</summary>
    public string? Note { get; init; }
}

/// <summary>
/// Body of <c>POST /internal/desk/tasks/{id}/close</c>: only by whoever has claimed it. 204, also for a repeat; 404; 409 with code <c>not-claimed</c>, <c>claimed</c>, <c>closed</c>, <c>changed</c> or
/// <c>calls-missing</c> (A9); 400 <c>outcome</c> or <c>too-long</c>.
/// </summary>
public sealed record CloseDeskTask
{
    /// <summary>The version that was shown.</summary>
    public required int Version { get; init; }
    /// <summary>One of <see cref="DeskTaskDetails.Outcomes"/>.</summary>
    public required string Outcome { get; init; }
    /// <summary>In the agent's words, up to 500 characters.</summary>
    public string? Note { get; init; }
}

/// <summary>
/// Body of <c>PUT /internal/desk/acts/{actId}</c>: what a member of staff is about to do, and why, written down before it is done. 204, also for a repeat. The service that does it confirms with
/// <see cref="RecordStaffAct"/>.
/// </summary>
public sealed record IntendStaffAct
{
    /// <summary>One of <see cref="StaffActs"/>.</summary>
    public required string Act { get; init; }
    /// <summary>The patient concerned, if any.</summary>
    public Guid? PatientId { get; init; }
    /// <summary>The task that led to it, if any.</summary>
    public Guid? TaskId { get; init; }
    /// <summary>The letter concerned, if any.</summary>
    public Guid? LetterId { get; init; }
    /// <summary>Why, up to 500 characters.</summary>
    public string? Why { get; init; }
}

/// <summary>One line of the audit trail. <c>GET /internal/desk/acts?patient=&amp;task=&amp;before=</c> → the newest 100, newest first; without patient and task for supervisors only (403).</summary>
public sealed record StaffActLine
{
    /// <summary>The act.</summary>
    public required Guid ActId { get; init; }
    /// <summary>Who.</summary>
    public required string By { get; init; }
    /// <summary>What; one of <see cref="StaffActs"/>.</summary>
    public required string Act { get; init; }
    /// <summary>Why.</summary>
    public string? Why { get; init; }
    /// <summary>When (UTC).</summary>
    public required DateTimeOffset At { get; init; }
    /// <summary>False while the owning service has not confirmed it.</summary>
    public required bool Done { get; init; }
    /// <summary>The patient concerned, if any.</summary>
    public Guid? PatientId { get; init; }
    /// <summary>The task concerned, if any.</summary>
    public Guid? TaskId { get; init; }
}
