namespace PatientHub.Appointments.Contracts;

/// <summary>
/// Command, consumed by Appointments, which keeps the desk's audit trail: a member of staff has done or read something, told in the transaction of the act. Public name
/// <c>uk.nhs.patienthub.staff.act.record.v1</c>. The same <see cref="ActId"/> again changes nothing. The reason in the agent's words never travels: it was written to the trail before.
/// </summary>
public sealed record RecordStaffAct
{
    /// <summary>Chosen at the desk; the trail's line about the intention has the same.</summary>
    public required Guid ActId { get; init; }

    /// <summary>What was done; one of <see cref="StaffActs"/>.</summary>
    public required string Act { get; init; }

    /// <summary>The hospital's own id of the person.</summary>
    public required string StaffId { get; init; }

    /// <summary>The patient concerned, if any.</summary>
    public Guid? PatientId { get; init; }

    /// <summary>The letter concerned, if any.</summary>
    public Guid? LetterId { get; init; }

    /// <summary>When it was committed (UTC).</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>What staff can do, as the audit trail names it.</summary>
public static class StaffActs
{
    /// <summary>Signed in at the desk.</summary>
    public const string SignedIn = "signed-in";
    /// <summary>Claimed a task.</summary>
    public const string TaskClaimed = "task-claimed";
    /// <summary>Gave a task back.</summary>
    public const string TaskReleased = "task-released";
    /// <summary>Closed a task.</summary>
    public const string TaskClosed = "task-closed";
    /// <summary>Noted a call to the patient (A9).</summary>
    public const string CallNoted = "call-noted";
    /// <summary>Looked for a patient.</summary>
    public const string PatientSearched = "patient-searched";
    /// <summary>Read name, date of birth and contacts.</summary>
    public const string PatientRead = "patient-read";
    /// <summary>Read what was sent and posted.</summary>
    public const string HistoryRead = "history-read";
    /// <summary>Opted the patient out (R30).</summary>
    public const string OptOut = "opt-out";
    /// <summary>Opted the patient in again (R30).</summary>
    public const string OptIn = "opt-in";
    /// <summary>Had a letter posted now (A17).</summary>
    public const string PostNow = "post-now";
    /// <summary>Set "letters only" (R9).</summary>
    public const string LettersOnlyOn = "letters-only-on";
    /// <summary>Took "letters only" back (R9).</summary>
    public const string LettersOnlyOff = "letters-only-off";
    /// <summary>Set "codes by email" (R14).</summary>
    public const string CodesByEmailOn = "codes-by-email-on";
    /// <summary>Took "codes by email" back (R14).</summary>
    public const string CodesByEmailOff = "codes-by-email-off";
    /// <summary>Confirmed the contacts (A32).</summary>
    public const string ContactsConfirmed = "contacts-confirmed";
    /// <summary>Applied or threw away a quarantined record (A30).</summary>
    public const string RecordApplied = "record-applied";
    /// <summary>Threw a quarantined record away (A30).</summary>
    public const string RecordRejected = "record-rejected";
    /// <summary>Let a stopped feed change contacts again (A34).</summary>
    public const string FeedReleased = "feed-released";
}
