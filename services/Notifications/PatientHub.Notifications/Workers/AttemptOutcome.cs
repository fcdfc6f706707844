using PatientHub.Notifications.Clients;
using PatientHub.Notifications.Domain;

namespace PatientHub.Notifications.Workers;

/// <summary>What became known about an attempt, whoever said it: the answer to the request, a callback, or the provider when asked.</summary>
/// <param name="State">The state it moves to, if that is forward.</param>
internal sealed record AttemptOutcome(Guid AttemptId, AttemptState State)
{
    public string? ProviderId { get; init; }
    public string? ErrorCode { get; init; }

    /// <summary>Failed: the provider had taken it first.</summary>
    public bool WasTaken { get; init; }

    /// <summary>Failed: another message on this channel would fail too (A18).</summary>
    public bool ForGood { get; init; }

    /// <summary>Failed: the number or address itself is dead (R14).</summary>
    public bool ContactFailed { get; init; }

    /// <summary>Delivered, and the recipient wants no more by this channel (spam report, unsubscribed): as a dead contact, but nothing is sent again.</summary>
    public bool Refused { get; init; }

    /// <summary>Not accepted: how long to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The provider's report, when it was one.</summary>
    public ProviderReport? Report { get; init; }

    public static AttemptOutcome Of(Guid attemptId, SendResult result) => result.Outcome switch
    {
        SendOutcome.Accepted => new AttemptOutcome(attemptId, AttemptState.Accepted) { ProviderId = result.ProviderId },
        SendOutcome.RefusedForGood => new AttemptOutcome(attemptId, AttemptState.Failed) { ErrorCode = result.ErrorCode, ForGood = true, ContactFailed = result.ContactFailed },
        SendOutcome.NotAccepted => new AttemptOutcome(attemptId, AttemptState.NotAccepted) { ErrorCode = result.ErrorCode, RetryAfter = result.RetryAfter },
        _ => new AttemptOutcome(attemptId, AttemptState.Unclear) { ErrorCode = result.ErrorCode },
    };
}
