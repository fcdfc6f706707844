using System.Net.Http.Headers;
using PatientHub.Gateway.Session;
using PatientHub.Identity.Contracts.Http;

namespace PatientHub.Gateway.Clients;

/// <summary>Identity on the patient's behalf.</summary>
internal sealed class IdentityClient(HttpClient http, CurrentPatient patient)
{
    public async Task<Part<Me>> MeAsync(CancellationToken cancellationToken) => await http.LoadAsync<Me>("api/me", patient, cancellationToken);

    /// <summary>Right after signing in, when there is no session yet.</summary>
    public async Task<Me> MeAsync(string accessToken, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/me") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", accessToken) } };
        using var response = await http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<Me>(cancellationToken) ?? throw new HttpRequestException("Identity answered without a patient.");
    }
}
