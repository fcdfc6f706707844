using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using PatientHub.Simulators.Behaviour;
using PatientHub.Simulators.Messages;

namespace PatientHub.Simulators.SendGrid;

/// <summary>Moves accepted emails through their states and reports each to the event webhook, signed, in SendGrid's array of events.</summary>
internal sealed class SendGridEvents(SimulatorsOptions options, MessageBook book, MessageLives lives, TimeProvider time) : IDisposable
{
    // SendGrid repeats for 24 hours what was not answered with 2xx; five tries are enough for a restart of the hub.
    private static readonly TimeSpan[] Repeats = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(60)];

    private readonly SendGridSignature? signature = options.SendGridWebhookPrivateKey is { } key ? new SendGridSignature(key) : null;

    private sealed record Step(string Event, params (string Name, string Value)[] More);

    private static Step[] StepsOf(Behaves behaves) => behaves switch
    {
        Behaves.Unknown or Behaves.Landline or Behaves.NotMobile =>
        [
            new("processed"),
            new("bounce", ("type", "bounce"), ("status", "5.1.1"), ("reason", "550 5.1.1 The email account that you tried to reach does not exist"),
                ("bounce_classification", "Invalid Address")),
        ],
        Behaves.Filtered =>
        [
            new("processed"),
            new("bounce", ("type", "blocked"), ("status", "5.7.1"), ("reason", "550 5.7.1 Message refused by policy"), ("bounce_classification", "Reputation")),
        ],
        Behaves.Stopped => [new("dropped", ("reason", "Unsubscribed Address"), ("status", "5.0.0"))],
        Behaves.Fails => [new("dropped", ("reason", "Bounced Address"), ("status", "5.0.0"))],
        Behaves.Unreachable =>
        [
            new("processed"),
            new("deferred", ("response", "451 4.3.0 Try again later"), ("attempt", "1")),
            new("delivered", ("response", "250 OK")),
        ],
        _ => [new("processed"), new("delivered", ("response", "250 OK"))],
    };

    public void Begin(ReceivedMessage accepted, Behaves behaves) => lives.Begin(accepted.Id, async cancellation =>
    {
        var late = new List<(string Event, byte[] Body)>();
        foreach (var step in StepsOf(behaves))
        {
            await lives.PauseAsync(options.StepDelay, cancellation);
            var now = time.GetUtcNow();
            var message = book.Change(accepted.Id, mail => mail with
            {
                Status = step.Event,
                UpdatedAt = now,
                SentAt = mail.SentAt ?? now,
                Lost = step.Event is "bounce" or "dropped",
            });
            if (options.SendGridWebhookUrl is null || behaves == Behaves.NoCallbacks)
                continue;

            var body = Body(message, step, now);
            if (behaves is Behaves.OutOfOrderCallbacks or Behaves.LateCallbacks)
            {
                late.Add((step.Event, body));
                continue;
            }

            await SendAsync(accepted.Id, step.Event, body, cancellation);
            if (behaves == Behaves.DuplicateCallbacks)
                await SendAsync(accepted.Id, step.Event, body, cancellation);
        }

        if (behaves == Behaves.LateCallbacks)
            await lives.PauseAsync(options.LateBy, cancellation);
        else
            late.Reverse();
        foreach (var report in late)
            await SendAsync(accepted.Id, report.Event, report.Body, cancellation);
    });

    public void Dispose() => signature?.Dispose();

    private async Task SendAsync(string id, string @event, byte[] body, CancellationToken cancellation)
    {
        foreach (var pause in Repeats.Cast<TimeSpan?>().Append(null))
        {
            if (await lives.ReportAsync(id, @event, () => Request(body), cancellation) || pause is null)
                return;
            await lives.PauseAsync(pause.Value, cancellation);
        }
    }

    private HttpRequestMessage Request(byte[] body)
    {
        var timestamp = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var request = new HttpRequestMessage(HttpMethod.Post, options.SendGridWebhookUrl)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.Add("X-Twilio-Email-Event-Webhook-Signature", signature!.Of(timestamp, body));
        request.Headers.Add("X-Twilio-Email-Event-Webhook-Timestamp", timestamp);
        request.Headers.Add("User-Agent", "SendGrid Event API");
        return request;
    }

    private static byte[] Body(ReceivedMessage message, Step step, DateTimeOffset now)
    {
        var @event = new Dictionary<string, object>();
        foreach (var (name, value) in message.References)
            @event[name] = value; // custom arguments come back at the top level
        @event["email"] = message.To;
        @event["timestamp"] = now.ToUnixTimeSeconds();
        @event["event"] = step.Event;
        @event["sg_event_id"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
        @event["sg_message_id"] = message.Id;
        @event["smtp-id"] = $"<{message.Id}@smtp.example>";
        foreach (var (name, value) in step.More)
            @event[name] = value;
        return JsonSerializer.SerializeToUtf8Bytes(new[] { @event });
    }
}
