using Microsoft.Extensions.Options;
using PatientHub.Messaging;
using PatientHub.Notifications.Clients;
using PatientHub.Notifications.Domain;
using PatientHub.Notifications.Workers;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Notifications.Features;

/// <summary>
/// <c>POST /webhooks/twilio/{attemptId}</c>: Twilio's status callback. 403 unless signed for the address that we gave; 404 for an attempt we do not have; else 204.
/// Repeats and late ones move nothing.
/// </summary>
internal static partial class ReceiveTwilioReport
{
    public static void Map(IEndpointRouteBuilder app) => app.MapPost("/webhooks/twilio/{attemptId:guid}", HandleAsync).AllowAnonymous().DisableAntiforgery();

    private static async Task<IResult> HandleAsync(
        Guid attemptId, HttpRequest request, IOptions<HubOptions> hub, IOptions<TwilioOptions> twilio, AttemptRecorder recorder, TextsFromPatients stops, DatabaseClock clock, NotificationMetrics metrics,
        ILoggerFactory logs, CancellationToken ct)
    {
        if (await TwilioForm.ReadAsync(request, TwilioCallback.Address(hub.Value.PublicBaseUrl, attemptId), twilio.Value.AuthToken, ct) is not { } form)
        {
            metrics.Callback("twilio", "forged");
            Log.Forged(logs.CreateLogger(typeof(ReceiveTwilioReport)));
            return Problems.Of(StatusCodes.Status403Forbidden, "not-signed", "This report is not signed by the provider.");
        }

        var status = form["MessageStatus"].ToString();
        var error = form["ErrorCode"].ToString() is { Length: > 0 and <= 40 } code ? code : null;
        if (status.Length is 0 or > 30) return Problems.Of(StatusCodes.Status400BadRequest, "no-status", "MessageStatus is missing.");
        var sid = form["MessageSid"].ToString() is { Length: > 0 and <= 100 } given ? given : null;
        var outcome = TwilioStatus.Outcome(attemptId, status, error, sid) with
        {
            Report = new ProviderReport { EventId = $"twilio:{attemptId}:{status}", AttemptId = attemptId, Status = status, ErrorCode = error, ReceivedAt = await clock.UtcNowAsync(ct) },
        };
        var unknown = await recorder.RecordAsync([outcome], ct);
        metrics.Callback("twilio", unknown.Count > 0 ? "unknown" : "taken");
        if (unknown.Count == 0 && error == TwilioErrors.Stopped) await stops.NoteStoppedAsync(attemptId, form["To"].ToString(), ct);
        return unknown.Count > 0 ? Problems.NotFound() : Results.NoContent();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A report about a text was not signed by Twilio")]
        public static partial void Forged(ILogger logger);
    }
}
