using PatientHub.Identity.Contracts.Http;
using PatientHub.Identity.Persistence;
using PatientHub.ServiceDefaults.Auth;

namespace PatientHub.Identity.Features.SignIn;

/// <summary><c>POST /internal/sign-in/resend</c>: A13's one button. The new code replaces the old one; waits by A12, first those of the pair, then those of this sign-in.</summary>
public static class ResendCodeFeature
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/internal/sign-in/resend", HandleAsync).RequireAuthorization(Policies.Scope(Scopes.SignIn));

    private static async Task<SignInResult> HandleAsync(
        AttemptReference request, SignInStore store, GuessCounters counters, CodeKeys keys, RecordMatching matching, CodeIssuing issuing, SlowDown slowDown,
        TimeProvider time, CancellationToken ct)
    {
        if (await store.AttemptAsync(request.AttemptId) is not { } attempt) return new SignInResult { Outcome = SignInOutcome.AttemptEnded };
        if (attempt.Phase == AttemptPhase.Uvc) return new SignInResult { Outcome = SignInOutcome.UvcNeeded };
        var typed = AttemptDetails.Open(keys, request.AttemptId, attempt.Details);
        var matches = await matching.FindAsync(typed, ct);
        await slowDown.WaitAsync(matches.OwnLinkOf is not null, ct);

        var now = time.GetUtcNow();
        if (await counters.WaitUntilAsync(keys.Pair(typed.Identifier, typed.DateOfBirth, matches.OwnLinkOf), now, ct) is { } backOff) return Wait(backOff);
        if (await store.ClaimNewCodeAsync(request.AttemptId, now) is not { } free) return new SignInResult { Outcome = SignInOutcome.AttemptEnded };
        if (free > now) return Wait(free);
        return await issuing.IssueAsync(request.AttemptId, typed, matches.Records, ct) is { } expires
            ? new SignInResult { Outcome = SignInOutcome.CodeSent, CodeExpiresAt = expires }
            : new SignInResult { Outcome = SignInOutcome.AttemptEnded };
    }

    internal static SignInResult Wait(DateTimeOffset until) => new() { Outcome = SignInOutcome.Wait, WaitUntil = CodeIssuing.WholeSecond(until.AddSeconds(1)) };
}
