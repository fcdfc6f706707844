using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Appointments.Domain;
using PatientHub.Appointments.Persistence;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults.Auth;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Appointments.Features.Desk;

/// <summary>
/// <c>POST /internal/desk/tasks/{id}/claim</c> (A10): locks the task, for colleagues and for the patient's withdrawal. <c>POST …/release</c> gives it back; a supervisor may
/// release anybody's.
/// </summary>
internal static class ClaimDeskTask
{
    public static void Map(IEndpointRouteBuilder desk)
    {
        desk.MapPost("/tasks/{id:guid}/claim", ClaimAsync);
        desk.MapPost("/tasks/{id:guid}/release", ReleaseAsync);
    }

    private static Task<IResult> ClaimAsync(Guid id, DeskTaskMove move, ClaimsPrincipal user, AppointmentsDbContext db, DatabaseClock clock, CancellationToken ct) =>
        MoveAsync(id, move, user, db, clock, StaffActs.TaskClaimed, (task, staff, now) => task.Claim(staff.Id, now, staff.Name), ct);

    private static Task<IResult> ReleaseAsync(Guid id, DeskTaskMove move, ClaimsPrincipal user, AppointmentsDbContext db, DatabaseClock clock, CancellationToken ct)
    {
        var supervisor = user.HasScope(Scopes.DeskSupervise);
        return MoveAsync(id, move, user, db, clock, StaffActs.TaskReleased, (task, staff, _) => task.Release(staff.Id, supervisor), ct);
    }

    private static async Task<IResult> MoveAsync(
        Guid id, DeskTaskMove move, ClaimsPrincipal user, AppointmentsDbContext db, DatabaseClock clock, string act, Func<DeskTask, StaffMember, DateTimeOffset, bool> change, CancellationToken ct)
    {
        if (await db.Tasks.SingleOrDefaultAsync(t => t.Id == id, ct) is not { } task) return Problems.NotFound();
        var (staff, version, now) = (user.Staff(), task.Version, FhirMapping.Micro(await clock.UtcNowAsync(ct)));
        if (!change(task, staff, now)) return task.IsOpen ? DeskLines.Claimed(task) : DeskLines.Closed();
        if (task.Version == version) return TypedResults.NoContent(); // A repeat.
        if (move.Version != version) return DeskLines.Changed();
        db.Add(DeskLines.Done(staff, act, task, now));
        try
        {
            await db.SaveChangesAsync(ct);
            return TypedResults.NoContent();
        }
        catch (DbUpdateConcurrencyException)
        {
            // A colleague, or the patient's withdrawal, was faster: say which.
            db.ChangeTracker.Clear();
            var faster = await db.Tasks.AsNoTracking().SingleAsync(t => t.Id == id, ct);
            return !faster.IsOpen ? DeskLines.Closed()
                : faster.Status == DeskTaskStatus.InProgress && faster.ClaimedBy != staff.Id ? DeskLines.Claimed(faster)
                : DeskLines.Changed();
        }
    }
}
