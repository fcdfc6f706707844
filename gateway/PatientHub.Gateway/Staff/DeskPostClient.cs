using PatientHub.Gateway.Clients;
using PatientHub.PostalFallback.Contracts.Http;

namespace PatientHub.Gateway.Staff;

/// <summary>The post on behalf of a member of staff.</summary>
internal sealed class DeskPostClient(HttpClient http, CurrentStaff staff)
{
    public Task<Part<List<StaffPostLine>>> ListAsync(Guid patientId, CancellationToken cancellationToken) => http.LoadAsync<List<StaffPostLine>>($"internal/desk/patients/{patientId}/post", staff, cancellationToken);

    public Task<Outcome> PostNowAsync(Guid patientId, Guid letterId, Guid actId, CancellationToken cancellationToken) =>
        http.SendAsync(HttpMethod.Post, $"internal/desk/patients/{patientId}/letters/{letterId}/post", new PostLetterNow { ActId = actId }, staff, cancellationToken);
}
