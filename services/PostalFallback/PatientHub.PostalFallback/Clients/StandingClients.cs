using System.Net.Http.Json;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Letters.Contracts.Http;

namespace PatientHub.PostalFallback.Clients;

/// <summary>The last look at Appointments (design: "A last look before acting").</summary>
internal sealed class AppointmentsClient(HttpClient http)
{
    public Task<IReadOnlyDictionary<Guid, AppointmentStanding>> StandingAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken) =>
        Ask.AllAsync<AppointmentStanding>(http, "internal/appointments/standing", ids, part => new AppointmentStandingQuery { AppointmentIds = part }, row => row.Appointment.AppointmentId, cancellationToken);
}

/// <summary>The last look at Letters.</summary>
internal sealed class LettersClient(HttpClient http)
{
    public Task<IReadOnlyDictionary<Guid, LetterStanding>> StandingAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken) =>
        Ask.AllAsync<LetterStanding>(http, "internal/letters/standing", ids, part => new LetterStandingQuery { LetterIds = part }, row => row.LetterId, cancellationToken);
}

/// <summary>Print PDFs. A client of its own: rendering takes longer than a look.</summary>
internal sealed class LetterPrintClient(HttpClient http)
{
    public async Task<PrintedLetter> PrintAsync(Guid letterId, PrintLetter request, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsJsonAsync($"internal/letters/{letterId}/print", request, cancellationToken);
        switch ((int)response.StatusCode)
        {
            case 404 or 410:
                return new PrintedLetter(PrintAnswer.Gone, null, 0, 0);
            case 422:
                return new PrintedLetter(PrintAnswer.Unprintable, null, 0, 0);
        }

        response.EnsureSuccessStatusCode();
        var version = int.Parse(response.Headers.GetValues("Letter-Version").Single(), System.Globalization.CultureInfo.InvariantCulture);
        var pages = int.Parse(response.Headers.GetValues("Page-Count").Single(), System.Globalization.CultureInfo.InvariantCulture);
        return new PrintedLetter(PrintAnswer.Printed, await response.Content.ReadAsByteArrayAsync(cancellationToken), version, pages);
    }
}

internal enum PrintAnswer
{
    Printed,
    Gone,
    Unprintable,
}

internal sealed record PrintedLetter(PrintAnswer Answer, byte[]? Pdf, int LetterVersion, int Pages);

/// <summary>Names and addresses at the moment of printing, from Identity; never kept.</summary>
internal sealed class AddressesClient(HttpClient http)
{
    public Task<IReadOnlyDictionary<Guid, PatientAddress>> AddressesAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken) =>
        Ask.AllAsync<PatientAddress>(http, "internal/addresses", ids, part => new PatientQuery { PatientIds = part }, row => row.PatientId, cancellationToken);
}

file static class Ask
{
    private const int IdsPerCall = 500;

    public static async Task<IReadOnlyDictionary<Guid, TRow>> AllAsync<TRow>(HttpClient http, string path, IReadOnlyList<Guid> ids, Func<Guid[], object> body, Func<TRow, Guid> key, CancellationToken cancellationToken)
    {
        var rows = new Dictionary<Guid, TRow>();
        foreach (var part in ids.Distinct().Chunk(IdsPerCall))
        {
            using var response = await http.PostAsJsonAsync(path, body(part), cancellationToken);
            response.EnsureSuccessStatusCode();
            foreach (var row in await response.Content.ReadFromJsonAsync<TRow[]>(cancellationToken) ?? [])
                rows[key(row)] = row;
        }

        return rows;
    }
}
