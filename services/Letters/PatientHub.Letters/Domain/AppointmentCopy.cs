using PatientHub.Appointments.Contracts;

namespace PatientHub.Letters.Domain;

/// <summary>What Letters knows of an appointment: the newest public state that an event brought, and when a letter has to be made for it.</summary>
public sealed class AppointmentCopy
{
    public Guid AppointmentId { get; private set; }
    public Guid PatientId { get; set; }

    /// <summary>Whose enclosures go with the letter; empty for a copy older than enclosures, until its next event.</summary>
    public Guid ClinicId { get; private set; }

    public int Version { get; private set; }
    public int Revision { get; private set; }
    public PasStatus PasStatus { get; private set; }
    public DateTimeOffset Start { get; private set; }
    public ClinicMode ClinicMode { get; private set; }
    public bool Invites { get; private set; }
    public LetterSource LetterSource { get; private set; }
    public DateTimeOffset BookedAt { get; private set; }

    /// <summary>When the template letter has to be made (a lease moves it on while one replica is at it); null when nothing is to be made.</summary>
    public DateTimeOffset? LetterDueAt { get; set; }

    /// <summary>When people were told that this revision's letter is overdue (A29).</summary>
    public DateTimeOffset? AlarmedAt { get; set; }

    public static AppointmentCopy Of(AppointmentState state)
    {
        var copy = new AppointmentCopy { AppointmentId = state.AppointmentId };
        copy.Apply(state);
        return copy;
    }

    public void Apply(AppointmentState state)
    {
        if (state.Revision > Revision) AlarmedAt = null;
        PatientId = state.PatientId;
        ClinicId = state.ClinicId;
        Version = state.Version;
        Revision = state.Revision;
        PasStatus = state.PasStatus;
        Start = state.Start;
        ClinicMode = state.ClinicMode;
        Invites = state.Invites;
        LetterSource = state.LetterSource;
        BookedAt = state.BookedAt;
    }
}
