using Microsoft.EntityFrameworkCore;
using PatientHub.Identity.Contracts;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Identity.Features.Intake;
using PatientHub.Identity.Persistence;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults.Auth;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Identity.Features.Staff;

/// <summary><c>PUT /api/patients/{patientId}/codes-by-email</c> (scope <c>trust.admin</c>): the staff setting of R14. 204, or 404.</summary>
public static class SetCodesByEmailFeature
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/api/patients/{patientId:guid}/codes-by-email", HandleAsync).RequireAuthorization(Policies.Scope(Scopes.TrustAdmin));

    private static async Task<IResult> HandleAsync(Guid patientId, CodesByEmail request, IdentityDbContext db, IOutbox outbox, DatabaseClock clock, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await PatientLock.TakeAsync(db, patientId, ct);
        if (await db.Patients.AsTracking().SingleOrDefaultAsync(p => p.Id == patientId, ct) is not { } patient) return Problems.NotFound();
        if (patient.SetCodesByEmail(request.Enabled))
        {
            var now = await clock.UtcNowAsync(ct);
            outbox.Add(new PatientDetailsChanged { Patient = PatientEvents.State(patient, now), ContactsChanged = false, AddressChanged = false, OccurredAt = now });
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
        }

        return TypedResults.NoContent();
    }
}
