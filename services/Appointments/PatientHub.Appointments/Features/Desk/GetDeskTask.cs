using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Appointments.Domain;
using PatientHub.Appointments.Persistence;
using PatientHub.ServiceDefaults.Auth;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Appointments.Features.Desk;

/// <summary><c>GET /internal/desk/tasks/{id}</c>: a task with its appointment, the patient's words, the calls and the ways to close it.</summary>
internal static class GetDeskTask
{
    public static void Map(IEndpointRouteBuilder desk) => desk.MapGet("/tasks/{id:guid}", HandleAsync);

    private static async Task<IResult> HandleAsync(Guid id, ClaimsPrincipal user, AppointmentsDbContext db, CancellationToken ct)
    {
        if (await db.Tasks.AsNoTracking().SingleOrDefaultAsync(t => t.Id == id, ct) is not { } task) return Problems.NotFound();
        var appointment = await db.Appointments.AsNoTracking().SingleOrDefaultAsync(a => a.Id == task.AppointmentId, ct);
        var clinic = appointment is null ? null : await db.Clinics.AsNoTracking().SingleOrDefaultAsync(c => c.Id == appointment.ClinicId, ct);
        var calls = await db.TaskCalls.AsNoTracking().Where(c => c.TaskId == id).OrderBy(c => c.At).ToListAsync(ct);
        return TypedResults.Ok(new DeskTaskDetails
        {
            Task = DeskLines.Of(task, appointment, clinic, user.Staff().Id),
            Note = task.Note,
            AppointmentSourceId = appointment?.SourceId,
            AppointmentId = task.AppointmentId,
            PasStatus = appointment?.PasStatus,
            LetterId = task.LetterId,
            UnsuitableTimes = task.UnsuitableTimes,
            HowToReach = task.HowToReach,
            Reason = task.Reason,
            Calls = [.. calls.Select(c => new DeskCall(c.StaffName, c.At, c.Note))],
            Outcomes = [.. TaskOutcomes.Of(task.Code).Select(TaskMapping.Code)],
            CallsMade = ThreeCalls.AreMade([.. calls.Select(c => c.At)]),
            Outcome = task.Outcome is { } outcome ? TaskMapping.Code(outcome) : null,
            ClosedAt = task.ClosedAt,
            ClosingNote = task.ClosingNote,
        });
    }
}
