using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Letters.Persistence;
using PatientHub.ServiceDefaults.Auth;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Letters.Features;

/// <summary><c>POST /internal/appointments/known</c>: what Letters has heard of appointments, for the nightly count (checklist 128).</summary>
internal static class ListKnownAppointments
{
    private const int Most = 500;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/internal/appointments/known", HandleAsync).RequireAuthorization(Policies.Scope(Scopes.StandingRead));

    private static async Task<Results<Ok<List<KnownAppointment>>, ProblemHttpResult>> HandleAsync(KnownAppointmentsQuery query, LettersDbContext db, CancellationToken ct)
    {
        if (query.AppointmentIds is not { Count: <= Most }) return Problems.Of(StatusCodes.Status400BadRequest, "too-many", $"Ask for a list of at most {Most} appointments.");
        var ids = query.AppointmentIds.Distinct().ToArray();
        return TypedResults.Ok(await db.Appointments.AsNoTracking().Where(a => ids.Contains(a.AppointmentId))
            .Select(a => new KnownAppointment { AppointmentId = a.AppointmentId, Version = a.Version, Revision = a.Revision, PasStatus = a.PasStatus }).ToListAsync(ct));
    }
}
