using Microsoft.EntityFrameworkCore;
using PatientHub.Identity.Contracts;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Identity.Persistence;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults.Auth;

namespace PatientHub.Identity.Features.Sessions;

/// <summary><c>POST /internal/sessions/end</c>: signing out. 204 whether or not the session was open.</summary>
public static class EndSessionFeature
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/internal/sessions/end", HandleAsync).RequireAuthorization(Policies.Scope(Scopes.Session));

    private static async Task<IResult> HandleAsync(EndSession request, IdentityDbContext db, IOutbox outbox, TimeProvider time, CancellationToken ct)
    {
        var session = await db.Sessions.AsTracking().SingleOrDefaultAsync(s => s.Id == request.SessionId, ct);
        if (session is { EndedAt: null })
        {
            session.EndedAt = time.GetUtcNow();
            outbox.Add(new SessionsEnded { PatientId = session.PatientId, SessionId = session.Id, OccurredAt = session.EndedAt.Value });
            await db.SaveChangesAsync(ct);
        }

        return TypedResults.NoContent();
    }
}
