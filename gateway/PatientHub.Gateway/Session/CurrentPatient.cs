using PatientHub.Gateway.Clients;

namespace PatientHub.Gateway.Session;

/// <summary>The patient of this request and the token for calls on his behalf; renewed by <c>sid</c> when its 60 seconds are nearly over, once a request.</summary>
internal sealed class CurrentPatient(IHttpContextAccessor http, SessionStore sessions, PatientTokens tokens, TimeProvider time) : ICaller
{
    private static readonly TimeSpan EarlyRenewal = TimeSpan.FromSeconds(10);
    private readonly Lock _gate = new();
    private Task<string>? _token;

    public PatientSession Session => Context.Features.Get<PatientSession>() ?? throw new InvalidOperationException("The page lacks the signed-in policy.");

    /// <summary>True when the browser only looks ahead and nobody has asked to see the page.</summary>
    public bool IsPrefetch => Context.Request.Headers["Sec-Purpose"].ToString().Contains("prefetch", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="SessionEndedException">Identity has ended the session.</exception>
    public Task<string> AccessTokenAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
            return _token ??= FreshAsync(cancellationToken);
    }

    public Exception Refused() => new SessionEndedException();

    /// <summary>Keeps the address of a new calendar feed for the rest of the session; null forgets it.</summary>
    public Task RememberAsync(CalendarFeedAddress? feed) => ChangeAsync(session => session with { CalendarFeed = feed });

    private HttpContext Context => http.HttpContext ?? throw new InvalidOperationException("No request.");

    private async Task<string> FreshAsync(CancellationToken cancellationToken)
    {
        var session = Session;
        if (time.GetUtcNow() < session.AccessTokenEndsAt - EarlyRenewal)
            return session.AccessToken;
        if (await tokens.RenewAsync(session.SessionId, cancellationToken) is not { } renewed)
        {
            await sessions.EndAsync(Cookie);
            throw new SessionEndedException();
        }
        await ChangeAsync(now => now with { AccessToken = renewed.AccessToken, AccessTokenEndsAt = renewed.EndsAt });
        return renewed.AccessToken;
    }

    private string Cookie => Context.Request.Cookies[Cookies.Session]!;

    // What was changed is also what the rest of this request sees.
    private Task ChangeAsync(Func<PatientSession, PatientSession> change)
    {
        var changed = change(Session);
        Context.Features.Set(changed);
        return sessions.UpdateAsync(Cookie, changed);
    }
}

/// <summary>The session ended while the page was made (signed out elsewhere, contact changed, merge): the browser goes to the signed-out page.</summary>
internal sealed class SessionEndedException() : Exception("The session has ended.");
