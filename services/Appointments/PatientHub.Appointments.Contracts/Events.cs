namespace PatientHub.Appointments.Contracts;

/// <summary>A booked appointment was taken in for the first time (R2). Public name <c>uk.nhs.patienthub.appointment.booked.v1</c>.</summary>
public sealed record AppointmentBooked
{
    /// <summary>The appointment after the event.</summary>
    public required AppointmentState Appointment { get; init; }

    /// <summary>When it was committed (UTC, database time).</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>
/// The PAS or the trust changed something. <see cref="RevisionRaised"/> says whether it is a change in the sense of A15 (the journey restarts);
/// otherwise only the state is newer. Public name <c>uk.nhs.patienthub.appointment.changed.v1</c>.
/// </summary>
public sealed record AppointmentChanged
{
    /// <summary>The appointment after the event.</summary>
    public required AppointmentState Appointment { get; init; }

    /// <summary>True when start, place, medium, clinic or preparation are new (A15).</summary>
    public required bool RevisionRaised { get; init; }

    /// <summary>The start before the event when the time moved; else null.</summary>
    public DateTimeOffset? PreviousStart { get; init; }

    /// <summary>When it was committed (UTC, database time).</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>The hospital cancelled the appointment (A23). Public name <c>uk.nhs.patienthub.appointment.cancelled.v1</c>.</summary>
public sealed record AppointmentCancelledByHospital
{
    /// <summary>The appointment after the event.</summary>
    public required AppointmentState Appointment { get; init; }

    /// <summary>True when the patient had asked for it (the request is closed by this).</summary>
    public required bool AskedByPatient { get; init; }

    /// <summary>When it was committed (UTC, database time).</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>Attended, not attended, or entered in error: nothing is sent any more. Public name <c>uk.nhs.patienthub.appointment.completed.v1</c>.</summary>
public sealed record AppointmentCompleted
{
    /// <summary>The appointment after the event.</summary>
    public required AppointmentState Appointment { get; init; }

    /// <summary>When it was committed (UTC, database time).</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>The patient accepted (R19, A21). Public name <c>uk.nhs.patienthub.appointment.accepted.v1</c>.</summary>
public sealed record AppointmentAccepted
{
    /// <summary>The appointment after the event.</summary>
    public required AppointmentState Appointment { get; init; }

    /// <summary>When it was committed (UTC, database time).</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>The patient asked for another time (R22). Public name <c>uk.nhs.patienthub.appointment.rebook-requested.v1</c>.</summary>
public sealed record RebookRequested
{
    /// <summary>The appointment after the event.</summary>
    public required AppointmentState Appointment { get; init; }

    /// <summary>The booking centre's task.</summary>
    public required Guid TaskId { get; init; }

    /// <summary>When it was committed (UTC, database time).</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>The patient asked to cancel (R23). Public name <c>uk.nhs.patienthub.appointment.cancellation-requested.v1</c>.</summary>
public sealed record CancellationRequested
{
    /// <summary>The appointment after the event.</summary>
    public required AppointmentState Appointment { get; init; }

    /// <summary>The booking centre's task.</summary>
    public required Guid TaskId { get; init; }

    /// <summary>When it was committed (UTC, database time).</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>The patient withdrew a rebook or cancel request (A10). Public name <c>uk.nhs.patienthub.appointment.request-withdrawn.v1</c>.</summary>
public sealed record RequestWithdrawn
{
    /// <summary>The appointment after the event.</summary>
    public required AppointmentState Appointment { get; init; }

    /// <summary>When it was committed (UTC, database time).</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>An agent closed a task (A9). Public name <c>uk.nhs.patienthub.task.closed.v1</c>.</summary>
public sealed record TaskClosed
{
    /// <summary>The task.</summary>
    public required Guid TaskId { get; init; }

    /// <summary>Why it existed; one of <see cref="TaskCodes"/>.</summary>
    public required string Code { get; init; }

    /// <summary>How it ended: <c>done</c>, <c>kept</c>, <c>not-reached</c> or <c>not-needed</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>The appointment after the event, when the task belongs to one.</summary>
    public AppointmentState? Appointment { get; init; }

    /// <summary>When it was committed (UTC, database time).</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}
