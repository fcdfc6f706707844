namespace PatientHub.Notifications.Contracts.Http;

/// <summary>A message that was sent to the patient; never a code. <c>GET /api/me/messages</c> → a list, newest first, within 24 months.</summary>
public sealed record MyMessage
{
    /// <summary>The message.</summary>
    public required Guid MessageId { get; init; }
    /// <summary>Channel.</summary>
    public required Channel Channel { get; init; }
    /// <summary>Subject of an email; null for a text.</summary>
    public string? Subject { get; init; }
    /// <summary>Word for word; the permanent link's token is replaced by <c>…</c>.</summary>
    public required string Body { get; init; }
    /// <summary>When the provider took it, UTC; null while it waits.</summary>
    public DateTimeOffset? SentAt { get; init; }
    /// <summary><c>waiting</c>, <c>sent</c>, <c>delivered</c> or <c>failed</c>.</summary>
    public required string Status { get; init; }
    /// <summary>What came in place of a message that failed: <c>sms</c> or <c>email</c> (it was sent there), <c>posted</c> (its letter went by post); null: nothing yet.</summary>
    public string? Instead { get; init; }
    /// <summary>BCP 47 language of its words.</summary>
    public string Language { get; init; } = "en";
}

/// <summary><c>GET</c> and <c>PUT /api/me/preferences</c> (R28, R30, A17). PUT answers 204; 400 for a channel that is not on record.</summary>
public sealed record Preferences
{
    /// <summary>Preferred channel; null for the default.</summary>
    public Channel? PreferredChannel { get; init; }
    /// <summary>Every letter also by post.</summary>
    public bool AlsoPost { get; init; }
    /// <summary>Opted out of notifications and reminders.</summary>
    public bool OptedOut { get; init; }
}

/// <summary>A patient's answer to one of our texts. <c>GET /api/patients/{patientId}/texts</c> (scope <c>trust.admin</c>): newest first, 100 at most.</summary>
public sealed record PatientText
{
    /// <summary>When it came (UTC).</summary>
    public required DateTimeOffset ReceivedAt { get; init; }
    /// <summary>Word for word.</summary>
    public required string Body { get; init; }
    /// <summary>An answer was sent that says where to phone; at most one a day.</summary>
    public required bool Answered { get; init; }
}
