namespace PatientHub.PostalFallback.Contracts.Http;

/// <summary>One promise of a letter as staff read it. <c>GET /internal/desk/patients/{id}/post</c> (a member of staff's token) → the newest 100, newest first.</summary>
public sealed record StaffPostLine
{
    /// <summary>The letter; null while none is ready.</summary>
    public Guid? LetterId { get; init; }
    /// <summary>Its version.</summary>
    public int? LetterVersion { get; init; }
    /// <summary>Start of the appointment (UTC), if it belongs to one.</summary>
    public DateTimeOffset? Start { get; init; }
    /// <summary><c>Waiting</c>, <c>Suspended</c>, <c>Printing</c>, <c>Posted</c>, <c>Opened</c>, <c>Superseded</c>, <c>Withdrawn</c> or <c>HandedToPeople</c>.</summary>
    public required string State { get; init; }
    /// <summary>Why it is due when it is: <c>Booking</c>, <c>Invitation</c>, <c>LastSafePosting</c>, <c>NoContact</c>, <c>OptedOut</c>, <c>AlsoPost</c>, <c>Undeliverable</c>, <c>SignInFailed</c>, <c>Requested</c>, <c>NotForMe</c>, <c>Notice</c> or <c>PrintAgain</c>.</summary>
    public required string Reason { get; init; }
    /// <summary>When it is due (UTC).</summary>
    public required DateTimeOffset DueAt { get; init; }
    /// <summary>When it was handed over (UTC), if it was.</summary>
    public DateTimeOffset? PostedAt { get; init; }
    /// <summary>When it was promised (UTC).</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>
/// Body of <c>POST /internal/desk/patients/{id}/letters/{letterId}/post</c> (A17): answers as a patient's own request does, with a <see cref="PostStanding"/>. Recorded in the transaction of the act.
/// </summary>
public sealed record PostLetterNow
{
    /// <summary>Of the audit trail's line that says why.</summary>
    public required Guid ActId { get; init; }
}
