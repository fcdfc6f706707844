namespace PatientHub.Identity.Contracts;

/// <summary>What may be sent to a patient, as flags without any personal data. Every patient event carries it whole.</summary>
public sealed record PatientState
{
    /// <summary>Derived from source system and source id.</summary>
    public required Guid PatientId { get; init; }
    /// <summary>True when a mobile is on record to which notifications may go (R11, A32).</summary>
    public required bool HasMobile { get; init; }
    /// <summary>True when an email address is on record to which notifications may go (R11, A32).</summary>
    public required bool HasEmail { get; init; }
    /// <summary>Everything goes by post: PAS preference, staff, or the "no portal" flag (R9, A24).</summary>
    public required bool LettersOnly { get; init; }
    /// <summary>Deceased: nothing is sent or printed (A24).</summary>
    public required bool Deceased { get; init; }
    /// <summary>Restricted (<c>meta.security</c> R or V): nothing is sent or printed (A24).</summary>
    public required bool Restricted { get; init; }
    /// <summary>Braille, audio, easy read or BSL: a task instead of plain print (R10).</summary>
    public required bool NeedsAccessibleFormat { get; init; }
    /// <summary>False when the record was made inactive or merged away.</summary>
    public required bool Active { get; init; }
    /// <summary>Rises with every change of the record; first is 1.</summary>
    public required int Version { get; init; }
}

/// <summary>A patient became known. Public name <c>uk.nhs.patienthub.patient.registered.v1</c>.</summary>
public sealed record PatientRegistered
{
    /// <summary>The patient after the event.</summary>
    public required PatientState Patient { get; init; }
    /// <summary>When it was committed (UTC, database time).</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>Anything of the record changed; flags say what matters to senders. Public name <c>uk.nhs.patienthub.patient.details-changed.v1</c>.</summary>
public sealed record PatientDetailsChanged
{
    /// <summary>The patient after the event.</summary>
    public required PatientState Patient { get; init; }
    /// <summary>True when a mobile or email was added, removed or replaced, or stops because it is a parent's (A31).</summary>
    public required bool ContactsChanged { get; init; }
    /// <summary>True when the postal address changed.</summary>
    public required bool AddressChanged { get; init; }
    /// <summary>When it was committed (UTC, database time).</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>Two records became one (A30): everything of <see cref="FromPatientId"/> belongs to <see cref="ToPatientId"/>. Public name <c>uk.nhs.patienthub.patient.merged.v1</c>.</summary>
public sealed record PatientMerged
{
    /// <summary>The record that was replaced.</summary>
    public required Guid FromPatientId { get; init; }
    /// <summary>The survivor.</summary>
    public required Guid ToPatientId { get; init; }
    /// <summary>When it was committed (UTC, database time).</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>
/// A merge was taken back (A30): <see cref="PatientId"/> stands for itself again. What came with it goes back, as far as it is known whose it was. Public name
/// <c>uk.nhs.patienthub.patient.unmerged.v1</c>.
/// </summary>
public sealed record PatientUnmerged
{
    /// <summary>The record that stands for itself again.</summary>
    public required Guid PatientId { get; init; }
    /// <summary>The record that it had been merged into.</summary>
    public required Guid FromPatientId { get; init; }
    /// <summary>When it was committed (UTC, database time).</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>Signed in with a proven code; stops nothing (A3). Public name <c>uk.nhs.patienthub.patient.signed-in.v1</c>.</summary>
public sealed record PatientSignedIn
{
    /// <summary>The patient.</summary>
    public required Guid PatientId { get; init; }
    /// <summary>The session.</summary>
    public required Guid SessionId { get; init; }
    /// <summary>When (UTC).</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>Three sign-ins of a known pair failed: pending letters go now (A33). Public name <c>uk.nhs.patienthub.sign-in.repeatedly-failed.v1</c>.</summary>
public sealed record SignInRepeatedlyFailed
{
    /// <summary>The patient.</summary>
    public required Guid PatientId { get; init; }
    /// <summary>When (UTC).</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>Somebody says that messages for this patient reach the wrong person: pending letters go now (A32). Public name <c>uk.nhs.patienthub.contact.doubted.v1</c>.</summary>
public sealed record ContactDoubted
{
    /// <summary>The patient.</summary>
    public required Guid PatientId { get; init; }
    /// <summary>When it was committed (UTC, database time).</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>
/// The patient will soon be 16, and the contacts on record, a parent's until the young person's own come, stop then (A31): parent and young person are told. Once for each date of birth.
/// Public name <c>uk.nhs.patienthub.contacts.end-announced.v1</c>.
/// </summary>
public sealed record ContactsEndAnnounced
{
    /// <summary>The patient.</summary>
    public required Guid PatientId { get; init; }
    /// <summary>The record's version at that time: the same announcement has the same.</summary>
    public required int Version { get; init; }
    /// <summary>When it was committed (UTC, database time).</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>
/// The patient is 16, and contacts on record that were a parent's are not used any more (A31): the young person is written to. Once for each date of birth.
/// Public name <c>uk.nhs.patienthub.contacts.ended.v1</c>.
/// </summary>
public sealed record ContactsEnded
{
    /// <summary>The patient.</summary>
    public required Guid PatientId { get; init; }
    /// <summary>The record's version at that time: the same news has the same.</summary>
    public required int Version { get; init; }
    /// <summary>When it was committed (UTC, database time).</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>All sessions of a patient that began before <see cref="OccurredAt"/> end. Public name <c>uk.nhs.patienthub.sessions.ended.v1</c>.</summary>
public sealed record SessionsEnded
{
    /// <summary>The patient.</summary>
    public required Guid PatientId { get; init; }
    /// <summary>One session only, or null for all of the patient.</summary>
    public Guid? SessionId { get; init; }
    /// <summary>When (UTC).</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}
