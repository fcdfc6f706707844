using System.Text.Json;
using PatientHub.Notifications.Clients;
using PatientHub.Notifications.Domain;

namespace PatientHub.Notifications.Workers;

/// <summary>SendGrid's events as outcomes of attempts.</summary>
internal static class SendGridEvents
{
    /// <returns>What is about our attempts, and how many events are not.</returns>
    /// <exception cref="JsonException">Not an array of events.</exception>
    public static (IReadOnlyList<AttemptOutcome> Outcomes, int Foreign) Read(ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        using var events = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 16 });
        if (events.RootElement.ValueKind != JsonValueKind.Array) throw new JsonException("Not an array.");
        var outcomes = new List<AttemptOutcome>();
        var foreign = 0;
        foreach (var one in events.RootElement.EnumerateArray())
        {
            if (one.ValueKind == JsonValueKind.Object && Guid.TryParse(Text(one, SendGridEmails.AttemptArgument), out var attemptId) && Text(one, "event") is { Length: <= 30 } name
                && Outcome(attemptId, name, one) is { } outcome)
            {
                outcomes.Add(outcome with
                {
                    Report = new ProviderReport
                    {
                        EventId = Text(one, "sg_event_id") is { Length: > 0 and <= 100 } id ? $"sendgrid:{id}" : $"sendgrid:{attemptId}:{name}",
                        AttemptId = attemptId,
                        Status = name,
                        ErrorCode = outcome.ErrorCode,
                        ReceivedAt = now,
                    },
                });
            }
            else
            {
                foreign++;
            }
        }

        return (outcomes, foreign);
    }

    private static AttemptOutcome? Outcome(Guid attemptId, string name, JsonElement details) => name switch
    {
        "processed" or "deferred" => new AttemptOutcome(attemptId, AttemptState.Accepted),
        "delivered" => new AttemptOutcome(attemptId, AttemptState.Delivered),
        // "blocked" is the receiving server's refusal of today, "bounce" the address's death.
        "bounce" when Text(details, "type") == "blocked" => Failed(attemptId, "blocked", forGood: false, contact: false),
        "bounce" => Failed(attemptId, "bounce", forGood: true, contact: true),
        "dropped" => Failed(attemptId, "dropped", forGood: true, contact: IsContactDead(Text(details, "reason"))),
        // It arrived, and whoever got it wants no more of them: no message is repeated for it, and none goes there again.
        "spamreport" or "unsubscribe" or "group_unsubscribe" => new AttemptOutcome(attemptId, AttemptState.Delivered) { ErrorCode = name, Refused = true },
        _ => null,
    };

    private static AttemptOutcome Failed(Guid attemptId, string code, bool forGood, bool contact) =>
        new(attemptId, AttemptState.Failed) { ErrorCode = code, WasTaken = true, ForGood = forGood, ContactFailed = contact };

    private static bool IsContactDead(string? reason) =>
        reason is not null && (reason.Contains("Bounced", StringComparison.OrdinalIgnoreCase) || reason.Contains("Unsubscribed", StringComparison.OrdinalIgnoreCase)
            || reason.Contains("Spam Reporting", StringComparison.OrdinalIgnoreCase) || reason.Contains("Invalid", StringComparison.OrdinalIgnoreCase));

    /// <summary>Null also for what is no text: bytes that are no UTF-8, half a surrogate pair, a NUL, which no table takes. The other events of the call stay good.</summary>
    private static string? Text(JsonElement parent, string name)
    {
        try
        {
            return parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { } text && !text.Contains('\0') ? text : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
