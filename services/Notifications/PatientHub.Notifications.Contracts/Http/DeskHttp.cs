namespace PatientHub.Notifications.Contracts.Http;

/// <summary>Body of <c>POST /internal/desk/patients/{id}/history</c> (a member of staff's token). Each reading is in the audit trail.</summary>
public sealed record ReadHistory
{
    /// <summary>The same for the same look at the page.</summary>
    public required Guid ActId { get; init; }
}

/// <summary>What was sent to a patient, and what he prefers.</summary>
public sealed record StaffHistory
{
    /// <summary>Preferences (R28, R30).</summary>
    public required Preferences Preferences { get; init; }
    /// <summary>Messages within 24 months, newest first; never a code.</summary>
    public required IReadOnlyList<StaffMessage> Messages { get; init; }
    /// <summary>What the patient answered to texts within 24 months, newest first.</summary>
    public IReadOnlyList<PatientText> Texts { get; init; } = [];
}

/// <summary>A message, and why it was sent.</summary>
public sealed record StaffMessage
{
    /// <summary>Its kind: <c>Invitation</c>, <c>AppointmentReminder</c>, <c>Moved</c>, <c>Cancelled</c>, <c>NotReached</c>, <c>Posted</c>, or <c>Digest</c> for one message about several things.</summary>
    public required string Kind { get; init; }
    /// <summary>Which of the kind: 0 is an invitation, 1 and 2 its reminders (R6); of an appointment's reminders the days before (A2); of a digest how many things.</summary>
    public required int Step { get; init; }
    /// <summary>Channel.</summary>
    public required Channel Channel { get; init; }
    /// <summary>Subject of an email.</summary>
    public string? Subject { get; init; }
    /// <summary>Word for word; the permanent link's token is replaced by <c>…</c>.</summary>
    public required string Body { get; init; }
    /// <summary>When it was made (UTC).</summary>
    public required DateTimeOffset CreatedAt { get; init; }
    /// <summary>Each request to a provider, oldest first.</summary>
    public required IReadOnlyList<StaffAttempt> Attempts { get; init; }
    /// <summary>Why it was not sent after all, when it was not.</summary>
    public string? NotSentBecause { get; init; }
}

/// <summary>One request to a provider.</summary>
/// <param name="At">When it began (UTC).</param>
/// <param name="State"><c>Intent</c>, <c>Unclear</c>, <c>Accepted</c>, <c>Delivered</c>, <c>Failed</c> or <c>NotAccepted</c>.</param>
/// <param name="EndedAt">When its fate was known (UTC).</param>
/// <param name="ErrorCode">The provider's own code.</param>
public sealed record StaffAttempt(DateTimeOffset At, string State, DateTimeOffset? EndedAt, string? ErrorCode);

/// <summary>Body of <c>POST /internal/desk/patients/{id}/opted-out</c> (R30): 204, also for a repeat. Recorded in the transaction of the act.</summary>
public sealed record OptPatient
{
    /// <summary>Of the audit trail's line that says why.</summary>
    public required Guid ActId { get; init; }
    /// <summary>True: out. False: in again.</summary>
    public required bool OptedOut { get; init; }
}
