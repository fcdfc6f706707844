namespace PatientHub.Appointments.Domain;

/// <summary>
/// One line of the desk's audit trail: who, when, what, why. Rows are only added; the one thing that comes later is <see cref="DoneAt"/>, when the service that owns what was
/// changed says in its own transaction that it was done.
/// </summary>
public sealed class StaffAct(Guid id, string staffId, string act, DateTimeOffset at)
{
    public Guid Id { get; private set; } = id;
    public string StaffId { get; private set; } = staffId;
    public string? StaffName { get; set; }

    /// <summary>One of <see cref="Contracts.StaffActs"/>.</summary>
    public string Act { get; private set; } = act;
    public Guid? PatientId { get; init; }
    public Guid? TaskId { get; init; }
    public Guid? LetterId { get; init; }

    /// <summary>In the words of the member of staff.</summary>
    public string? Why { get; set; }

    public DateTimeOffset At { get; private set; } = at;

    /// <summary>Null while it is only intended, or failed.</summary>
    public DateTimeOffset? DoneAt { get; set; }
}

/// <summary>One call to the patient (A9).</summary>
public sealed class TaskCall(Guid id, Guid taskId, string staffName, string? note, DateTimeOffset at)
{
    public Guid Id { get; private set; } = id;
    public Guid TaskId { get; private set; } = taskId;
    public string StaffName { get; private set; } = staffName;
    public string? Note { get; private set; } = note;
    public DateTimeOffset At { get; private set; } = at;
}
