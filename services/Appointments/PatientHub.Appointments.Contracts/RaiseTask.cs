namespace PatientHub.Appointments.Contracts;

/// <summary>
/// Command, consumed by Appointments: something needs a person. Public name <c>uk.nhs.patienthub.task.raise.v1</c>.
/// Raising the same <see cref="TaskId"/> again changes nothing.
/// </summary>
public sealed record RaiseTask
{
    /// <summary>Chosen by the sender; the same for a repeated cause.</summary>
    public required Guid TaskId { get; init; }

    /// <summary>What has to be done; one of <see cref="TaskCodes"/>.</summary>
    public required string Code { get; init; }

    /// <summary>True when it also alarms operations at once (A24, A29).</summary>
    public bool Alarmed { get; init; }

    /// <summary>The patient concerned, if any.</summary>
    public Guid? PatientId { get; init; }

    /// <summary>The appointment concerned, if any.</summary>
    public Guid? AppointmentId { get; init; }

    /// <summary>The letter concerned, if any.</summary>
    public Guid? LetterId { get; init; }

    /// <summary>A sentence for the agent, without any personal data.</summary>
    public required string Note { get; init; }

    /// <summary>When it arose (UTC).</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>Every reason for a task.</summary>
public static class TaskCodes
{
    /// <summary>Call the patient back about another time (R22).</summary>
    public const string Rebook = "rebook";
    /// <summary>Confirm the patient's cancellation (R23).</summary>
    public const string Cancel = "cancel";
    /// <summary>An appointment names a clinic without settings (R1).</summary>
    public const string UnknownClinic = "unknown-clinic";
    /// <summary>An appointment's patient is still unknown after 15 minutes (A34).</summary>
    public const string UnknownPatient = "unknown-patient";
    /// <summary>Braille, audio, easy read or BSL is needed: never plain print instead (R10).</summary>
    public const string AccessibleFormat = "accessible-format";
    /// <summary>Post would come too late: telephone the patient (A22, A23).</summary>
    public const string TelephonePatient = "telephone-patient";
    /// <summary>Tell by the safe route (A24 restricted, A31 "not to parents").</summary>
    public const string SafeRoute = "safe-route";
    /// <summary>A "deceased" flag was taken back (A24).</summary>
    public const string DeceasedRevoked = "deceased-revoked";
    /// <summary>A restriction, or "not to parents" of a child, was taken back (A24, A31).</summary>
    public const string RestrictionLifted = "restriction-lifted";
    /// <summary>A record has to be looked at: merge, quarantine, other patient on a known appointment (A30, A34).</summary>
    public const string RecordConflict = "record-conflict";
    /// <summary>A document was entered in error or for another subject (A34).</summary>
    public const string PossibleDisclosure = "possible-disclosure";
    /// <summary>Sign-in asked for a User Verification Code: two records match (A14).</summary>
    public const string DuplicateRecords = "duplicate-records";
    /// <summary>A message or letter could not be sent, posted or understood (A29).</summary>
    public const string Undeliverable = "undeliverable";
    /// <summary>A letter cannot be printed as it is (A29).</summary>
    public const string Unprintable = "unprintable";
    /// <summary>The patient says contact details are wrong, or a message reached the wrong person (R29, A32).</summary>
    public const string ContactDoubtful = "contact-doubtful";
}
