using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using PatientHub.Notifications.Contracts.Http;
using PatientHub.Notifications.Persistence;
using PatientHub.ServiceDefaults.Auth;

namespace PatientHub.Notifications.Features;

/// <summary><c>GET /api/me/preferences</c>, and <c>GET /api/patients/{patientId}/preferences</c> for the trust (R28, R30, A17).</summary>
internal static class ReadPreferences
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/me/preferences", (ClaimsPrincipal user, NotificationsDbContext db, CancellationToken ct) => HandleAsync(user.PatientId(), db, ct)).RequireAuthorization(Policies.Patient);
        app.MapGet("/api/patients/{patientId:guid}/preferences", (Guid patientId, NotificationsDbContext db, CancellationToken ct) => HandleAsync(patientId, db, ct))
            .RequireAuthorization(Policies.Scope(Scopes.TrustAdmin));
    }

    private static async Task<IResult> HandleAsync(Guid patientId, NotificationsDbContext db, CancellationToken ct)
    {
        var kept = await db.Preferences.AsNoTracking().SingleOrDefaultAsync(p => p.PatientId == patientId, ct);
        return Results.Ok(kept is null ? new Preferences() : new Preferences { PreferredChannel = kept.PreferredChannel, AlsoPost = kept.AlsoPost, OptedOut = kept.OptedOut });
    }
}
