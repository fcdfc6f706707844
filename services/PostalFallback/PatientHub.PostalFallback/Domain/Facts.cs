using PatientHub.Appointments.Contracts;
using PatientHub.Letters.Contracts;

namespace PatientHub.PostalFallback.Domain;

/// <summary>What this service knows of a patient: flags from events, never a name or address. A row exists from the first event that names the patient.</summary>
public sealed class PatientFacts(Guid patientId)
{
    public Guid PatientId { get; private set; } = patientId;

    /// <summary>Version of Identity's record; 0 while Identity has not spoken.</summary>
    public int Version { get; private set; }
    public bool HasContact { get; private set; } = true;
    public bool LettersOnly { get; private set; }

    /// <summary>Deceased, restricted or inactive (A24).</summary>
    public bool MayNotBeWrittenTo { get; private set; }
    public bool NeedsAccessibleFormat { get; private set; }
    public bool OptedOut { get; private set; }
    public DateTimeOffset? OptedAt { get; private set; }
    public bool AlsoPost { get; private set; }
    public DateTimeOffset? PreferencesAt { get; private set; }

    /// <summary>Takes a newer state of the record; an older one changes nothing.</summary>
    public bool Take(int version, bool hasContact, bool lettersOnly, bool mayNotBeWrittenTo, bool needsAccessibleFormat)
    {
        if (version <= Version)
            return false;
        (Version, HasContact, LettersOnly, MayNotBeWrittenTo, NeedsAccessibleFormat) = (version, hasContact, lettersOnly, mayNotBeWrittenTo, needsAccessibleFormat);
        return true;
    }

    /// <summary>R30: the later of two answers counts, in whatever order they arrive.</summary>
    public void Opt(bool @out, DateTimeOffset at)
    {
        if (OptedAt < at || OptedAt is null)
            (OptedOut, OptedAt) = (@out, at);
    }

    public void Prefer(bool alsoPost, DateTimeOffset at)
    {
        if (PreferencesAt < at || PreferencesAt is null)
            (AlsoPost, PreferencesAt) = (alsoPost, at);
    }
}

/// <summary>The newest public state of an appointment that was heard of.</summary>
public sealed class AppointmentFacts
{
    public required Guid AppointmentId { get; init; }
    public Guid PatientId { get; set; }
    public int Version { get; private set; }
    public int Revision { get; private set; }
    public PasStatus PasStatus { get; private set; }
    public DateTimeOffset Start { get; private set; }
    public bool Invites { get; private set; }
    public bool RequestOpen { get; private set; }
    public int PostalNoticeDays { get; private set; }
    public DateTimeOffset BookedAt { get; private set; }

    /// <summary>Takes a newer state; an older one (late, twice, overtaken) changes nothing.</summary>
    public bool Take(AppointmentState state)
    {
        if (state.Version <= Version)
            return false;
        (PatientId, Version, Revision, PasStatus, Start) = (state.PatientId, state.Version, state.Revision, state.PasStatus, state.Start);
        (Invites, RequestOpen, PostalNoticeDays, BookedAt) = (state.Invites, state.RequestOpen, state.PostalNoticeDays, state.BookedAt);
        return true;
    }
}

/// <summary>The newest version of a letter that was heard of, and what happened to it, in whatever order the events came.</summary>
public sealed class LetterFacts
{
    public required Guid LetterId { get; init; }
    public Guid PatientId { get; set; }
    public Guid? AppointmentId { get; private set; }
    public int? Revision { get; private set; }

    /// <summary>Newest version that is ready; 0 while only something else was heard of this letter.</summary>
    public int Version { get; private set; }
    public bool Ladder { get; private set; }

    /// <summary>How it is posted without a ladder (A9, A23, A31), and the appointment that it tells of.</summary>
    public PostRule? Post { get; private set; }
    public Guid? AboutAppointmentId { get; private set; }
    public int? AboutRevision { get; private set; }
    public DateTimeOffset? ReadyAt { get; private set; }
    public bool Withdrawn { get; private set; }
    public int OpenedVersion { get; private set; }
    public int InvitedVersion { get; private set; }
    public DateTimeOffset? InvitedAt { get; private set; }
    public DateTimeOffset? UndeliverableAt { get; private set; }

    public bool IsOpened => Version > 0 && OpenedVersion == Version;

    /// <summary>T0 of the current version (A1), if it was invited to.</summary>
    public DateTimeOffset? Invited => InvitedVersion == Version ? InvitedAt : null;

    public bool Take(LetterReady ready)
    {
        if (ready.LetterVersion <= Version)
            return false;
        if (Version > 0) // a failure told of an older version is not this one's
            UndeliverableAt = null;
        // A30: a version may be another patient's than the one before, after a merge that was taken back.
        (PatientId, Version, AppointmentId, Revision, Ladder, ReadyAt, Withdrawn) = (ready.PatientId, ready.LetterVersion, ready.AppointmentId, ready.Revision, ready.Ladder, ready.OccurredAt, false);
        (Post, AboutAppointmentId, AboutRevision) = (ready.Post, ready.AboutAppointmentId, ready.AboutRevision);
        return true;
    }

    public void Withdraw(int version)
    {
        if (version >= Version)
            Withdrawn = true;
    }

    public void Open(int version) => OpenedVersion = Math.Max(OpenedVersion, version);

    /// <summary>Only the first invitation of a version counts (A1).</summary>
    public void Invite(int version, DateTimeOffset at)
    {
        if (version > InvitedVersion)
            (InvitedVersion, InvitedAt) = (version, at);
    }

    public void Undeliverable(DateTimeOffset at) => UndeliverableAt ??= at;
}

/// <summary>Whether a message told the patient that an appointment's revision is cancelled (A23), in whatever order that is heard.</summary>
public sealed class CancellationNews(Guid appointmentId, int revision)
{
    public Guid AppointmentId { get; private set; } = appointmentId;
    public int Revision { get; private set; } = revision;

    /// <summary>A message about it was delivered.</summary>
    public DateTimeOffset? ToldAt { get; private set; }

    /// <summary>No message can tell of it.</summary>
    public DateTimeOffset? UntoldAt { get; private set; }

    public void Tell(DateTimeOffset at) => ToldAt ??= at;

    public void Fail(DateTimeOffset at) => UntoldAt ??= at;
}
