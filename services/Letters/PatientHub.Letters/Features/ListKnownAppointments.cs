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
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/internal/appointments/known", HandleAsync).RequireAuthorization(Policies.Scope(Scopes.StandingRead));

    private static async Task<Results<Ok<List<KnownAppointment>>, ProblemHttpResult>> HandleAsync(KnownAppointmentsQuery query, LettersDbContext db, CancellationToken ct)
    {
        if (!IdList.TryRead(query.AppointmentIds, out var ids, out var refusal)) return refusal;
        return TypedResults.Ok(await db.Appointments.AsNoTracking().Where(a => ids.Contains(a.AppointmentId))
            .Select(a => new KnownAppointment { AppointmentId = a.AppointmentId, Version = a.Version, Revision = a.Revision, PasStatus = a.PasStatus }).ToListAsync(ct));
    }
}
