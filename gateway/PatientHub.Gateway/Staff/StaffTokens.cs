using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using PatientHub.Identity.Contracts.Http;
using PatientHub.ServiceDefaults.Auth;

namespace PatientHub.Gateway.Staff;

/// <summary>Identity's token endpoint with the grant for staff: the services learn who acts from a signed token.</summary>
internal sealed class StaffTokens(HttpClient http, IOptions<AuthOptions> auth)
{
    public async Task<string> RequestAsync(string id, string name, bool supervisor, CancellationToken cancellationToken)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = Grants.Staff,
            ["client_id"] = auth.Value.ClientId ?? "",
            ["client_secret"] = auth.Value.ClientSecret ?? "",
            ["staff_id"] = id,
            ["staff_name"] = name,
            ["supervisor"] = supervisor ? "true" : "false",
        });
        using var response = await http.PostAsync("connect/token", form, cancellationToken);
        response.EnsureSuccessStatusCode();
        var answer = await response.Content.ReadFromJsonAsync<Answer>(cancellationToken) ?? throw new HttpRequestException("The token service answered without a token.");
        return answer.AccessToken;
    }

    private sealed record Answer([property: JsonPropertyName("access_token")] string AccessToken);
}
