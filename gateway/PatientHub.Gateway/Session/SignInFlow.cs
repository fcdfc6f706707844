using PatientHub.Gateway.Clients;
using PatientHub.Identity.Contracts.Http;

namespace PatientHub.Gateway.Session;

/// <summary>Where a step of signing in leads (A12–A14). The words and the way are the same for known and unknown details (A19).</summary>
internal sealed class SignInFlow(PatientTokens tokens, SessionStore sessions, KeptAnswers answers, TimeProvider time)
{
    /// <summary>The page after this outcome; null when the same page shows an error.</summary>
    public async Task<string?> NextAsync(HttpContext http, AttemptCookie attempt, SignInResult result, CancellationToken cancellationToken)
    {
        attempt = attempt with { CodeExpiresAt = result.CodeExpiresAt ?? attempt.CodeExpiresAt, WaitUntil = result.WaitUntil };
        switch (result.Outcome)
        {
            case SignInOutcome.SignedIn:
                return await BeginAsync(http, result.Grant!, result.Me!, cancellationToken) ?? Ended(http);
            case SignInOutcome.UvcNeeded:
                attempt.Write(http.Response, time);
                return "/sign-in/uvc";
            case SignInOutcome.Wait:
                attempt.Write(http.Response, time);
                return "/sign-in/wait";
            case SignInOutcome.CodeSent:
                attempt.Write(http.Response, time);
                return "/sign-in/code?sent=again";
            case SignInOutcome.AttemptEnded:
                return Ended(http);
            default:
                return null;
        }
    }

    private static string Ended(HttpContext http)
    {
        Cookies.Remove(http.Response, Cookies.Attempt);
        return "/sign-in/ended";
    }

    /// <summary>A fresh id at every sign-in; what the browser held before is over (no session fixation). Leads home, or to what the patient had begun before a time-out.</summary>
    private async Task<string?> BeginAsync(HttpContext http, string grant, Me me, CancellationToken cancellationToken)
    {
        if (await tokens.ExchangeAsync(grant, cancellationToken) is not { } token)
            return null;
        if (http.Request.Cookies[Cookies.Session] is { } old)
            await sessions.EndAsync(old);
        var cookie = await sessions.CreateAsync(new PatientSession
        {
            PatientId = token.PatientId,
            SessionId = token.SessionId,
            FullName = me.FullName,
            FirstName = me.FirstName,
            LinkHash = me.LinkHash,
            AccessToken = token.AccessToken,
            AccessTokenEndsAt = token.EndsAt,
            StartedAt = time.GetUtcNow(),
        });
        http.Response.Cookies.Append(Cookies.Session, cookie, Cookies.Options());
        Cookies.Remove(http.Response, Cookies.Attempt);
        Cookies.Remove(http.Response, Cookies.Link);
        return (await answers.ReadAsync(http.Request, token.PatientId))?.Path ?? "/home";
    }
}
