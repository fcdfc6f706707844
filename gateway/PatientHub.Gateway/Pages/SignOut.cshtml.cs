using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using PatientHub.Gateway.Clients;
using PatientHub.Gateway.Session;

namespace PatientHub.Gateway.Pages;

/// <summary>Signing out: by POST only. The session ends here at once, and at Identity, so that its token cannot be renewed anywhere.</summary>
internal sealed partial class SignOutModel(SessionStore sessions, IdentitySessionClient identity, ILogger<SignOutModel> logger) : HubPageModel
{
    public IActionResult OnGet() => SeeOther("/");

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        await HttpContext.AuthenticateAsync(SessionAuthenticationHandler.SchemeName);
        if (HttpContext.Features.Get<PatientSession>() is { } session)
        {
            await sessions.EndAsync(Request.Cookies[Cookies.Session]!);
            try
            {
                await identity.EndAsync(session.SessionId, cancellationToken);
            }
            catch (HttpRequestException fault)
            {
                // The browser's way in is closed already; what remains at Identity is a 60-second token that nobody holds any more.
                Log.NotEndedAtIdentity(logger, fault.StatusCode);
            }
        }
        foreach (var cookie in (string[])[Cookies.Session, Cookies.Attempt, Cookies.Link, Cookies.Answers])
            Cookies.Remove(Response, cookie);
        // The choice of a language says nothing about a patient and outlives him: with one, our cookies are removed by name alone.
        Response.Headers["Clear-Site-Data"] = Request.Cookies.ContainsKey(Cookies.Language) ? "\"cache\", \"storage\"" : "\"cache\", \"cookies\", \"storage\"";
        return SeeOther("/signed-out");
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Identity did not take the end of a session ({Status})")]
        public static partial void NotEndedAtIdentity(ILogger logger, System.Net.HttpStatusCode? status);
    }
}
