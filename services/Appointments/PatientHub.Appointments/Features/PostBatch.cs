using Hl7.Fhir.Model;
using PatientHub.Appointments.Persistence;
using PatientHub.Fhir;
using FhirAppointment = Hl7.Fhir.Model.Appointment;

namespace PatientHub.Appointments.Features;

/// <summary>
/// <c>POST /fhir</c>: a Bundle of type batch, as a PAS sends them by the hundred. Sites and clinics go first, so that an appointment finds what it names; appointments are taken by
/// <see cref="AppointmentIntake"/> in transactions of <see cref="Together"/>.
/// </summary>
internal static class PostBatch
{
    private const int Together = 100;

    public static void Map(IEndpointRouteBuilder fhir) => fhir.MapPost("/", HandleAsync);

    private static async Task<IResult> HandleAsync(HttpContext http, FhirBatchReader reader, IServiceScopeFactory scopes, SourceIds ids, CancellationToken ct)
    {
        var batch = await reader.ReadAsync(http, ct);
        if (batch.Refused(out var problem)) return problem;
        return await batch.AnswerAsync(
        [
            new FhirTaker("Location", 1, entries => InScopeAsync(scopes, async services =>
                [await PutLocation.TakeAsync(entries[0].Read<Location>(), ids, services.GetRequiredService<AppointmentsDbContext>(), ct)])),
            new FhirTaker("HealthcareService", 1, entries => InScopeAsync(scopes, async services =>
                [await PutHealthcareService.TakeAsync(entries[0].Read<HealthcareService>(), ids, services.GetRequiredService<AppointmentsDbContext>(), ct)])),
            new FhirTaker("Appointment", Together, entries => InScopeAsync(scopes, services => AppointmentsAsync(entries, ids, services, ct))),
        ], ct);
    }

    private static async Task<IReadOnlyList<FhirResult>> AppointmentsAsync(IReadOnlyList<FhirBatchEntry> entries, SourceIds ids, IServiceProvider services, CancellationToken ct)
    {
        var read = entries.Select(entry => AppointmentArrival.Of(entry.Read<FhirAppointment>(), ids)).ToList();
        AppointmentArrival[] arrivals = [.. read.Select(one => one.Arrival).OfType<AppointmentArrival>()];
        if (arrivals.Length == 0) return [.. read.Select(one => one.Refused!)];
        var intake = services.GetRequiredService<AppointmentIntake>();
        // Several that clash with somebody come again one by one, and then like any other.
        var taken = entries.Count > 1
            ? await intake.TakeAsync(arrivals, ct)
            : await Retry.OnConflictAsync(services.GetRequiredService<AppointmentsDbContext>(), () => intake.TakeAsync(arrivals, ct));
        var next = 0;
        return [.. read.Select(one => one.Refused ?? taken[next++])];
    }

    /// <summary>A context of its own for each transaction: what one has left behind is not saved with the next.</summary>
    private static async Task<IReadOnlyList<FhirResult>> InScopeAsync(IServiceScopeFactory scopes, Func<IServiceProvider, Task<IReadOnlyList<FhirResult>>> take)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await take(scope.ServiceProvider);
    }
}
