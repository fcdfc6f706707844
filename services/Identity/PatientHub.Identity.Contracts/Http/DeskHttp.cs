namespace PatientHub.Identity.Contracts.Http;

/// <summary>
/// Body of <c>POST /internal/desk/patients/find</c> (a member of staff's token): by NHS number, or by family name and date of birth. At most 20 <see cref="FoundPatient"/>; 400 with code
/// <c>too-little</c> when neither is complete. Every search is in the audit trail.
/// </summary>
public sealed record FindPatients
{
    /// <summary>The same for the same search.</summary>
    public required Guid ActId { get; init; }
    /// <summary>Ten digits; blanks do not matter.</summary>
    public string? NhsNumber { get; init; }
    /// <summary>Family name, whole, in any case.</summary>
    public string? FamilyName { get; init; }
    /// <summary>Date of birth.</summary>
    public DateOnly? BirthDate { get; init; }
}

/// <summary>A patient who was found.</summary>
public sealed record FoundPatient
{
    /// <summary>The record.</summary>
    public required Guid PatientId { get; init; }
    /// <summary>Full name.</summary>
    public required string FullName { get; init; }
    /// <summary>Date of birth, when it is known.</summary>
    public DateOnly? BirthDate { get; init; }
    /// <summary>Postcode, to tell namesakes apart.</summary>
    public string? Postcode { get; init; }
}

/// <summary>A mobile number or email address as staff read it.</summary>
/// <param name="Value">In full: staff have to phone.</param>
/// <param name="State"><c>used</c>, <c>failed</c> (R14), <c>doubtful</c> (A32), <c>parents</c> (A31: stopped at 16) or <c>not-current</c>.</param>
public sealed record StaffContact(string Value, string State);

/// <summary>
/// A patient as the desk reads him. <c>POST /internal/desk/patients/{id}/read</c> with a <see cref="ReadPatient"/>; 404 for an unknown record. Each reading is in the audit trail. A record that
/// was merged away answers as its survivor.
/// </summary>
public sealed record StaffPatient
{
    /// <summary>The record, or its survivor.</summary>
    public required Guid PatientId { get; init; }
    /// <summary>Full name.</summary>
    public required string FullName { get; init; }
    /// <summary>Date of birth.</summary>
    public DateOnly? BirthDate { get; init; }
    /// <summary>NHS number, <c>999 123 4567</c>; null when there is none that passes its check.</summary>
    public string? NhsNumber { get; init; }
    /// <summary>The record's id in the PAS.</summary>
    public required string SourceId { get; init; }
    /// <summary>Mobiles.</summary>
    public required IReadOnlyList<StaffContact> Mobiles { get; init; }
    /// <summary>Email addresses.</summary>
    public required IReadOnlyList<StaffContact> Emails { get; init; }
    /// <summary>Name and address as on an envelope.</summary>
    public required IReadOnlyList<string> Address { get; init; }
    /// <summary>BCP 47 language.</summary>
    public required string Language { get; init; }
    /// <summary>Under 16: the contacts belong to a parent (A31).</summary>
    public required bool ThroughParent { get; init; }
    /// <summary>Recorded as dead (A24).</summary>
    public required bool Deceased { get; init; }
    /// <summary>Restricted: only the safe route (A24).</summary>
    public required bool Restricted { get; init; }
    /// <summary>Nobody can sign in to the record.</summary>
    public required bool MaySignIn { get; init; }
    /// <summary>Staff have set "letters only" (R9).</summary>
    public required bool LettersOnlyByStaff { get; init; }
    /// <summary>The PAS says "letters only" (R9).</summary>
    public required bool LettersOnlyByPas { get; init; }
    /// <summary>Staff have set "codes by email" (R14).</summary>
    public required bool CodesByEmail { get; init; }
}

/// <summary>Body of <c>POST /internal/desk/patients/{id}/read</c>.</summary>
public sealed record ReadPatient
{
    /// <summary>The same for the same look at the page.</summary>
    public required Guid ActId { get; init; }
}

/// <summary>
/// Body of <c>POST /internal/desk/patients/{id}/acts</c>: <c>letters-only-on|off</c> (R9), <c>codes-by-email-on|off</c> (R14), <c>contacts-confirmed</c> (A32). 204, also for a repeat; 404; 400 for
/// another act. Recorded in the transaction of the act.
/// </summary>
public sealed record ActOnPatient
{
    /// <summary>Of the audit trail's line that says why.</summary>
    public required Guid ActId { get; init; }
    /// <summary>What to do.</summary>
    public required string Act { get; init; }
}

/// <summary>A source whose changes of contacts are refused (A34). <c>GET /internal/desk/feed-stops</c>; <c>POST /internal/desk/feed-stops/{source}/release</c> with a <see cref="ReleaseFeed"/> by a supervisor: 204, or 404.</summary>
public sealed record StoppedFeed
{
    /// <summary>The source system.</summary>
    public required string SourceSystem { get; init; }
    /// <summary>Since when (UTC).</summary>
    public required DateTimeOffset StoppedAt { get; init; }
    /// <summary>Records with changed contacts within the hour before.</summary>
    public required int Changes { get; init; }
}

/// <summary>Body of <c>POST /internal/desk/feed-stops/{source}/release</c>.</summary>
public sealed record ReleaseFeed
{
    /// <summary>Of the audit trail's line that says why.</summary>
    public required Guid ActId { get; init; }
}

/// <summary>What one of two versions of a record says of who it is.</summary>
/// <param name="FullName">Full name.</param>
/// <param name="BirthDate">Date of birth.</param>
/// <param name="NhsNumber">NHS number, <c>999 123 4567</c>.</param>
/// <param name="Postcode">Postcode.</param>
public sealed record RecordIdentity(string FullName, DateOnly? BirthDate, string? NhsNumber, string? Postcode);

/// <summary>
/// A record in quarantine (A30), beside what is known. <c>POST /internal/desk/patients/{id}/quarantine/read</c> with a <see cref="ReadPatient"/>; 404 when nothing waits. Each reading is in the trail.
/// </summary>
public sealed record StaffQuarantine
{
    /// <summary><c>new-nhs-number</c> or <c>new-surname-and-birth-date</c>.</summary>
    public required string Reason { get; init; }
    /// <summary>The task that asks for the decision.</summary>
    public required Guid TaskId { get; init; }
    /// <summary>When it arrived (UTC).</summary>
    public required DateTimeOffset ReceivedAt { get; init; }
    /// <summary>What the hub holds.</summary>
    public required RecordIdentity Known { get; init; }
    /// <summary>What the PAS has sent under the same id.</summary>
    public required RecordIdentity Sent { get; init; }
}

/// <summary>Body of <c>POST /internal/desk/patients/{id}/quarantine/decide</c>: 204; 404 when nothing waits; 409 <c>record-changed</c> when the PAS has sent another version since.</summary>
public sealed record DecideQuarantine
{
    /// <summary>Of the audit trail's line that says why.</summary>
    public required Guid ActId { get; init; }
    /// <summary>The task that was looked at.</summary>
    public required Guid TaskId { get; init; }
    /// <summary>True: the same person, apply what the PAS sent. False: throw it away.</summary>
    public required bool Apply { get; init; }
}
