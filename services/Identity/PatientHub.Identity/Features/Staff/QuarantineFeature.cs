using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Identity.Domain;
using PatientHub.Identity.Features.Intake;
using PatientHub.Identity.Persistence;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults.Auth;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Identity.Features.Staff;

/// <summary><c>GET /api/quarantine</c> and <c>POST /api/quarantine/{patientId}/decision</c> (scope <c>trust.admin</c>): a person decides about A30's records.</summary>
public static class QuarantineFeature
{
    private const int PageSize = 500;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/quarantine", ListAsync).RequireAuthorization(Policies.Scope(Scopes.TrustAdmin));
        routes.MapPost("/api/quarantine/{patientId:guid}/decision", DecideAsync).RequireAuthorization(Policies.Scope(Scopes.TrustAdmin));
    }

    private static async Task<List<QuarantinedPatient>> ListAsync(IdentityDbContext db, CancellationToken ct) =>
        await db.QuarantinedRecords.AsNoTracking().OrderBy(q => q.ReceivedAt).Take(PageSize)
            .Select(q => new QuarantinedPatient { PatientId = q.PatientId, Reason = q.Reason, TaskId = q.TaskId, ReceivedAt = q.ReceivedAt })
            .ToListAsync(ct);

    private static async Task<IResult> DecideAsync(
        Guid patientId, QuarantineDecision decision, IdentityDbContext db, PatientEvents events, DatabaseClock clock, CancellationToken ct)
    {
        var now = await clock.UtcNowAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await PatientLock.TakeAsync(db, patientId, ct);
        if (await db.QuarantinedRecords.AsTracking().SingleOrDefaultAsync(q => q.PatientId == patientId, ct) is not { } record) return Problems.NotFound();
        if (record.TaskId != decision.TaskId)
            return Problems.Of(StatusCodes.Status409Conflict, "record-changed", "The PAS has sent another version since. Look at the newer task.");

        if (decision.Apply)
        {
            var patient = await db.Patients.AsTracking().SingleAsync(p => p.Id == patientId, ct);
            var details = JsonSerializer.Deserialize<PatientDetails>(record.Details, JsonSerializerOptions.Web)!;
            var change = patient.Apply(details, record.RecordVersion, now);
            if (change.Anything) await events.ChangedAsync(patient, change, now, ct);
        }

        db.QuarantinedRecords.Remove(record);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
