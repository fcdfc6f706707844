using PatientHub.Notifications.Clients;
using PatientHub.Notifications.Domain;

namespace PatientHub.Notifications.Workers;

/// <summary>Twilio's words for a text's state. New ones may come: an unknown word only says that Twilio has it.</summary>
internal static class TwilioStatus
{
    public static AttemptOutcome Outcome(Guid attemptId, string status, string? errorCode, string? sid) => status switch
    {
        "delivered" or "read" => new AttemptOutcome(attemptId, AttemptState.Delivered) { ProviderId = sid },
        "undelivered" or "failed" or "canceled" => new AttemptOutcome(attemptId, AttemptState.Failed)
        {
            ProviderId = sid,
            ErrorCode = errorCode ?? status,
            WasTaken = true,
            ForGood = TwilioErrors.IsPermanent(errorCode),
            ContactFailed = TwilioErrors.IsContactDead(errorCode),
        },
        _ => new AttemptOutcome(attemptId, AttemptState.Accepted) { ProviderId = sid },
    };
}
