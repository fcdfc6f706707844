using Microsoft.EntityFrameworkCore;
using PatientHub.Identity.Contracts;
using PatientHub.Identity.Features.Intake;
using PatientHub.Identity.Persistence;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults.Auth;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Identity.Features.Staff;

/// <summary><c>PUT /api/patients/{patientId}/contacts-confirmed</c> (scope <c>trust.admin</c>, no body): the hospital has asked, the contacts are right (A32). 204, or 404.</summary>
public static class ConfirmContactsFeature
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/api/patients/{patientId:guid}/contacts-confirmed", HandleAsync).RequireAuthorization(Policies.Scope(Scopes.TrustAdmin));

    private static async Task<IResult> HandleAsync(Guid patientId, IdentityDbContext db, IOutbox outbox, DatabaseClock clock, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await PatientLock.TakeAsync(db, patientId, ct);
        if (await db.Patients.AsTracking().SingleOrDefaultAsync(p => p.Id == patientId, ct) is not { } patient) return Problems.NotFound();
        var now = await clock.UtcNowAsync(ct);
        if (patient.ConfirmContacts(now))
        {
            outbox.Add(new PatientDetailsChanged { Patient = PatientEvents.State(patient, now), ContactsChanged = false, AddressChanged = false, OccurredAt = now });
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
        }

        return TypedResults.NoContent();
    }
}
