using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using PatientHub.Notifications.Domain;
using PatientHub.ServiceDefaults;

namespace PatientHub.Notifications.Clients;

/// <summary>
/// Twilio's Messages resource (API 2010-04-01). POST has no idempotency key, so it is never repeated here: the answer says whether it was surely not taken, and
/// only then somebody else tries again. Our attempt's id is in the callback's address.
/// </summary>
internal sealed class TwilioTexts(HttpClient http, IOptions<TwilioOptions> options, IOptions<TrustOptions> trust, IOptions<HubOptions> hub) : ITextProvider
{
    private string Messages => $"2010-04-01/Accounts/{options.Value.AccountSid}/Messages";

    public async Task<SendResult> SendAsync(Guid attemptId, string to, string body, TextPurpose purpose, CancellationToken ct)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["To"] = to,
            ["From"] = Sender(purpose),
            ["Body"] = body,
            ["StatusCallback"] = TwilioCallback.Address(hub.Value.PublicBaseUrl, attemptId),
        });
        HttpResponseMessage response;
        try
        {
            response = await http.PostAsync(Messages + ".json", form, ct);
        }
        catch (Exception fault) when (ProviderFaults.IsOutage(fault, ct))
        {
            return new SendResult(ProviderFaults.SurelyNotSent(fault) ? SendOutcome.NotAccepted : SendOutcome.Unclear, ErrorCode: "no-answer");
        }

        using (response)
        {
            return response.StatusCode switch
            {
                HttpStatusCode.Created or HttpStatusCode.OK => await ReadAcceptanceAsync(response, ct),
                HttpStatusCode.TooManyRequests => new SendResult(SendOutcome.NotAccepted, ErrorCode: "429", RetryAfter: ProviderFaults.RetryAfter(response)),
                // Not let in: our own configuration. Nothing was taken; people must hear of it.
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound => new SendResult(SendOutcome.NotAccepted, ErrorCode: ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture)),
                >= HttpStatusCode.InternalServerError => new SendResult(SendOutcome.Unclear, ErrorCode: ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture)),
                _ => await ReadRefusalAsync(response, ct),
            };
        }
    }

    /// <summary>R2: the trust's name, unless a number is set to which patients can answer. Codes never come from that number: who stops texts to it must still get in.</summary>
    private string Sender(TextPurpose purpose)
    {
        var set = purpose == TextPurpose.Code ? options.Value.CodesFrom : options.Value.TwoWayNumber is { Length: > 0 } number ? number : options.Value.From;
        return set is { Length: > 0 } ? set : trust.Value.SenderId;
    }

    public async Task<IReadOnlyList<TakenText>> FindAsync(string to, DateTimeOffset since, CancellationToken ct)
    {
        var from = since.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        var found = await http.GetFromJsonAsync<TextList>($"{Messages}.json?To={Uri.EscapeDataString(to)}&DateSent%3E={Uri.EscapeDataString(from)}&PageSize=200", ct);
        return [.. (found?.Messages ?? []).Select(text => new TakenText(text.Sid, text.To, text.Body ?? "", text.Status,
            text.ErrorCode?.ToString(CultureInfo.InvariantCulture), ParseDate(text.DateCreated)))];
    }

    public async Task<bool> RedactAsync(string providerId, CancellationToken ct)
    {
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("Body", "")]);
        using var response = await http.PostAsync($"{Messages}/{providerId}.json", form, ct);
        // 404: removed already.
        return response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.NotFound;
    }

    private static async Task<SendResult> ReadAcceptanceAsync(HttpResponseMessage response, CancellationToken ct)
    {
        try
        {
            var text = await response.Content.ReadFromJsonAsync<Text>(ct);
            return new SendResult(SendOutcome.Accepted, text?.Sid);
        }
        catch (Exception unreadable) when (unreadable is JsonException || ProviderFaults.IsOutage(unreadable, ct))
        {
            // The status line said it all; the callback brings the SID.
            return new SendResult(SendOutcome.Accepted);
        }
    }

    private static async Task<SendResult> ReadRefusalAsync(HttpResponseMessage response, CancellationToken ct)
    {
        string? code = null;
        try
        {
            code = (await response.Content.ReadFromJsonAsync<Refusal>(ct))?.Code?.ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception unreadable) when (unreadable is JsonException || ProviderFaults.IsOutage(unreadable, ct))
        {
            // Refused all the same; the status stands for the code.
        }

        return new SendResult(SendOutcome.RefusedForGood, ErrorCode: code ?? ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture), ContactFailed: TwilioErrors.IsContactDead(code));
    }

    private static DateTimeOffset ParseDate(string? rfc2822) =>
        DateTimeOffset.TryParse(rfc2822, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : DateTimeOffset.MinValue;

    /// <summary>Basic authentication with the account's SID and token, and one address for all.</summary>
    public static void Configure(HttpClient http, TwilioOptions options)
    {
        http.BaseAddress = new Uri(options.BaseUrl.ToString().TrimEnd('/') + "/");
        http.Timeout = options.Timeout;
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.AccountSid}:{options.AuthToken}")));
    }

    private sealed record Text(
        [property: JsonPropertyName("sid")] string Sid,
        [property: JsonPropertyName("to")] string To,
        [property: JsonPropertyName("body")] string? Body,
        [property: JsonPropertyName("status")] string Status,
        [property: JsonPropertyName("error_code")] int? ErrorCode,
        [property: JsonPropertyName("date_created")] string? DateCreated);

    private sealed record TextList([property: JsonPropertyName("messages")] IReadOnlyList<Text> Messages);

    private sealed record Refusal([property: JsonPropertyName("code")] int? Code);
}
