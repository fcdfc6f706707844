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

    private static Task<IResult> DecideAsync(Guid patientId, QuarantineDecision decision, IdentityDbContext db, PatientEvents events, DatabaseClock clock, CancellationToken ct) =>
        ApplyAsync(patientId, decision.TaskId, decision.Apply, null, db, events, clock, ct);

    /// <param name="patientId">The record.</param>
    /// <param name="taskId">The task that was looked at.</param>
    /// <param name="apply">The same person.</param>
    /// <param name="record">Adds to the audit trail, in the same commit.</param>
    /// <param name="db">Identity's database.</param>
    /// <param name="events">What follows from a change.</param>
    /// <param name="clock">The database's time.</param>
    /// <param name="ct">Cancels.</param>
    internal static async Task<IResult> ApplyAsync(
        Guid patientId, Guid taskId, bool apply, Action<DateTimeOffset>? record, IdentityDbContext db, PatientEvents events, DatabaseClock clock, CancellationToken ct)
    {
        var now = await clock.UtcNowAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await PatientLock.TakeAsync(db, patientId, ct);
        if (await db.QuarantinedRecords.AsTracking().SingleOrDefaultAsync(q => q.PatientId == patientId, ct) is not { } waiting) return Problems.NotFound();
        if (waiting.TaskId != taskId)
            return Problems.Of(StatusCodes.Status409Conflict, "record-changed", "The PAS has sent another version since. Look at the newer task.");

        if (apply)
        {
            var patient = await db.Patients.AsTracking().SingleAsync(p => p.Id == patientId, ct);
            var details = JsonSerializer.Deserialize<PatientDetails>(waiting.Details, JsonSerializerOptions.Web)!;
            var change = patient.Apply(details, waiting.RecordVersion, now);
            if (change.Anything) await events.ChangedAsync(patient, change, now, ct);
        }

        record?.Invoke(now);
        db.QuarantinedRecords.Remove(waiting);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
