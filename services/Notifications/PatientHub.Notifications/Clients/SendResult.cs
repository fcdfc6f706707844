namespace PatientHub.Notifications.Clients;

/// <summary>What became of one request to a provider.</summary>
internal enum SendOutcome
{
    /// <summary>The provider has it.</summary>
    Accepted,

    /// <summary>Refused: another try would be refused again.</summary>
    RefusedForGood,

    /// <summary>Surely not taken: throttled, not reached, or not let in. Another try is safe.</summary>
    NotAccepted,

    /// <summary>The request left and no usable answer came. Another try could be a second message.</summary>
    Unclear,
}

/// <param name="ContactFailed">Refused because of the number or address itself.</param>
/// <param name="RetryAfter">How long the provider asked us to wait.</param>
internal sealed record SendResult(SendOutcome Outcome, string? ProviderId = null, string? ErrorCode = null, bool ContactFailed = false, TimeSpan? RetryAfter = null)
{
    private const string LaneClosedCode = "lane-closed";

    /// <summary>True when the provider itself is in trouble: counts for the circuit breaker.</summary>
    public bool IsOutage => Outcome == SendOutcome.Unclear || (Outcome == SendOutcome.NotAccepted && this != Stale);

    /// <summary>Our own lane was closed: the provider was not asked.</summary>
    public static SendResult LaneClosed(TimeSpan pause) => new(SendOutcome.NotAccepted, ErrorCode: LaneClosedCode, RetryAfter: pause);

    public bool IsLaneClosed => ErrorCode == LaneClosedCode;

    /// <summary>It waited too long in our own queue: its last look is old, and whoever finds out about unclear attempts may be at it already.</summary>
    public static readonly SendResult Stale = new(SendOutcome.NotAccepted, ErrorCode: "stale");
}

/// <summary>Codes have a sender of their own.</summary>
internal enum TextPurpose
{
    Message,
    Code,
}

/// <summary>The provider of texts.</summary>
internal interface ITextProvider
{
    Task<SendResult> SendAsync(Guid attemptId, string to, string body, TextPurpose purpose, CancellationToken ct);

    /// <summary>Texts to a number that the provider took since an instant.</summary>
    Task<IReadOnlyList<TakenText>> FindAsync(string to, DateTimeOffset since, CancellationToken ct);

    /// <summary>Removes the provider's copy of a text. False: not yet possible.</summary>
    Task<bool> RedactAsync(string providerId, CancellationToken ct);
}

/// <summary>A text as the provider lists it.</summary>
internal sealed record TakenText(string ProviderId, string To, string Body, string Status, string? ErrorCode, DateTimeOffset CreatedAt);

/// <summary>The provider of emails.</summary>
internal interface IEmailProvider
{
    Task<SendResult> SendAsync(Guid attemptId, string to, string subject, string text, string html, CancellationToken ct);
}
