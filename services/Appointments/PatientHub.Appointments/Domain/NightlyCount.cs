namespace PatientHub.Appointments.Domain;

/// <summary>
/// One night's count (checklist 128): everything that was ever fed has come to exactly one end or is open. The row is the claim too: one process counts, and another takes over when it dies.
/// </summary>
public sealed class NightlyCount
{
    /// <summary>London's date.</summary>
    public DateOnly Night { get; private set; }
    public DateTimeOffset BegunAt { get; private set; }

    /// <summary>Until then its process is believed to live.</summary>
    public DateTimeOffset LeaseUntil { get; private set; }

    /// <summary>Null while it is being counted.</summary>
    public DateTimeOffset? EndedAt { get; private set; }
    public long Fed { get; private set; }

    /// <summary>How many had no end, or were not known everywhere as they stand: must be 0.</summary>
    public long Difference { get; private set; }

    /// <summary>By clinic's id: how many came to which end, and <c>difference</c>.</summary>
    public string? Counts { get; private set; }
}

/// <summary>Where an appointment that was fed has come to. Each is counted once, as the first of these that is true.</summary>
public enum AppointmentEnd
{
    /// <summary>Its clinic or the appointment itself is not told by the hub (R1, A31).</summary>
    NotPromised,
    /// <summary>The hospital cancelled or completed it.</summary>
    EndedByHospital,
    /// <summary>The patient has answered.</summary>
    Answered,
    /// <summary>Somebody has, or had, a task about it.</summary>
    WithPeople,
    /// <summary>The letter was posted.</summary>
    Posted,
    /// <summary>The patient has opened the letter.</summary>
    Opened,
    /// <summary>A provider has taken the invitation; its letter waits for its time.</summary>
    Invited,
    /// <summary>Nothing may be sent to this patient (A24).</summary>
    Stopped,
    /// <summary>Its time has not come.</summary>
    Open,
    /// <summary>It is over, and was counted while it was ahead.</summary>
    Past,
    /// <summary>Promised, and nobody does anything about it.</summary>
    Lost,
}
