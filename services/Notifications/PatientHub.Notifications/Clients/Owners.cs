using System.Net;
using System.Net.Http.Json;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Letters.Contracts.Http;
using PatientHub.Messaging;

namespace PatientHub.Notifications.Clients;

/// <summary>Identity: contacts at the moment of sending (scope contacts.read).</summary>
internal sealed class IdentityContacts(HttpClient http)
{
    public Task<IReadOnlyList<PatientContact>> GetAsync(IReadOnlyList<Guid> patientIds, CancellationToken ct) =>
        http.PostForListAsync<PatientQuery, PatientContact>("internal/contacts", new PatientQuery { PatientIds = patientIds }, ct);

    /// <summary>Whose number it is; STOP and START are marked on the way (R14).</summary>
    public Task<IReadOnlyList<NumberOwner>> TextedAsync(NumberTexted texted, CancellationToken ct) =>
        http.PostForListAsync<NumberTexted, NumberOwner>("internal/contacts/texting", texted, ct);
}

/// <summary>Identity: picking up a sign-in code, once (scope codes.collect).</summary>
internal sealed class IdentityCodes(HttpClient http)
{
    /// <summary>Null: picked up already, or dead.</summary>
    public async Task<CollectedCode?> CollectAsync(Guid codeId, CancellationToken ct)
    {
        using var response = await http.PostAsync($"internal/sign-in-codes/{codeId}/collect", content: null, ct);
        if (response.StatusCode == HttpStatusCode.NotFound) return null;
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<CollectedCode>(MessageJson.Options, ct);
    }
}

/// <summary>Appointments: how appointments stand now (scope standing.read).</summary>
internal sealed class AppointmentsStanding(HttpClient http)
{
    public Task<IReadOnlyList<AppointmentStanding>> GetAsync(IReadOnlyList<Guid> appointmentIds, CancellationToken ct) =>
        http.PostForListAsync<AppointmentStandingQuery, AppointmentStanding>("internal/appointments/standing", new AppointmentStandingQuery { AppointmentIds = appointmentIds }, ct);
}

/// <summary>Letters: how letters stand now (scope standing.read).</summary>
internal sealed class LettersStanding(HttpClient http)
{
    public Task<IReadOnlyList<LetterStanding>> GetAsync(IReadOnlyList<Guid> letterIds, CancellationToken ct) =>
        http.PostForListAsync<LetterStandingQuery, LetterStanding>("internal/letters/standing", new LetterStandingQuery { LetterIds = letterIds }, ct);
}

internal static class OwnersHttp
{
    public static async Task<IReadOnlyList<TAnswer>> PostForListAsync<TQuery, TAnswer>(this HttpClient http, string path, TQuery query, CancellationToken ct)
    {
        using var response = await http.PostAsJsonAsync(path, query, MessageJson.Options, ct);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<List<TAnswer>>(MessageJson.Options, ct) ?? throw new HttpRequestException("The answer was empty.");
    }
}
