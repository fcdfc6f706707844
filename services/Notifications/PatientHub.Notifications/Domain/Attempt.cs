using PatientHub.Notifications.Contracts;

namespace PatientHub.Notifications.Domain;

/// <summary>In the order in which an attempt moves; it never moves back, however late or often a provider reports.</summary>
public enum AttemptState
{
    /// <summary>Committed before the request leaves.</summary>
    Intent = 0,

    /// <summary>The request left and its fate is unknown: found out by callback or by asking, never by sending again.</summary>
    Unclear = 1,

    /// <summary>The provider has it.</summary>
    Accepted = 2,

    /// <summary>It reached the phone or mailbox.</summary>
    Delivered = 3,

    /// <summary>The provider could not deliver it, or refused it for good.</summary>
    Failed = 4,

    /// <summary>Surely not taken by the provider: another attempt may follow.</summary>
    NotAccepted = 5,
}

/// <summary>One request to a provider: intent, commit, send with this id as the reference, record (design section 4).</summary>
public sealed class Attempt
{
    /// <summary>Our reference: in the address of the callback, or in the email's custom arguments.</summary>
    public required Guid Id { get; init; }

    /// <summary>The message; null for a sign-in code, of which no copy is kept.</summary>
    public Guid? MessageId { get; init; }

    /// <summary>The sign-in code's id; null for a message.</summary>
    public Guid? CodeId { get; init; }
    public required Channel Channel { get; init; }
    public AttemptState State { get; private set; } = AttemptState.Intent;

    /// <summary>Twilio's SID or SendGrid's X-Message-Id.</summary>
    public string? ProviderId { get; set; }
    public string? ErrorCode { get; private set; }

    /// <summary>SHA-256 of recipient and text (which holds a 128-bit token): tells our text among the provider's without keeping either. Null for codes.</summary>
    public byte[]? Fingerprint { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? AcceptedAt { get; private set; }
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>When an attempt without a known fate is looked into; null when there is nothing to find out.</summary>
    public DateTimeOffset? CheckAt { get; set; }

    /// <summary>Codes: when the provider's copy is to be removed; null when done or not wanted.</summary>
    public DateTimeOffset? RedactAt { get; set; }

    public bool Accept(string? providerId, DateTimeOffset at)
    {
        ProviderId ??= providerId;
        if (State is not (AttemptState.Intent or AttemptState.Unclear)) return false;
        (State, AcceptedAt, CheckAt) = (AttemptState.Accepted, at, null);
        return true;
    }

    public bool Deliver(DateTimeOffset at) => Move(AttemptState.Delivered, at, null);

    public bool Fail(string? errorCode, DateTimeOffset at) => Move(AttemptState.Failed, at, errorCode);

    /// <summary>Only while its fate is open: a provider that reported anything has taken it.</summary>
    public bool NotAccept(string? errorCode, DateTimeOffset at) => State <= AttemptState.Unclear && Move(AttemptState.NotAccepted, at, errorCode);

    /// <param name="checkAt">When to find out; null for a code, which is dead before that would help anybody.</param>
    public bool BecomeUnclear(DateTimeOffset? checkAt)
    {
        if (State != AttemptState.Intent) return false;
        (State, CheckAt) = (AttemptState.Unclear, checkAt);
        return true;
    }

    private bool Move(AttemptState to, DateTimeOffset at, string? errorCode)
    {
        if (to <= State) return false;
        (State, EndedAt, ErrorCode, CheckAt) = (to, at, errorCode, null);
        return true;
    }
}
