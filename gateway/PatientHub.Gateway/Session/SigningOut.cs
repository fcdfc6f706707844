using Microsoft.AspNetCore.Authentication;
using PatientHub.Gateway.Clients;

namespace PatientHub.Gateway.Session;

/// <summary>Ends the browser's session here at once, and at Identity, so that its token cannot be renewed anywhere.</summary>
internal sealed partial class SigningOut(SessionStore sessions, IdentitySessionClient identity, ILogger<SigningOut> logger)
{
    public async Task EndAsync(HttpContext http, CancellationToken cancellationToken)
    {
        await http.AuthenticateAsync(SessionAuthenticationHandler.SchemeName);
        if (http.Features.Get<PatientSession>() is { } session)
        {
            await sessions.EndAsync(http.Request.Cookies[Cookies.Session]!);
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
        foreach (var cookie in (string[])[Cookies.Session, Cookies.Attempt, Cookies.Answers])
            Cookies.Remove(http.Response, cookie);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Identity did not take the end of a session ({Status})")]
        public static partial void NotEndedAtIdentity(ILogger logger, System.Net.HttpStatusCode? status);
    }
}
