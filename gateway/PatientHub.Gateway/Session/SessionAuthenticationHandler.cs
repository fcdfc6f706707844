using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace PatientHub.Gateway.Session;

/// <summary>Signs a browser in by its session cookie. An unreachable Redis is an outage (503 page), never a way in.</summary>
internal sealed class SessionAuthenticationHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, SessionStore sessions)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Session";

    /// <summary>Policy of signed-in pages.</summary>
    public const string Policy = "signed-in";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Cookies[Cookies.Session] is not { Length: > 0 } cookie)
            return AuthenticateResult.NoResult();
        PatientSession? session;
        try
        {
            session = await sessions.ReadAsync(cookie);
        }
        catch (Exception fault) when (fault is RedisException or TimeoutException && Context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return AuthenticateResult.NoResult(); // A page for everyone is shown as to someone signed out.
        }
        if (session is null)
            return AuthenticateResult.Fail("The session is over.");
        Context.Features.Set(session);
        var identity = new ClaimsIdentity([new Claim("sub", session.PatientId.ToString()), new Claim("sid", session.SessionId.ToString())], SchemeName, "sub", null);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    /// <summary>Who was signed in reads why he no longer is; who never was signs in.</summary>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var had = Request.Cookies.ContainsKey(Cookies.Session);
        if (had)
            Cookies.Remove(Response, Cookies.Session);
        Response.StatusCode = StatusCodes.Status303SeeOther;
        Response.Headers.Location = had ? "/signed-out?why=ended" : "/sign-in";
        return Task.CompletedTask;
    }
}
