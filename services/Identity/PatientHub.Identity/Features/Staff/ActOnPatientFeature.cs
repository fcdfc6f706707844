using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using PatientHub.Appointments.Contracts;
using PatientHub.Identity.Contracts;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Identity.Features.Intake;
using PatientHub.Identity.Persistence;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults.Auth;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Identity.Features.Staff;

/// <summary><c>POST /internal/desk/patients/{id}/acts</c>: the staff settings of a record (R9, R14, A32), with the line of the audit trail in the same commit.</summary>
public static class ActOnPatientFeature
{
    public static void Map(IEndpointRouteBuilder desk) => desk.MapPost("/patients/{id:guid}/acts", HandleAsync);

    private static async Task<IResult> HandleAsync(Guid id, ActOnPatient act, ClaimsPrincipal user, IdentityDbContext db, IOutbox outbox, DatabaseClock clock, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await PatientLock.TakeAsync(db, id, ct);
        if (await db.Patients.AsTracking().SingleOrDefaultAsync(p => p.Id == id, ct) is not { MergedInto: null } patient) return Problems.NotFound();
        var now = await clock.UtcNowAsync(ct);
        bool? changed = act.Act switch
        {
            StaffActs.LettersOnlyOn => patient.SetLettersOnly(true),
            StaffActs.LettersOnlyOff => patient.SetLettersOnly(false),
            StaffActs.CodesByEmailOn => patient.SetCodesByEmail(true),
            StaffActs.CodesByEmailOff => patient.SetCodesByEmail(false),
            StaffActs.ContactsConfirmed => patient.ConfirmContacts(now),
            _ => null,
        };
        if (changed is null) return Problems.Of(StatusCodes.Status400BadRequest, "act", "Nobody does that here.");
        // Pressed twice, or set by a colleague meanwhile: recorded all the same, because somebody decided it.
        outbox.Add(new RecordStaffAct { ActId = act.ActId, Act = act.Act, StaffId = user.Staff().Id, PatientId = id, OccurredAt = now });
        if (changed == true)
            outbox.Add(new PatientDetailsChanged { Patient = PatientEvents.State(patient, now), ContactsChanged = false, AddressChanged = false, OccurredAt = now });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
