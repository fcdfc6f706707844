using System.Net;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using PatientHub.Identity.Contracts.Http;
using PatientHub.ServiceDefaults.Auth;

namespace PatientHub.Gateway.Clients;

/// <summary>A patient's access token.</summary>
internal sealed record PatientToken(string AccessToken, DateTimeOffset EndsAt, Guid PatientId, Guid SessionId);

/// <summary>Identity's token endpoint with the two grants that are the gateway's alone (design section 2, "Tokens").</summary>
internal sealed class PatientTokens(HttpClient http, IOptions<AuthOptions> auth, TimeProvider time)
{
    /// <summary>Exchanges a proven code, once. Null when the handle is used up or too old.</summary>
    public Task<PatientToken?> ExchangeAsync(string grant, CancellationToken cancellationToken) => RequestAsync(Grants.ProvenCode, "grant", grant, cancellationToken);

    /// <summary>Renews by session. Null when Identity has ended it.</summary>
    public Task<PatientToken?> RenewAsync(Guid sessionId, CancellationToken cancellationToken) => RequestAsync(Grants.Session, "sid", sessionId.ToString(), cancellationToken);

    private async Task<PatientToken?> RequestAsync(string grantType, string field, string value, CancellationToken cancellationToken)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = grantType,
            ["client_id"] = auth.Value.ClientId ?? "",
            ["client_secret"] = auth.Value.ClientSecret ?? "",
            ["scope"] = Scopes.Patient,
            [field] = value,
        });
        var asked = time.GetUtcNow();
        using var response = await http.PostAsync("connect/token", form, cancellationToken);
        if (response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Forbidden)
        {
            var refusal = await response.Content.ReadFromJsonAsync<Refusal>(cancellationToken);
            return refusal?.Error is "invalid_grant" or "access_denied"
                ? null
                : throw new InvalidOperationException($"The token service refused the gateway's own client ({refusal?.Error}).");
        }
        response.EnsureSuccessStatusCode();
        var answer = await response.Content.ReadFromJsonAsync<Answer>(cancellationToken) ?? throw new HttpRequestException("The token service answered without a token.");
        // Read, not validated: it came from Identity itself, and every service validates it.
        var token = new JsonWebToken(answer.AccessToken);
        return new PatientToken(answer.AccessToken, asked + TimeSpan.FromSeconds(answer.ExpiresIn), Guid.Parse(token.GetClaim("sub").Value), Guid.Parse(token.GetClaim("sid").Value));
    }

    private sealed record Answer([property: JsonPropertyName("access_token")] string AccessToken, [property: JsonPropertyName("expires_in")] int ExpiresIn);

    private sealed record Refusal([property: JsonPropertyName("error")] string? Error);
}
