using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Domain;
using PatientHub.Appointments.Persistence;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults.Auth;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Appointments.Features.Desk;

/// <summary>
/// <c>PUT /internal/desk/acts/{actId}</c>: who is about to do what, and why. Written first, so that an act whose answer was lost is in the trail all the same; the service that does it
/// confirms by <see cref="RecordStaffAct"/>.
/// </summary>
internal static class IntendStaffAct
{
    private static readonly HashSet<string> Acts = [.. typeof(StaffActs).GetFields().Select(field => (string)field.GetRawConstantValue()!)];

    public static void Map(IEndpointRouteBuilder desk) => desk.MapPut("/acts/{actId:guid}", HandleAsync);

    private static async Task<IResult> HandleAsync(Guid actId, Contracts.Http.IntendStaffAct body, ClaimsPrincipal user, AppointmentsDbContext db, DatabaseClock clock, CancellationToken ct)
    {
        if (!Words.AreTaken(body.Why)) return Words.Refused();
        if (!Acts.Contains(body.Act)) return Problems.Of(StatusCodes.Status400BadRequest, "act", "Nobody does that.");
        var staff = user.Staff();
        return await Retry.OnConflictAsync<IResult>(db, async () =>
        {
            var now = FhirMapping.Micro(await clock.UtcNowAsync(ct));
            if (await db.StaffActs.SingleOrDefaultAsync(a => a.Id == actId, ct) is { } known)
            {
                if (known.StaffId != staff.Id || known.Act != body.Act) return Problems.Of(StatusCodes.Status409Conflict, "act-known", "This is another act.");
                (known.StaffName, known.Why) = (staff.Name, known.Why ?? body.Why);
            }
            else
            {
                // Nothing more happens at a sign-in.
                DateTimeOffset? done = body.Act == StaffActs.SignedIn ? now : null;
                db.Add(new StaffAct(actId, staff.Id, body.Act, now) { StaffName = staff.Name, PatientId = body.PatientId, TaskId = body.TaskId, LetterId = body.LetterId, Why = body.Why, DoneAt = done });
            }

            await db.SaveChangesAsync(ct);
            return TypedResults.NoContent();
        });
    }
}
