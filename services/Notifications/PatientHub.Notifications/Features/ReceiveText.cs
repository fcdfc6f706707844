using Microsoft.Extensions.Options;
using PatientHub.Notifications.Clients;
using PatientHub.Notifications.Domain;
using PatientHub.Notifications.Workers;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Notifications.Features;

/// <summary>
/// <c>POST /webhooks/twilio/inbound</c>: a text to the trust's number. 403 unless signed for that address; else 200 with an empty TwiML document, so that Twilio says nothing of its own.
/// Only STOP stops (Twilio's own list of words must be set to it); a repeat changes nothing.
/// </summary>
internal static partial class ReceiveText
{
    public static void Map(IEndpointRouteBuilder app) => app.MapPost("/webhooks/twilio/inbound", HandleAsync).AllowAnonymous().DisableAntiforgery();

    private static async Task<IResult> HandleAsync(
        HttpRequest request, IOptions<HubOptions> hub, IOptions<TwilioOptions> twilio, TextsFromPatients texts, NotificationMetrics metrics, ILoggerFactory logs, CancellationToken ct)
    {
        if (await TwilioForm.ReadAsync(request, TwilioCallback.InboundAddress(hub.Value.PublicBaseUrl), twilio.Value.AuthToken, ct) is not { } form)
        {
            metrics.Callback("twilio", "forged");
            Log.Forged(logs.CreateLogger(typeof(ReceiveText)));
            return Problems.Of(StatusCodes.Status403Forbidden, "not-signed", "This text is not signed by the provider.");
        }

        var sid = form["MessageSid"].ToString();
        if (sid.Length is 0 or > 50) return Problems.Of(StatusCodes.Status400BadRequest, "no-sid", "MessageSid is missing.");
        var body = form["Body"].ToString();
        // Twilio says so when it has stopped or resumed the number itself; HELP it answers itself.
        var optOut = form["OptOutType"].ToString();
        if (optOut != "HELP")
        {
            var kind = optOut switch { "STOP" => TextKind.Stop, "START" => TextKind.Start, _ => TextFromPatient.KindOf(body) };
            var isNew = await texts.TakeAsync(sid, form["From"].ToString(), kind, body, ct);
            metrics.Callback("twilio", isNew ? "text" : "text-again");
        }

        return Results.Content("<Response/>", "text/xml");
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A text to our number was not signed by Twilio")]
        public static partial void Forged(ILogger logger);
    }
}
