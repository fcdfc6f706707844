using System.Security.Claims;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PatientHub.Appointments.Contracts;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Identity.Domain;
using PatientHub.Identity.Features.Intake;
using PatientHub.Identity.Persistence;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults.Auth;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Identity.Features.Staff;

/// <summary><c>POST /internal/desk/patients/{id}/quarantine/read</c> and <c>…/decide</c> (A30): is it the same person? Both are in the audit trail.</summary>
public static class StaffQuarantineFeature
{
    public static void Map(IEndpointRouteBuilder desk)
    {
        desk.MapPost("/patients/{id:guid}/quarantine/read", ReadAsync);
        desk.MapPost("/patients/{id:guid}/quarantine/decide", DecideAsync);
    }

    private static async Task<IResult> ReadAsync(Guid id, ReadPatient read, ClaimsPrincipal user, IdentityDbContext db, IOutbox outbox, DatabaseClock clock, HttpContext http, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (await db.QuarantinedRecords.AsNoTracking().SingleOrDefaultAsync(q => q.PatientId == id, ct) is not { } waiting) return Problems.NotFound();
        var known = await db.Patients.AsNoTracking().SingleAsync(p => p.Id == id, ct);
        var sent = JsonSerializer.Deserialize<PatientDetails>(waiting.Details, JsonSerializerOptions.Web)!;
        outbox.Add(new RecordStaffAct { ActId = read.ActId, Act = StaffActs.PatientRead, StaffId = user.Staff().Id, PatientId = id, OccurredAt = await clock.UtcNowAsync(ct) });
        await db.SaveChangesAsync(ct);
        return TypedResults.Ok(new StaffQuarantine
        {
            Reason = waiting.Reason,
            TaskId = waiting.TaskId,
            ReceivedAt = waiting.ReceivedAt,
            Known = new RecordIdentity(known.FullName, known.BirthDate, Spaced(known.NhsNumber), PostcodeOf(known.Addresses)),
            Sent = new RecordIdentity(sent.Name.Full, sent.BirthDate, Spaced(sent.NhsNumber), PostcodeOf(sent.Addresses)),
        });
    }

    private static Task<IResult> DecideAsync(
        Guid id, DecideQuarantine decision, ClaimsPrincipal user, IdentityDbContext db, PatientEvents events, IOutbox outbox, DatabaseClock clock, CancellationToken ct) =>
        QuarantineFeature.ApplyAsync(id, decision.TaskId, decision.Apply, now => outbox.Add(new RecordStaffAct
        {
            ActId = decision.ActId,
            Act = decision.Apply ? StaffActs.RecordApplied : StaffActs.RecordRejected,
            StaffId = user.Staff().Id,
            PatientId = id,
            OccurredAt = now,
        }), db, events, clock, ct);

    private static string? Spaced(string? number) => number is null ? null : $"{number[..3]} {number[3..6]} {number[6..]}";

    private static string? PostcodeOf(IReadOnlyList<PostalAddress> addresses) => addresses.Select(a => a.Postcode).FirstOrDefault(code => !string.IsNullOrEmpty(code));
}
