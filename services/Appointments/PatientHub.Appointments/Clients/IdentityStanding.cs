using PatientHub.Identity.Contracts.Http;

namespace PatientHub.Appointments.Clients;

/// <summary>Identity: how a record stands at this moment (scope standing.read).</summary>
internal sealed class IdentityStanding(HttpClient http)
{
    /// <summary>Null when Identity does not know the record.</summary>
    /// <exception cref="HttpRequestException">Identity is down: the caller answers 503, it does not guess.</exception>
    public async Task<PatientStanding?> OfAsync(Guid patientId, CancellationToken ct)
    {
        using var response = await http.PostAsJsonAsync("internal/patients/standing", new PatientQuery { PatientIds = [patientId] }, ct);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<PatientStanding[]>(ct) ?? []).SingleOrDefault();
    }
}
