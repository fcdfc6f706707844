using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Domain;
using PatientHub.Appointments.Persistence;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults.Auth;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Appointments.Features.Desk;

/// <summary><c>POST /internal/desk/tasks/{id}/calls</c>: a call to the patient was tried (A9). The same call id again changes nothing.</summary>
internal static class NoteDeskCall
{
    public static void Map(IEndpointRouteBuilder desk) => desk.MapPost("/tasks/{id:guid}/calls", HandleAsync);

    private static async Task<IResult> HandleAsync(Guid id, Contracts.Http.NoteCall body, ClaimsPrincipal user, AppointmentsDbContext db, DatabaseClock clock, CancellationToken ct)
    {
        if (!Words.AreTaken(body.Note)) return Words.Refused();
        if (await db.Tasks.AsNoTracking().SingleOrDefaultAsync(t => t.Id == id, ct) is not { } task) return Problems.NotFound();
        var staff = user.Staff();
        if (!task.IsOpen) return DeskLines.Closed();
        if (task.ClaimedBy != staff.Id) return task.Status == DeskTaskStatus.Requested ? DeskLines.NotClaimed() : DeskLines.Claimed(task);
        return await Retry.OnConflictAsync<IResult>(db, async () =>
        {
            if (await db.TaskCalls.AnyAsync(c => c.Id == body.CallId, ct)) return TypedResults.NoContent();
            var now = FhirMapping.Micro(await clock.UtcNowAsync(ct));
            db.Add(new TaskCall(body.CallId, id, staff.Name, string.IsNullOrWhiteSpace(body.Note) ? null : body.Note, now));
            db.Add(DeskLines.Done(staff, StaffActs.CallNoted, task, now));
            await db.SaveChangesAsync(ct);
            return TypedResults.NoContent();
        });
    }
}
