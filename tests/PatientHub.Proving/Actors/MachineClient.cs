using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PatientHub.Proving.Rig;

namespace PatientHub.Proving.Actors;

/// <summary>An answer of the machines' door.</summary>
/// <param name="AskedAt">Before the request left.</param>
/// <param name="AnsweredAt">After the answer came, or the wait for it was given up.</param>
/// <param name="Status">Null: no answer, and whether it was taken is not known.</param>
/// <param name="Body">Null when there is none, or none that is JSON.</param>
public sealed record MachineAnswer(DateTimeOffset AskedAt, DateTimeOffset AnsweredAt, int? Status, JsonNode? Body)
{
    public bool Taken => Status is >= 200 and < 300;
}

/// <summary>A client of the token service with its calls: the PAS, the trust's administrator, the booking centre.</summary>
public sealed class MachineClient(HubUnderTest hub, string clientId, string scope) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = hub.MachineUri, Timeout = Patience };
    private readonly SemaphoreSlim _one = new(1);
    private string? _token;
    private DateTimeOffset _renewAt;

    /// <summary>One request, and a second one with a new token when the first was refused as too old. Null: not even a token was to be had, so nothing was asked.</summary>
    public async Task<MachineAnswer?> SendAsync(HttpMethod method, string path, JsonNode? body = null, string mediaType = "application/json", string? ifMatch = null, CancellationToken ct = default)
    {
        for (var first = true; ; first = false)
        {
            if (await TokenAsync(renew: !first, ct) is not { } token)
            {
                return null;
            }
            var answer = await SendOnceAsync(method, path, token, body, mediaType, ifMatch, ct);
            if (!first || answer.Status != (int)HttpStatusCode.Unauthorized)
            {
                return answer;
            }
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _one.Dispose();
    }

    private async Task<MachineAnswer> SendOnceAsync(HttpMethod method, string path, string token, JsonNode? body, string mediaType, string? ifMatch, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, mediaType) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Accept.ParseAdd("application/fhir+json, application/json;q=0.9");
        if (ifMatch is not null)
        {
            request.Headers.IfMatch.ParseAdd(ifMatch);
        }
        var askedAt = DateTimeOffset.UtcNow;
        try
        {
            using var response = await _http.SendAsync(request, ct);
            var text = await response.Content.ReadAsStringAsync(ct);
            return new MachineAnswer(askedAt, DateTimeOffset.UtcNow, (int)response.StatusCode, Json(text));
        }
        catch (Exception fault) when (NoAnswer.Is(fault, ct))
        {
            return new MachineAnswer(askedAt, DateTimeOffset.UtcNow, null, null);
        }
    }

    private async Task<string?> TokenAsync(bool renew, CancellationToken ct)
    {
        await _one.WaitAsync(ct);
        try
        {
            if (!renew && _token is not null && DateTimeOffset.UtcNow < _renewAt)
            {
                return _token;
            }
            using var form = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = clientId,
                ["client_secret"] = hub.Ready.Parameters[$"{clientId}-client-secret"],
                ["scope"] = scope,
            });
            using var response = await _http.PostAsync("connect/token", form, ct);
            if (!response.IsSuccessStatusCode || Json(await response.Content.ReadAsStringAsync(ct)) is not { } answer)
            {
                return null;
            }
            _renewAt = DateTimeOffset.UtcNow.AddSeconds(answer["expires_in"]!.GetValue<int>() - 30);
            return _token = answer["access_token"]!.GetValue<string>();
        }
        catch (Exception fault) when (NoAnswer.Is(fault, ct))
        {
            return null;
        }
        finally
        {
            _one.Release();
        }
    }

    private static JsonNode? Json(string text)
    {
        try
        {
            return text.Length == 0 ? null : JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null; // A page of some proxy, or half an answer.
        }
    }
}
