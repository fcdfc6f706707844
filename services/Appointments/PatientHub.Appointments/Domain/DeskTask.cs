using PatientHub.Calendar;

namespace PatientHub.Appointments.Domain;

public enum DeskTaskStatus
{
    /// <summary>Waits for someone.</summary>
    Requested,

    /// <summary>An agent has claimed it.</summary>
    InProgress,

    /// <summary>Closed with an outcome.</summary>
    Completed,

    /// <summary>Withdrawn by the patient before anyone claimed it (A10).</summary>
    Cancelled,
}

/// <summary>How a task ended (A9).</summary>
public enum TaskOutcome
{
    /// <summary>As asked.</summary>
    Done,

    /// <summary>The patient keeps the appointment.</summary>
    Kept,

    /// <summary>Three tries on two working days without an answer.</summary>
    NotReached,

    /// <summary>Nothing had to be done.</summary>
    NotNeeded,
}

/// <summary>Something a person has to do: a patient's request, or whatever the system cannot decide alone.</summary>
public sealed class DeskTask
{
    /// <summary>A9: the booking centre tries on two working days.</summary>
    public const int CallBackWorkingDays = 2;

    private DeskTask()
    {
    }

    public DeskTask(Guid id, string code, Guid? patientId, string note, DateTimeOffset raisedAt)
    {
        (Id, Code, PatientId, Note, RaisedAt, Version) = (id, code, patientId, note, raisedAt, 1);
        CallBackBy = WorkingDays.Add(LondonTime.DateOf(raisedAt), CallBackWorkingDays);
    }

    public Guid Id { get; private set; }
    public string Code { get; private set; } = "";
    public DeskTaskStatus Status { get; private set; }
    public bool Alarmed { get; init; }
    public Guid? PatientId { get; private set; }
    public Guid? AppointmentId { get; init; }
    public Guid? LetterId { get; init; }
    public string Note { get; private set; } = "";

    /// <summary>The patient's own words, for the agent alone: never in an event, a log or a message.</summary>
    public string? UnsuitableTimes { get; init; }
    public string? HowToReach { get; init; }
    public string? Reason { get; init; }

    public DateTimeOffset RaisedAt { get; private set; }
    public DateOnly CallBackBy { get; private set; }
    public string? ClaimedBy { get; private set; }

    /// <summary>As colleagues read it; null when a machine holds the task.</summary>
    public string? ClaimedByName { get; private set; }
    public DateTimeOffset? ClaimedAt { get; private set; }
    public TaskOutcome? Outcome { get; private set; }
    public DateTimeOffset? ClosedAt { get; private set; }

    /// <summary>The agent's words about how it ended.</summary>
    public string? ClosingNote { get; private set; }

    /// <summary>When it became overdue (<see cref="TaskOverdue"/>) while nobody had claimed it: alarmed once.</summary>
    public DateTimeOffset? OverdueAt { get; private set; }

    public int Version { get; private set; }

    public bool IsOpen => Status is DeskTaskStatus.Requested or DeskTaskStatus.InProgress;

    /// <summary>A10: whoever claims it first has it, until he releases or closes it; for everybody else it is locked. True when it is <paramref name="by"/>'s.</summary>
    public bool Claim(string by, DateTimeOffset now, string? name = null)
    {
        if (!IsOpen) return false;
        if (Status == DeskTaskStatus.InProgress) return ClaimedBy == by;
        (Status, ClaimedBy, ClaimedByName, ClaimedAt) = (DeskTaskStatus.InProgress, by, name, now);
        Version++;
        return true;
    }

    /// <summary>Gives it back to all. A supervisor may do so with another's task.</summary>
    public bool Release(string by, bool supervisor)
    {
        if (Status != DeskTaskStatus.InProgress) return Status == DeskTaskStatus.Requested;
        if (ClaimedBy != by && !supervisor) return false;
        (Status, ClaimedBy, ClaimedByName, ClaimedAt) = (DeskTaskStatus.Requested, null, null, null);
        Version++;
        return true;
    }

    /// <summary>False when it is closed with another outcome, or another has it.</summary>
    public bool Close(TaskOutcome outcome, string by, DateTimeOffset now, string? note = null)
    {
        if (!IsOpen) return Status == DeskTaskStatus.Completed && Outcome == outcome;
        if (Status == DeskTaskStatus.InProgress && ClaimedBy != by) return false;
        ClaimedBy ??= by;
        (Status, Outcome, ClosedAt, ClosingNote) = (DeskTaskStatus.Completed, outcome, now, note);
        Version++;
        return true;
    }

    /// <summary>Nobody has claimed it in time. The patient's own page does not change by it, so neither does the version.</summary>
    public void BecomeOverdue(DateTimeOffset now) => OverdueAt ??= now;

    public void Withdraw(DateTimeOffset now)
    {
        (Status, ClosedAt) = (DeskTaskStatus.Cancelled, now);
        Version++;
    }

    /// <summary>A30: whose it was before the first merge.</summary>
    public Guid? MergedFrom { get; private set; }

    public void BelongsTo(Guid patientId)
    {
        MergedFrom ??= PatientId;
        PatientId = patientId;
        Version++;
    }

    /// <summary>A30: the merge was taken back.</summary>
    public void GoesBack()
    {
        if (MergedFrom is not { } own) return;
        (PatientId, MergedFrom) = (own, null);
        Version++;
    }
}
