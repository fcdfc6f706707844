using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Appointments.Persistence;
using PatientHub.ServiceDefaults.Auth;

namespace PatientHub.Appointments.Features.Desk;

/// <summary><c>GET /internal/desk/acts?patient=&amp;task=&amp;before=</c>: the audit trail, newest first. The whole of it is for supervisors.</summary>
internal static class ListStaffActs
{
    public const int PageSize = 100;

    public static void Map(IEndpointRouteBuilder desk) => desk.MapGet("/acts", HandleAsync);

    private static async Task<IResult> HandleAsync(Guid? patient, Guid? task, DateTimeOffset? before, ClaimsPrincipal user, AppointmentsDbContext db, CancellationToken ct)
    {
        if (patient is null && task is null && !user.HasScope(Scopes.DeskSupervise)) return TypedResults.Forbid();
        var until = before?.ToUniversalTime();
        var acts = await db.StaffActs.AsNoTracking()
            .Where(a => (patient == null || a.PatientId == patient) && (task == null || a.TaskId == task) && (until == null || a.At < until))
            .OrderByDescending(a => a.At).ThenBy(a => a.Id).Take(PageSize)
            .Select(a => new
            {
                Act = a,
                // What a service tells comes without a name: the person's own last line has it.
                Name = a.StaffName ?? db.StaffActs.Where(other => other.StaffId == a.StaffId && other.StaffName != null).OrderByDescending(other => other.At).Select(other => other.StaffName).FirstOrDefault(),
            })
            .ToListAsync(ct);
        return TypedResults.Ok(acts.Select(row => new StaffActLine
        {
            ActId = row.Act.Id,
            By = row.Name ?? row.Act.StaffId,
            Act = row.Act.Act,
            Why = row.Act.Why,
            At = row.Act.At,
            Done = row.Act.DoneAt is not null,
            PatientId = row.Act.PatientId,
            TaskId = row.Act.TaskId,
        }).ToList());
    }
}
