using PatientHub.Gateway.Session;
using PatientHub.Identity.Contracts.Http;

namespace PatientHub.Gateway.Clients;

/// <summary>Identity on the patient's behalf.</summary>
internal sealed class IdentityClient(HttpClient http, CurrentPatient patient)
{
    public Task<Part<Me>> MeAsync(CancellationToken cancellationToken) => http.LoadAsync<Me>("api/me", patient, cancellationToken);
}
