using PatientHub.Appointments.Contracts.Http;
using PatientHub.Gateway.Clients;

namespace PatientHub.Gateway.Staff;

/// <summary>The tasks and the audit trail, on behalf of a member of staff.</summary>
internal sealed class DeskClient(HttpClient http, CurrentStaff staff)
{
    public Task<Part<DeskTaskPage>> ListAsync(string? kind, Guid? clinic, bool mine, int page, CancellationToken cancellationToken)
    {
        var query = new List<KeyValuePair<string, string?>> { new("page", page.ToString(System.Globalization.CultureInfo.InvariantCulture)) };
        if (!string.IsNullOrEmpty(kind)) query.Add(new("kind", kind));
        if (clinic is { } id) query.Add(new("clinic", id.ToString()));
        if (mine) query.Add(new("mine", "true"));
        return http.LoadAsync<DeskTaskPage>($"internal/desk/tasks{QueryString.Create(query)}", staff, cancellationToken);
    }

    public Task<Part<DeskTaskDetails>> TaskAsync(Guid id, CancellationToken cancellationToken) => http.LoadAsync<DeskTaskDetails>($"internal/desk/tasks/{id}", staff, cancellationToken);

    public Task<Outcome> ClaimAsync(Guid id, int version, CancellationToken cancellationToken) => PostAsync($"{id}/claim", new DeskTaskMove { Version = version }, cancellationToken);

    public Task<Outcome> ReleaseAsync(Guid id, int version, CancellationToken cancellationToken) => PostAsync($"{id}/release", new DeskTaskMove { Version = version }, cancellationToken);

    public Task<Outcome> NoteCallAsync(Guid id, NoteCall call, CancellationToken cancellationToken) => PostAsync($"{id}/calls", call, cancellationToken);

    public Task<Outcome> CloseAsync(Guid id, CloseDeskTask close, CancellationToken cancellationToken) => PostAsync($"{id}/close", close, cancellationToken);

    public Task<Outcome> IntendAsync(Guid actId, IntendStaffAct act, CancellationToken cancellationToken) => http.SendAsync(HttpMethod.Put, $"internal/desk/acts/{actId}", act, staff, cancellationToken);

    public Task<Part<List<StaffActLine>>> ActsAsync(string query, CancellationToken cancellationToken) => http.LoadAsync<List<StaffActLine>>($"internal/desk/acts{query}", staff, cancellationToken);

    private Task<Outcome> PostAsync<T>(string path, T body, CancellationToken cancellationToken) => http.SendAsync(HttpMethod.Post, $"internal/desk/tasks/{path}", body, staff, cancellationToken);
}
