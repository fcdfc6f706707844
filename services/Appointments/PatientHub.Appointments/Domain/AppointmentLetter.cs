namespace PatientHub.Appointments.Domain;

/// <summary>
/// What this service has heard of an appointment's current letter. A row of its own: hearing that a letter was opened must not make the answer, which the patient
/// gives on that very page, look like a conflict.
/// </summary>
public sealed class AppointmentLetter
{
    private AppointmentLetter()
    {
    }

    public AppointmentLetter(Guid appointmentId) => AppointmentId = appointmentId;

    public Guid AppointmentId { get; private set; }
    public Guid? LetterId { get; private set; }
    public int? LetterVersion { get; private set; }

    /// <summary>The appointment's revision it was made for; null when the PAS's letter does not say.</summary>
    public int? Revision { get; private set; }

    public DateTimeOffset? OpenedAt { get; private set; }
    public DateTimeOffset? PostDueAt { get; private set; }
    public int? PostRevision { get; private set; }
    public DateTimeOffset? PostHeardAt { get; private set; }
    public DateTimeOffset? PostedAt { get; private set; }

    /// <summary>A letter for an older revision is not this appointment's letter any more (A15).</summary>
    public bool IsFor(Appointment appointment) => LetterId is not null && (Revision is null || Revision == appointment.Revision);

    public void Ready(Guid letterId, int version, int? revision)
    {
        // Events come in any order: an older version or revision never replaces a newer one.
        if (revision < Revision || (LetterId == letterId && version <= LetterVersion)) return;
        (LetterId, LetterVersion, Revision) = (letterId, version, revision);
        (OpenedAt, PostedAt) = (null, null);
    }

    public void Opened(Guid letterId, int version, int? revision, DateTimeOffset at)
    {
        Ready(letterId, version, revision);
        if (LetterId == letterId && LetterVersion == version) OpenedAt ??= at;
    }

    public void PostScheduled(DateTimeOffset? dueAt, int? revision, DateTimeOffset heardAt)
    {
        if (heardAt < PostHeardAt) return;
        (PostDueAt, PostRevision, PostHeardAt) = (dueAt, revision, heardAt);
    }

    public DateTimeOffset? PostDueFor(Appointment appointment) => PostRevision is null || PostRevision == appointment.Revision ? PostDueAt : null;

    public void Posted(Guid letterId, int version, int? revision, DateTimeOffset at)
    {
        Ready(letterId, version, revision);
        if (LetterId == letterId && LetterVersion == version) PostedAt ??= at;
    }
}
