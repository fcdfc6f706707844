using PatientHub.Gateway.Clients;
using PatientHub.Notifications.Contracts.Http;

namespace PatientHub.Gateway.Staff;

/// <summary>Messages and preferences on behalf of a member of staff.</summary>
internal sealed class DeskMessagesClient(HttpClient http, CurrentStaff staff)
{
    public Task<Part<StaffHistory>> HistoryAsync(Guid patientId, CancellationToken cancellationToken) =>
        http.LoadAsync<StaffHistory>(HttpMethod.Post, $"internal/desk/patients/{patientId}/history", new ReadHistory { ActId = Guid.CreateVersion7() }, staff, cancellationToken);

    public Task<Outcome> OptAsync(Guid patientId, Guid actId, bool optedOut, CancellationToken cancellationToken) =>
        http.SendAsync(HttpMethod.Post, $"internal/desk/patients/{patientId}/opted-out", new OptPatient { ActId = actId, OptedOut = optedOut }, staff, cancellationToken);
}
