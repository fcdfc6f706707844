using System.Globalization;
using System.Text.Json.Serialization;
using PatientHub.Simulators.Messages;

namespace PatientHub.Simulators.Twilio;

/// <summary>The schema `api.v2010.account.message` of Twilio's OpenAPI document, every property and nothing else.</summary>
internal sealed record TwilioMessage
{
    [JsonPropertyName("body")] public required string? Body { get; init; }
    [JsonPropertyName("num_segments")] public required string NumSegments { get; init; }
    [JsonPropertyName("direction")] public string Direction => "outbound-api";
    [JsonPropertyName("from")] public required string? From { get; init; }
    [JsonPropertyName("to")] public required string To { get; init; }
    [JsonPropertyName("date_updated")] public required string DateUpdated { get; init; }
    [JsonPropertyName("price")] public string? Price => null;
    [JsonPropertyName("error_message")] public required string? ErrorMessage { get; init; }
    [JsonPropertyName("uri")] public required string Uri { get; init; }
    [JsonPropertyName("account_sid")] public required string AccountSid { get; init; }
    [JsonPropertyName("num_media")] public string NumMedia => "0";
    [JsonPropertyName("status")] public required string Status { get; init; }
    [JsonPropertyName("messaging_service_sid")] public required string? MessagingServiceSid { get; init; }
    [JsonPropertyName("sid")] public required string Sid { get; init; }
    [JsonPropertyName("date_sent")] public required string? DateSent { get; init; }
    [JsonPropertyName("date_created")] public required string DateCreated { get; init; }
    [JsonPropertyName("error_code")] public required int? ErrorCode { get; init; }
    [JsonPropertyName("price_unit")] public string PriceUnit => "USD";
    [JsonPropertyName("api_version")] public string ApiVersion => "2010-04-01";
    [JsonPropertyName("subresource_uris")] public required IReadOnlyDictionary<string, string> SubresourceUris { get; init; }

    public static TwilioMessage Of(ReceivedMessage message, string accountSid)
    {
        var path = $"/2010-04-01/Accounts/{accountSid}/Messages/{message.Id}";
        return new TwilioMessage
        {
            Body = message.Redacted ? "" : message.Body,
            NumSegments = message.Segments.ToString(CultureInfo.InvariantCulture),
            From = message.From.Length > 0 ? message.From : null,
            To = message.To,
            DateUpdated = Rfc2822(message.UpdatedAt),
            ErrorMessage = message.ErrorCode is { } code ? TwilioLife.Describe(code) : null,
            Uri = path + ".json",
            AccountSid = accountSid,
            Status = message.Status,
            MessagingServiceSid = message.MessagingServiceSid,
            Sid = message.Id,
            DateSent = message.SentAt is { } sent ? Rfc2822(sent) : null,
            DateCreated = Rfc2822(message.CreatedAt),
            ErrorCode = message.ErrorCode,
            SubresourceUris = new Dictionary<string, string> { ["media"] = path + "/Media.json" },
        };
    }

    private static string Rfc2822(DateTimeOffset instant) =>
        instant.ToUniversalTime().ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture);
}
