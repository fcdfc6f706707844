using PatientHub.Appointments.Contracts.Http;

namespace PatientHub.Appointments.Clients;

/// <summary>What another service knows of appointments (scope standing.read).</summary>
internal abstract class KnownElsewhere(HttpClient http, string name)
{
    /// <summary>The time-outs of the client end with the answer's first byte; one that stops in the middle of it must not stop the count for ever.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public string Name => name;

    /// <summary>Letters hears of no answer: its versions stay behind.</summary>
    public virtual bool HearsOfAnswers => true;

    /// <exception cref="HttpRequestException">The service is down: nothing can be counted now.</exception>
    public async Task<Dictionary<Guid, KnownAppointment>> OfAsync(IReadOnlyList<Guid> appointmentIds, CancellationToken ct)
    {
        if (appointmentIds.Count == 0) return [];
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        using var response = await http.PostAsJsonAsync("internal/appointments/known", new KnownAppointmentsQuery { AppointmentIds = appointmentIds }, patience.Token);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<KnownAppointment[]>(patience.Token) ?? []).ToDictionary(known => known.AppointmentId);
    }
}

internal sealed class KnownToLetters(HttpClient http) : KnownElsewhere(http, "Letters")
{
    public override bool HearsOfAnswers => false;
}

internal sealed class KnownToNotifications(HttpClient http) : KnownElsewhere(http, "Notifications");

internal sealed class KnownToPostal(HttpClient http) : KnownElsewhere(http, "PostalFallback");
