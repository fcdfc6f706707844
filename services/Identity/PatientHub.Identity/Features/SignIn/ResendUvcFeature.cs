using PatientHub.Identity.Contracts.Http;
using PatientHub.Identity.Persistence;
using PatientHub.ServiceDefaults.Auth;

namespace PatientHub.Identity.Features.SignIn;

/// <summary><c>POST /internal/sign-in/uvc/resend</c>, "I have no UVC": the UVCs of the proven records, to the proven destination only (A14).</summary>
public static class ResendUvcFeature
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/internal/sign-in/uvc/resend", HandleAsync).RequireAuthorization(Policies.Scope(Scopes.SignIn));

    private static async Task<SignInResult> HandleAsync(
        AttemptReference request, SignInStore store, CodeKeys keys, RecordMatching matching, CodeIssuing issuing, SlowDown slowDown, TimeProvider time, CancellationToken ct)
    {
        if (await store.AttemptAsync(request.AttemptId) is not { } attempt) return new SignInResult { Outcome = SignInOutcome.AttemptEnded };
        if (attempt is not { Phase: AttemptPhase.Uvc, Proven: { } sealedProof }) return new SignInResult { Outcome = SignInOutcome.CodeDead };
        var typed = AttemptDetails.Open(keys, request.AttemptId, attempt.Details);
        var opened = OpenedRecords.Open(keys, request.AttemptId, sealedProof);
        var matches = await matching.FindAsync(typed, ct);
        if (await slowDown.WaitAsync(matches.OwnLinkOf is not null, ct)) matches = await matching.FindAsync(typed, ct);
        var proven = matching.StillProven(matches, typed, opened);

        var now = time.GetUtcNow();
        if (await store.ClaimNewCodeAsync(request.AttemptId, now) is not { } free) return new SignInResult { Outcome = SignInOutcome.AttemptEnded };
        if (free > now) return ResendCodeFeature.Wait(free);
        if (opened.Destination is { } destination && proven.Count > 0) await issuing.IssueUvcsAsync(destination, proven, typed, ct);
        return new SignInResult { Outcome = SignInOutcome.CodeSent };
    }
}
