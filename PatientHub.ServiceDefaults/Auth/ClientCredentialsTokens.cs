using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;

namespace PatientHub.ServiceDefaults.Auth;

/// <summary>Obtains this process's own tokens (client credentials, RFC 6749 section 4.4) and keeps each until shortly before it ends.</summary>
internal sealed class ClientCredentialsTokens(IHttpClientFactory http, IOptions<AuthOptions> options, TimeProvider time)
{
    private static readonly TimeSpan EarlyRenewal = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<string, (string Token, DateTimeOffset RenewAt)> _tokens = new();
    private readonly SemaphoreSlim _gate = new(1, 1);

    public async ValueTask<string> GetAsync(string scope, CancellationToken cancellationToken)
    {
        if (Cached(scope) is { } cached)
            return cached;
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return Cached(scope) ?? await RequestAsync(scope, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Forgets a token that a service refused: the keys may have changed.</summary>
    public void Drop(string scope) => _tokens.TryRemove(scope, out _);

    private string? Cached(string scope) => _tokens.TryGetValue(scope, out var entry) && time.GetUtcNow() < entry.RenewAt ? entry.Token : null;

    private async Task<string> RequestAsync(string scope, CancellationToken cancellationToken)
    {
        var auth = options.Value;
        if (auth.Authority is null || auth.ClientId is null || auth.ClientSecret is null)
            throw new InvalidOperationException("Auth:Authority, Auth:ClientId and Auth:ClientSecret must be configured to call other services.");
        using var client = http.CreateClient(nameof(ClientCredentialsTokens));
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = auth.ClientId,
            ["client_secret"] = auth.ClientSecret,
            ["scope"] = scope,
        });
        using var response = await client.PostAsync(new Uri(auth.Authority, "/connect/token"), form, cancellationToken);
        response.EnsureSuccessStatusCode();
        var token = await response.Content.ReadFromJsonAsync<TokenResponse>(cancellationToken) ?? throw new HttpRequestException("The token service answered without a token.");
        _tokens[scope] = (token.AccessToken, time.GetUtcNow() + TimeSpan.FromSeconds(token.ExpiresIn) - EarlyRenewal);
        return token.AccessToken;
    }

    private sealed record TokenResponse([property: JsonPropertyName("access_token")] string AccessToken, [property: JsonPropertyName("expires_in")] int ExpiresIn);
}
