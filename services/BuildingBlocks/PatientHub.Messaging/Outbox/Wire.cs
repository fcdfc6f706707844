using System.Buffers;
using System.Globalization;
using System.Text.Json;
using RabbitMQ.Client;

namespace PatientHub.Messaging;

/// <summary>An outbox row as the dispatcher reads it; the body as UTF-8, as it came and as it goes.</summary>
internal sealed record OutboxRow(
    long Sequence, Guid MessageId, string Type, byte[] Body, string? Subject, Guid? ConversationId, string? TraceParent, string? TraceState, DateTime CreatedAt);

/// <summary>Turns rows into messages: MassTransit's documented JSON envelope inside, CloudEvents in binary mode outside. Neither names a machine or a process.</summary>
internal static class Wire
{
    public const string EnvelopeContentType = "application/vnd.masstransit+json";
    public const string CloudEventsSource = "uk.nhs.patienthub";

    // Read by MassTransit as the parent of its consume span; the others are W3C's names, for everybody else.
    private const string MassTransitActivityId = "MT-Activity-Id";
    private const string TraceParent = "traceparent";
    private const string TraceState = "tracestate";
    private const string CloudEvents = "cloudEvents_";

    /// <summary>For the consumers inside, to the exchange of the message type.</summary>
    public static WireMessage Internal(OutboxRow row, Publication publication)
    {
        var headers = new Dictionary<string, object?>();
        if (row.TraceParent is not null)
        {
            headers[MassTransitActivityId] = row.TraceParent;
            AddTrace(headers, row);
        }

        return new WireMessage(publication.Exchange, string.Empty, publication.Mandatory, Properties(row, EnvelopeContentType, headers), Envelope(row, publication));
    }

    /// <summary>For integrators. Mandatory all the same: the alternate exchange has a queue, so only a broken topology returns it.</summary>
    public static WireMessage Public(OutboxRow row)
    {
        var headers = new Dictionary<string, object?>
        {
            [CloudEvents + "specversion"] = "1.0",
            [CloudEvents + "id"] = row.MessageId.ToString(),
            [CloudEvents + "source"] = CloudEventsSource,
            [CloudEvents + "type"] = row.Type,
            [CloudEvents + "subject"] = row.Subject,
            [CloudEvents + "time"] = Time(row),
        };
        if (row.TraceParent is not null)
        {
            headers[CloudEvents + TraceParent] = row.TraceParent;
            AddTrace(headers, row);
        }

        return new WireMessage(BusNames.PublicExchange, row.Type, Mandatory: true, Properties(row, "application/json", headers), row.Body);
    }

    private static BasicProperties Properties(OutboxRow row, string contentType, Dictionary<string, object?> headers) => new()
    {
        MessageId = row.MessageId.ToString(),
        ContentType = contentType,
        DeliveryMode = DeliveryModes.Persistent,
        Headers = headers,
    };

    private static void AddTrace(Dictionary<string, object?> headers, OutboxRow row)
    {
        headers[TraceParent] = row.TraceParent;
        if (row.TraceState is not null)
        {
            headers[TraceState] = row.TraceState;
        }
    }

    private static ReadOnlyMemory<byte> Envelope(OutboxRow row, Publication publication)
    {
        var buffer = new ArrayBufferWriter<byte>(row.Body.Length + 512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("messageId", row.MessageId);
            json.WriteString("conversationId", row.ConversationId ?? row.MessageId);
            json.WriteStartArray("messageType");
            json.WriteStringValue(publication.Urn);
            json.WriteEndArray();
            json.WritePropertyName("message");
            json.WriteRawValue(row.Body, skipInputValidation: true);
            json.WriteString("sentTime", Time(row));
            json.WriteStartObject("headers");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static string Time(OutboxRow row) => row.CreatedAt.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
