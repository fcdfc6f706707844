using PatientHub.Gateway.Clients;
using PatientHub.Identity.Contracts.Http;

namespace PatientHub.Gateway.Staff;

/// <summary>Identity on behalf of a member of staff: every reading is recorded there.</summary>
internal sealed class DeskPatientsClient(HttpClient http, CurrentStaff staff)
{
    public Task<Part<StaffPatient>> ReadAsync(Guid id, CancellationToken cancellationToken) =>
        http.LoadAsync<StaffPatient>(HttpMethod.Post, $"internal/desk/patients/{id}/read", new ReadPatient { ActId = Guid.CreateVersion7() }, staff, cancellationToken);

    public Task<(Outcome Outcome, List<FoundPatient>? Found)> FindAsync(FindPatients find, CancellationToken cancellationToken) =>
        http.SendForAsync<FindPatients, List<FoundPatient>>(HttpMethod.Post, "internal/desk/patients/find", find, staff, cancellationToken);

    public Task<Outcome> ActAsync(Guid id, Guid actId, string act, CancellationToken cancellationToken) =>
        http.SendAsync(HttpMethod.Post, $"internal/desk/patients/{id}/acts", new ActOnPatient { ActId = actId, Act = act }, staff, cancellationToken);

    public Task<Part<StaffQuarantine>> QuarantineAsync(Guid id, CancellationToken cancellationToken) =>
        http.LoadAsync<StaffQuarantine>(HttpMethod.Post, $"internal/desk/patients/{id}/quarantine/read", new ReadPatient { ActId = Guid.CreateVersion7() }, staff, cancellationToken);

    public Task<Outcome> DecideAsync(Guid id, DecideQuarantine decision, CancellationToken cancellationToken) => http.SendAsync(HttpMethod.Post, $"internal/desk/patients/{id}/quarantine/decide", decision, staff, cancellationToken);

    public Task<Part<List<StoppedFeed>>> StoppedFeedsAsync(CancellationToken cancellationToken) => http.LoadAsync<List<StoppedFeed>>("internal/desk/feed-stops", staff, cancellationToken);

    public Task<Outcome> ReleaseFeedAsync(string source, Guid actId, CancellationToken cancellationToken) =>
        http.SendAsync(HttpMethod.Post, $"internal/desk/feed-stops/{Uri.EscapeDataString(source)}/release", new ReleaseFeed { ActId = actId }, staff, cancellationToken);
}
