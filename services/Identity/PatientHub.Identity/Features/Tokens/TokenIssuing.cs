using System.Security.Claims;
using Microsoft.AspNetCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using PatientHub.Identity.Contracts;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Identity.Domain;
using PatientHub.Identity.Persistence;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults.Auth;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using Scopes = PatientHub.ServiceDefaults.Auth.Scopes;

namespace PatientHub.Identity.Features.Tokens;

/// <summary>
/// What goes into a token. Machines: their scopes. Patients: <c>sub</c>, <c>sid</c>, scope <c>patient</c>, 60 seconds; by a proven code (once), or by a session that is open and
/// whose record may still be signed in to. Staff: <c>sub</c>, <c>staff_name</c>, scope <c>desk</c>, 60 seconds, when the gateway vouches for them.
/// </summary>
public sealed class TokenIssuing(SignInStore store, IdentityDbContext db, IOutbox outbox, IOptions<TokensOptions> options, TimeProvider time)
    : IOpenIddictServerHandler<HandleTokenRequestContext>
{
    private const int LongestStaffId = 200;
    private const int LongestStaffName = 100;
    private static readonly TimeSpan PersonTokenLife = TimeSpan.FromSeconds(60);

    public async ValueTask HandleAsync(HandleTokenRequestContext context)
    {
        var ct = context.Transaction.GetHttpRequest()?.HttpContext.RequestAborted ?? CancellationToken.None;
        var principal = context.Request.GrantType switch
        {
            GrantTypes.ClientCredentials => Machine(context),
            Grants.ProvenCode => await BySignInAsync((string?)context.Request["grant"], ct),
            Grants.Session => await BySessionAsync((string?)context.Request["sid"], ct),
            Grants.Staff => Staff((string?)context.Request["staff_id"], (string?)context.Request["staff_name"], (string?)context.Request["supervisor"] == "true"),
            _ => null,
        };
        if (principal is null) context.Reject(Errors.InvalidGrant, "The grant is unknown, used or over.");
        else context.SignIn(principal);
    }

    private ClaimsPrincipal Machine(HandleTokenRequestContext context)
    {
        var client = ClientRegistry.All.Single(c => c.Id == context.ClientId);
        var asked = context.Request.GetScopes();
        var principal = Principal(client.Id, asked.IsEmpty ? client.Scopes : asked, options.Value.MachineTokenLife);
        if (client.SourceSystem is { } source) principal.SetClaim("source_system", source);
        return Finish(principal);
    }

    private async Task<ClaimsPrincipal?> BySignInAsync(string? grant, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(grant) || await store.TakeGrantAsync(grant) is not { } patientId || !await MaySignInAsync(patientId, ct)) return null;
        var session = Session.Start(patientId, time.GetUtcNow());
        db.Sessions.Add(session);
        outbox.Add(new PatientSignedIn { PatientId = patientId, SessionId = session.Id, OccurredAt = session.StartedAt });
        await db.SaveChangesAsync(ct);
        return Patient(session, PersonTokenLife);
    }

    private async Task<ClaimsPrincipal?> BySessionAsync(string? sid, CancellationToken ct)
    {
        if (!Guid.TryParse(sid, out var id) || await db.Sessions.AsNoTracking().SingleOrDefaultAsync(s => s.Id == id, ct) is not { } session) return null;
        var now = time.GetUtcNow();
        if (!session.IsOpen(now) || !await MaySignInAsync(session.PatientId, ct)) return null;
        // A20: no token outlives its session.
        return Patient(session, session.EndsAt - now < PersonTokenLife ? session.EndsAt - now : PersonTokenLife);
    }

    /// <summary>The gateway vouches for who signed in at the hospital; the services learn the person from a token that is signed here, not from a header.</summary>
    private static ClaimsPrincipal? Staff(string? id, string? name, bool supervisor)
    {
        if (id is not { Length: > 0 and <= LongestStaffId } || name is not { Length: > 0 and <= LongestStaffName } || id.Concat(name).Any(char.IsControl)) return null;
        var principal = Principal(id, supervisor ? [Scopes.Desk, Scopes.DeskSupervise] : [Scopes.Desk], PersonTokenLife);
        principal.SetClaim(StaffMember.NameClaim, name);
        return Finish(principal);
    }

    private Task<bool> MaySignInAsync(Guid patientId, CancellationToken ct) => db.Patients.WhoMaySignIn(time.GetUtcNow()).AnyAsync(p => p.Id == patientId, ct);

    private static ClaimsPrincipal Patient(Session session, TimeSpan life)
    {
        var principal = Principal(session.PatientId.ToString(), [Scopes.Patient], life);
        principal.SetClaim("sid", session.Id.ToString());
        return Finish(principal);
    }

    private static ClaimsPrincipal Principal(string subject, IEnumerable<string> scopes, TimeSpan life)
    {
        var principal = new ClaimsPrincipal(new ClaimsIdentity("patienthub", Claims.Name, Claims.Role));
        principal.SetClaim(Claims.Subject, subject);
        principal.SetScopes(scopes);
        principal.SetResources(AuthOptions.Audience);
        principal.SetAccessTokenLifetime(life);
        return principal;
    }

    private static ClaimsPrincipal Finish(ClaimsPrincipal principal)
    {
        principal.SetDestinations(static _ => [Destinations.AccessToken]);
        return principal;
    }
}
