using PatientHub.Gateway.Session;
using PatientHub.PostalFallback.Contracts.Http;

namespace PatientHub.Gateway.Clients;

/// <summary>The post on the patient's behalf (A17).</summary>
internal sealed class PostClient(HttpClient http, CurrentPatient patient)
{
    public Task<Part<PostStanding>> StandingAsync(Guid letterId, CancellationToken cancellationToken) => http.LoadAsync<PostStanding>($"api/me/post/{letterId}", patient, cancellationToken);

    public Task<Outcome> RequestAsync(Guid letterId, CancellationToken cancellationToken) => http.SendAsync(HttpMethod.Post, $"api/me/post/{letterId}", new { }, patient, cancellationToken);
}
