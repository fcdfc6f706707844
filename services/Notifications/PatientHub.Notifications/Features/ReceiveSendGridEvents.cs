using System.Text.Json;
using PatientHub.Messaging;
using PatientHub.Notifications.Clients;
using PatientHub.Notifications.Domain;
using PatientHub.Notifications.Workers;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Notifications.Features;

/// <summary><c>POST /webhooks/sendgrid</c>: SendGrid's event webhook, an array of events. 403 unless signed within five minutes; else 204, also for events about mail we do not know (counted).</summary>
internal static partial class ReceiveSendGridEvents
{
    private const int LongestBody = 4 * 1024 * 1024;

    public static void Map(IEndpointRouteBuilder app) => app.MapPost("/webhooks/sendgrid", HandleAsync).AllowAnonymous().DisableAntiforgery();

    private static async Task<IResult> HandleAsync(
        HttpRequest request, SendGridSignature signature, AttemptRecorder recorder, DatabaseClock clock, TimeProvider time, NotificationMetrics metrics, ILoggerFactory logs, CancellationToken ct)
    {
        if (await ReadAsync(request, ct) is not { } body
            || !signature.IsSigned(request.Headers["X-Twilio-Email-Event-Webhook-Timestamp"], body, request.Headers["X-Twilio-Email-Event-Webhook-Signature"], time.GetUtcNow()))
        {
            metrics.Callback("sendgrid", "forged");
            Log.Forged(logs.CreateLogger(typeof(ReceiveSendGridEvents)));
            return Problems.Of(StatusCodes.Status403Forbidden, "not-signed", "These events are not signed by the provider.");
        }

        var now = await clock.UtcNowAsync(ct);
        IReadOnlyList<AttemptOutcome> outcomes;
        int foreign;
        try
        {
            (outcomes, foreign) = SendGridEvents.Read(body, now);
        }
        catch (JsonException)
        {
            return Problems.Of(StatusCodes.Status400BadRequest, "not-events", "The body is not an array of events.");
        }

        var unknown = outcomes.Count == 0 ? [] : await recorder.RecordAsync(outcomes, ct);
        metrics.Callback("sendgrid", "taken", outcomes.Count);
        if (foreign + unknown.Count > 0)
        {
            metrics.Callback("sendgrid", "unknown", foreign + unknown.Count);
            Log.Unknown(logs.CreateLogger(typeof(ReceiveSendGridEvents)), foreign + unknown.Count);
        }

        return Results.NoContent();
    }

    /// <summary>The raw bytes, which the signature covers; null when there are too many.</summary>
    private static async Task<byte[]?> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        using var whole = new MemoryStream();
        var part = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(part, ct)) > 0)
        {
            if (whole.Length + read > LongestBody) return null;
            whole.Write(part, 0, read);
        }

        return whole.ToArray();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Events about emails were not signed by SendGrid")]
        public static partial void Forged(ILogger logger);

        [LoggerMessage(LogLevel.Information, "{Count} events about emails that are not ours")]
        public static partial void Unknown(ILogger logger, int count);
    }
}
