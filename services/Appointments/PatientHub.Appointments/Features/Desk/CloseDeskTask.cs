using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Domain;
using PatientHub.Appointments.Persistence;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults.Auth;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Appointments.Features.Desk;

/// <summary><c>POST /internal/desk/tasks/{id}/close</c>: with an outcome that its kind allows; "not reached" only after three calls on two working days (A9).</summary>
internal static class CloseDeskTask
{
    public static void Map(IEndpointRouteBuilder desk) => desk.MapPost("/tasks/{id:guid}/close", HandleAsync);

    private static async Task<IResult> HandleAsync(
        Guid id, Contracts.Http.CloseDeskTask body, ClaimsPrincipal user, AppointmentsDbContext db, IOutbox outbox, DatabaseClock clock, CancellationToken ct)
    {
        if (!Words.AreTaken(body.Note)) return Words.Refused();
        if (await db.Tasks.SingleOrDefaultAsync(t => t.Id == id, ct) is not { } task) return Problems.NotFound();
        if (TaskMapping.Outcome(body.Outcome) is not { } outcome || !TaskOutcomes.Of(task.Code).Contains(outcome))
            return Problems.Of(StatusCodes.Status400BadRequest, "outcome", "This task cannot end like that.");
        var staff = user.Staff();
        if (!task.IsOpen) return task.Outcome == outcome && task.ClaimedBy == staff.Id ? TypedResults.NoContent() : DeskLines.Closed();
        if (task.Status == DeskTaskStatus.Requested) return DeskLines.NotClaimed();
        if (task.ClaimedBy != staff.Id) return DeskLines.Claimed(task);
        if (body.Version != task.Version) return DeskLines.Changed();
        if (outcome == TaskOutcome.NotReached && !ThreeCalls.AreMade(await db.TaskCalls.AsNoTracking().Where(c => c.TaskId == id).Select(c => c.At).ToListAsync(ct)))
            return Problems.Of(StatusCodes.Status409Conflict, "calls-missing", $"Call {ThreeCalls.Calls} times on {ThreeCalls.Days} working days first.");

        var now = FhirMapping.Micro(await clock.UtcNowAsync(ct));
        task.Close(outcome, staff.Id, now, string.IsNullOrWhiteSpace(body.Note) ? null : body.Note);
        var appointment = await db.Appointments.SingleOrDefaultAsync(a => a.Id == task.AppointmentId, ct);
        await DeskTasks.ClosedAsync(db, outbox, task, outcome, appointment, now, ct);
        db.Add(DeskLines.Done(staff, StaffActs.TaskClosed, task, now, TaskMapping.Code(outcome)));
        try
        {
            await db.SaveChangesAsync(ct);
            return TypedResults.NoContent();
        }
        catch (DbUpdateConcurrencyException)
        {
            return DeskLines.Changed();
        }
    }
}
