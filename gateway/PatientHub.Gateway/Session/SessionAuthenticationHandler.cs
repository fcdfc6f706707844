using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace PatientHub.Gateway.Session;

/// <summary>Signs a browser in by its session cookie. An unreachable Redis is an outage (503 page), never a way in.</summary>
internal sealed class SessionAuthenticationHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, SessionStore sessions, KeptAnswers answers)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Session";

    /// <summary>Policy of signed-in pages.</summary>
    public const string Policy = "signed-in";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // Keeping what was typed when the time was up must not make the session longer.
        if (Request.Cookies[Cookies.Session] is not { Length: > 0 } cookie || Request.Path.StartsWithSegments("/session/keep"))
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
        var identity = IdentityOf(session.PatientId);
        identity.AddClaim(new Claim("sid", session.SessionId.ToString()));
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    public static ClaimsIdentity IdentityOf(Guid patientId) => new([new Claim("sub", patientId.ToString())], SchemeName, "sub", null);

    /// <summary>Who was signed in reads why he no longer is, and what has become of a form that he just sent; who never was signs in.</summary>
    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var had = Request.Cookies.ContainsKey(Cookies.Session);
        var why = had && HttpMethods.IsPost(Request.Method) ? await KeepAsync() ? "kept" : "unsent" : "ended";
        if (had)
            Cookies.Remove(Response, Cookies.Session);
        Response.StatusCode = StatusCodes.Status303SeeOther;
        Response.Headers.Location = had ? "/signed-out?why=" + why : "/sign-in";
    }

    private async Task<bool> KeepAsync()
    {
        if (!Request.HasFormContentType || Context.GetEndpoint()?.Metadata.GetMetadata<PageActionDescriptor>() is null)
            return false;
        try
        {
            return await answers.KeepAsync(Context, Request.Path);
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException or RedisException or TimeoutException)
        {
            return false; // A form that cannot be read, or nowhere to keep it.
        }
    }
}
