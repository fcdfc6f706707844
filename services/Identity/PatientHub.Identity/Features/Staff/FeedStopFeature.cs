using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using PatientHub.Appointments.Contracts;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Identity.Persistence;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults.Auth;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Identity.Features.Staff;

/// <summary><c>GET /internal/desk/feed-stops</c> and <c>POST /internal/desk/feed-stops/{source}/release</c> (a supervisor): what A34 has stopped, and letting it in again.</summary>
public static class FeedStopFeature
{
    public static void Map(IEndpointRouteBuilder desk)
    {
        desk.MapGet("/feed-stops", ListAsync);
        desk.MapPost("/feed-stops/{source}/release", ReleaseAsync).RequireAuthorization(Policies.Supervisor);
    }

    private static async Task<List<StoppedFeed>> ListAsync(IdentityDbContext db, CancellationToken ct) =>
        await db.FeedStops.AsNoTracking().OrderBy(s => s.StoppedAt).Select(s => new StoppedFeed { SourceSystem = s.SourceSystem, StoppedAt = s.StoppedAt, Changes = s.Changes }).ToListAsync(ct);

    private static async Task<IResult> ReleaseAsync(string source, ReleaseFeed release, ClaimsPrincipal user, IdentityDbContext db, IOutbox outbox, DatabaseClock clock, CancellationToken ct)
    {
        if (await db.FeedStops.AsTracking().SingleOrDefaultAsync(s => s.SourceSystem == source, ct) is not { } stop) return Problems.NotFound();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        db.FeedStops.Remove(stop);
        // The count begins anew: else the next change would stop it again.
        await db.ContactChanges.Where(c => c.SourceSystem == source).ExecuteDeleteAsync(ct);
        outbox.Add(new RecordStaffAct { ActId = release.ActId, Act = StaffActs.FeedReleased, StaffId = user.Staff().Id, OccurredAt = await clock.UtcNowAsync(ct) });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
