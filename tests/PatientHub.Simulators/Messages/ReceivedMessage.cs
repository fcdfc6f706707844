using System.Text.RegularExpressions;

namespace PatientHub.Simulators.Messages;

/// <summary>A text or an email.</summary>
public enum Channel
{
    /// <summary>Sent through Twilio.</summary>
    Text,

    /// <summary>Sent through SendGrid.</summary>
    Email,
}

/// <summary>One call of the hub's webhook about a message, and how it went.</summary>
/// <param name="State">The state reported: `sent`, `delivered`, `processed`, ...</param>
/// <param name="At">When the call ended.</param>
/// <param name="HttpStatus">The hub's answer; null when there was none.</param>
/// <param name="Error">Why there was no answer.</param>
public sealed record CallbackReport(string State, DateTimeOffset At, int? HttpStatus, string? Error);

/// <summary>
/// A message as a provider holds it and as a person sees it. Instances never change: <see cref="MessageBook"/> replaces them.
/// </summary>
public sealed partial record ReceivedMessage
{
    /// <summary>The provider's id: Twilio's message SID, or SendGrid's X-Message-Id with the recipient's index.</summary>
    public required string Id { get; init; }

    /// <summary>Text or email.</summary>
    public required Channel Channel { get; init; }

    /// <summary>Number (E.164) or address, as <see cref="Destination.Normalise"/> writes it.</summary>
    public required string To { get; init; }

    /// <summary>Sender: number, alphanumeric sender or address.</summary>
    public required string From { get; init; }

    /// <summary>Sender's display name of an email.</summary>
    public string? FromName { get; init; }

    /// <summary>Subject of an email.</summary>
    public string? Subject { get; init; }

    /// <summary>The text, or the plain part of an email.</summary>
    public required string Body { get; init; }

    /// <summary>The HTML part of an email.</summary>
    public string? Html { get; init; }

    /// <summary>When the provider took it.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its state last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it left the provider; null while queued.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>The provider's word for its state.</summary>
    public required string Status { get; init; }

    /// <summary>Twilio's error code of a text that failed after it was accepted.</summary>
    public int? ErrorCode { get; init; }

    /// <summary>Where state changes of a text are reported (Twilio's StatusCallback), exactly as sent: the signature covers this string.</summary>
    public string? StatusCallback { get; init; }

    /// <summary>Twilio's MessagingServiceSid, if the hub used one.</summary>
    public string? MessagingServiceSid { get; init; }

    /// <summary>SendGrid's custom_args: the hub's own references.</summary>
    public IReadOnlyDictionary<string, string> References { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether an email had click and open tracking switched off; with them on, SendGrid would rewrite the link.</summary>
    public bool TrackingOff { get; init; }

    /// <summary>The hub asked Twilio to forget the body. The phone still shows what it received.</summary>
    public bool Redacted { get; init; }

    /// <summary>The hub deleted the message at Twilio. The phone still shows it.</summary>
    public bool Deleted { get; init; }

    /// <summary>The provider accepted it but it never reached the phone or mailbox.</summary>
    public bool Lost { get; init; }

    /// <summary>The webhook calls about it, oldest first.</summary>
    public IReadOnlyList<CallbackReport> Callbacks { get; init; } = [];

    /// <summary>Addresses in the text, in order.</summary>
    public IReadOnlyList<string> Links => [.. Link().Matches(Body).Select(match => match.Value.TrimEnd('.', ',', ';', ')'))];

    /// <summary>The six-digit code in the text; null when there is none.</summary>
    public string? Code => SixDigits().Match(Link().Replace(Body, " ")) is { Success: true } match ? match.Value : null;

    /// <summary>How many parts a mobile network makes of the text (GSM 03.38: 160, then 153 each; other alphabets 70, then 67); 0 for an email.</summary>
    public int Segments => Channel == Channel.Text ? TextSegments.Count(Body) : 0;

    [GeneratedRegex(@"https?://[^\s<>""]+")]
    internal static partial Regex Link();

    [GeneratedRegex(@"(?<![\d+#])\d{6}(?!\d)")]
    internal static partial Regex SixDigits();
}
