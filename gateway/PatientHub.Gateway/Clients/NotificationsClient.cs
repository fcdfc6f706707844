using PatientHub.Gateway.Session;
using PatientHub.Notifications.Contracts.Http;

namespace PatientHub.Gateway.Clients;

/// <summary>Messages and preferences on the patient's behalf.</summary>
internal sealed class NotificationsClient(HttpClient http, CurrentPatient patient)
{
    public Task<Part<List<MyMessage>>> MessagesAsync(CancellationToken cancellationToken) => http.LoadAsync<List<MyMessage>>("api/me/messages", patient, cancellationToken);

    public Task<Part<Preferences>> PreferencesAsync(CancellationToken cancellationToken) => http.LoadAsync<Preferences>("api/me/preferences", patient, cancellationToken);

    public Task<Outcome> SaveAsync(Preferences preferences, CancellationToken cancellationToken) =>
        http.SendAsync(HttpMethod.Put, "api/me/preferences", preferences, patient, cancellationToken);
}
