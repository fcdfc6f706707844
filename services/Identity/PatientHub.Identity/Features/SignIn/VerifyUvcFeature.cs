using PatientHub.Identity.Contracts.Http;
using PatientHub.Identity.Domain;
using PatientHub.Identity.Persistence;
using PatientHub.ServiceDefaults.Auth;

namespace PatientHub.Identity.Features.SignIn;

/// <summary><c>POST /internal/sign-in/uvc</c>: R17, A14. Only after a code was proven; the fifth wrong one ends the attempt and counts in the back-off.</summary>
public static class VerifyUvcFeature
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/internal/sign-in/uvc", HandleAsync).RequireAuthorization(Policies.Scope(Scopes.SignIn));

    private static async Task<SignInResult> HandleAsync(
        VerifyUvc request, SignInStore store, GuessCounters counters, CodeKeys keys, RecordMatching matching, SlowDown slowDown, RepeatedFailures failures,
        TimeProvider time, CancellationToken ct)
    {
        if (await store.AttemptAsync(request.AttemptId) is not { } attempt) return new SignInResult { Outcome = SignInOutcome.AttemptEnded };
        if (attempt is not { Phase: AttemptPhase.Uvc, Proven: { } sealedProof }) return new SignInResult { Outcome = SignInOutcome.CodeDead };
        var typed = AttemptDetails.Open(keys, request.AttemptId, attempt.Details);
        var matches = await matching.FindAsync(typed, ct);
        var pair = keys.Pair(typed.Identifier, typed.DateOfBirth, matches.OwnLinkOf);
        if (await slowDown.WaitAsync(matches.OwnLinkOf is not null, ct)) matches = await matching.FindAsync(typed, ct);
        var proven = matching.StillProven(matches, typed, OpenedRecords.Open(keys, request.AttemptId, sealedProof));

        if (await store.ClaimUvcTryAsync(request.AttemptId) is not { } number || number > GuessLimits.TriesPerCode)
            return new SignInResult { Outcome = SignInOutcome.AttemptEnded };

        // Every record is compared, whichever matches.
        var normalised = UserVerificationCode.Normalise(request.Uvc);
        var older = await matching.OlderUvcsAsync([.. proven.Select(p => p.Id)], ct);
        Patient? found = null;
        foreach (var patient in proven)
            foreach (var uvc in older[patient.Id].Prepend(patient.Uvc))
                if (UserVerificationCode.Matches(uvc, normalised))
                    found = patient;
        if (found is not null) return await SignedIn.AnswerAsync(request.AttemptId, found, pair, store, counters, time, ct);

        var last = number == GuessLimits.TriesPerCode;
        SignInMetrics.WrongTries.Add(1);
        var state = await counters.WrongTryAsync(pair, failed: last, real: true, ct);
        if (state.RepeatedlyFailed) await failures.ReportAsync(matches.Records, ct);
        if (!last) return new SignInResult { Outcome = SignInOutcome.WrongUvc };
        await store.EndAttemptAsync(request.AttemptId);
        return new SignInResult { Outcome = SignInOutcome.AttemptEnded, WaitUntil = state.WaitUntil is { } wait ? CodeIssuing.WholeSecond(wait.AddSeconds(1)) : null };
    }
}
