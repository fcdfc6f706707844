using PatientHub.Appointments.Contracts.Http;

namespace PatientHub.Letters.Clients;

/// <summary>Asks Appointments for what a letter says (scope standing.read).</summary>
public sealed class AppointmentsClient(HttpClient http)
{
    /// <summary>Most ids of one call.</summary>
    public const int MaxIds = 500;

    /// <summary>How these appointments stand now; unknown ones are left out.</summary>
    public async Task<Dictionary<Guid, AppointmentStanding>> StandingAsync(IReadOnlyList<Guid> appointmentIds, CancellationToken ct)
    {
        using var response = await http.PostAsJsonAsync("internal/appointments/standing", new AppointmentStandingQuery { AppointmentIds = appointmentIds }, ct);
        response.EnsureSuccessStatusCode();
        var standings = await response.Content.ReadFromJsonAsync<List<AppointmentStanding>>(ct) ?? throw new HttpRequestException("Appointments answered without a list.");
        return standings.ToDictionary(s => s.Appointment.AppointmentId);
    }
}
