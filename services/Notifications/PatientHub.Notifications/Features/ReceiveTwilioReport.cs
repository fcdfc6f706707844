using Microsoft.AspNetCore.Http.Features;
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
    private const int LongestBody = 16 * 1024;

    public static void Map(IEndpointRouteBuilder app) => app.MapPost("/webhooks/twilio/{attemptId:guid}", HandleAsync).AllowAnonymous().DisableAntiforgery();

    private static async Task<IResult> HandleAsync(
        Guid attemptId, HttpRequest request, IOptions<HubOptions> hub, IOptions<TwilioOptions> twilio, AttemptBook book, DatabaseClock clock, NotificationMetrics metrics,
        ILoggerFactory logs, CancellationToken ct)
    {
        if (!request.HasFormContentType || request.ContentLength > LongestBody) return Forged();
        IFormCollection form;
        try
        {
            form = await request.ReadFormAsync(new FormOptions { ValueCountLimit = 100, BufferBody = true, BufferBodyLengthLimit = LongestBody }, ct);
        }
        catch (Exception unreadable) when (unreadable is InvalidDataException or IOException)
        {
            return Forged(); // no form, or more of one than Twilio ever sends
        }

        var fields = form.Select(field => KeyValuePair.Create(field.Key, field.Value.ToString())).ToList();

        // The address as Twilio knows it: behind proxies the request's own host and scheme are not it, and a forger writes them as he likes.
        var address = TwilioCallback.Address(hub.Value.PublicBaseUrl, attemptId);
        if (!TwilioCallback.IsSigned(twilio.Value.AuthToken, address, fields, request.Headers["X-Twilio-Signature"])) return Forged();

        var status = form["MessageStatus"].ToString();
        var error = form["ErrorCode"].ToString() is { Length: > 0 and <= 40 } code ? code : null;
        if (status.Length is 0 or > 30) return Problems.Of(StatusCodes.Status400BadRequest, "no-status", "MessageStatus is missing.");
        var sid = form["MessageSid"].ToString() is { Length: > 0 and <= 100 } given ? given : null;
        var outcome = TwilioStatus.Outcome(attemptId, status, error, sid) with
        {
            Report = new ProviderReport { EventId = $"twilio:{attemptId}:{status}", AttemptId = attemptId, Status = status, ErrorCode = error, ReceivedAt = await clock.UtcNowAsync(ct) },
        };
        var unknown = await book.RecordAsync([outcome], ct);
        metrics.Callback("twilio", unknown.Count > 0 ? "unknown" : "taken");
        return unknown.Count > 0 ? Problems.NotFound() : Results.NoContent();

        IResult Forged()
        {
            metrics.Callback("twilio", "forged");
            Log.Forged(logs.CreateLogger(typeof(ReceiveTwilioReport)));
            return Problems.Of(StatusCodes.Status403Forbidden, "not-signed", "This report is not signed by the provider.");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A report about a text was not signed by Twilio")]
        public static partial void Forged(ILogger logger);
    }
}
