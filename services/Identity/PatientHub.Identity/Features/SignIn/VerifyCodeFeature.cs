using PatientHub.Appointments.Contracts;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Identity.Domain;
using PatientHub.Identity.Features.Me;
using PatientHub.Identity.Persistence;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults.Auth;

namespace PatientHub.Identity.Features.SignIn;

/// <summary>
/// <c>POST /internal/sign-in/verify</c>: R14, R17, A12, A14.
/// <code>
/// 1 attempt    unknown or over -> AttemptEnded
/// 2 one Lua    dead -> CodeDead; wrong -> counted in PostgreSQL -> WrongCode, or CodeDead when it was the fifth
/// 3 right      records that still stand: none -> CodeDead, one -> SignedIn, several -> UvcNeeded and a task
/// </code>
/// </summary>
public static class VerifyCodeFeature
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/internal/sign-in/verify", HandleAsync).RequireAuthorization(Policies.Scope(Scopes.SignIn));

    private static async Task<SignInResult> HandleAsync(
        VerifyCode request, SignInStore store, GuessCounters counters, CodeKeys keys, RecordMatching matching, SlowDown slowDown, RepeatedFailures failures,
        IOutbox outbox, IdentityDbContext db, TimeProvider time, CancellationToken ct)
    {
        // Step 1
        if (await store.AttemptAsync(request.AttemptId) is not { } attempt) return new SignInResult { Outcome = SignInOutcome.AttemptEnded };
        if (attempt.Phase == AttemptPhase.Uvc) return new SignInResult { Outcome = SignInOutcome.UvcNeeded };
        var typed = AttemptDetails.Open(keys, request.AttemptId, attempt.Details);
        var matches = await matching.FindAsync(typed, ct);
        var pair = keys.Pair(typed.Identifier, typed.DateOfBirth, matches.OwnLinkOf);
        if (await slowDown.WaitAsync(matches.OwnLinkOf is not null, ct)) matches = await matching.FindAsync(typed, ct);

        // Step 2
        var tried = await store.TryCodeAsync(request.AttemptId, keys.Code(request.AttemptId, Digits(request.Code)));
        if (tried.Outcome == TryOutcome.Dead) return new SignInResult { Outcome = SignInOutcome.CodeDead };
        if (tried.Outcome is TryOutcome.Wrong or TryOutcome.Burnt)
        {
            SignInMetrics.WrongTries.Add(1);
            var state = await counters.WrongTryAsync(pair, failed: tried.Outcome == TryOutcome.Burnt, tried.Real, ct);
            if (state.RepeatedlyFailed) await failures.ReportAsync(matches.Records, ct);
            return tried.Outcome == TryOutcome.Wrong
                ? new SignInResult { Outcome = SignInOutcome.WrongCode }
                : new SignInResult { Outcome = SignInOutcome.CodeDead, WaitUntil = state.WaitUntil is { } wait ? CodeIssuing.WholeSecond(wait.AddSeconds(1)) : null };
        }

        // Step 3
        var opened = OpenedRecords.Open(keys, request.AttemptId, tried.Opens!);
        var proven = matching.StillProven(matches, typed, opened);
        if (proven.Count == 0) return new SignInResult { Outcome = SignInOutcome.CodeDead };
        if (proven.Count == 1) return await SignedIn.AnswerAsync(request.AttemptId, proven[0], pair, store, counters, time, ct);

        var stillOpen = new OpenedRecords([.. proven.Select(p => p.Id)], opened.Destination);
        if (!await store.ProveAsync(request.AttemptId, stillOpen.Seal(keys, request.AttemptId))) return new SignInResult { Outcome = SignInOutcome.AttemptEnded };
        outbox.Add(new RaiseTask
        {
            TaskId = Guid.CreateVersion7(),
            Code = TaskCodes.DuplicateRecords,
            PatientId = proven[0].Id,
            Note = $"{proven.Count} records share a contact and a date of birth; signing in asked for the User Verification Code.",
            OccurredAt = time.GetUtcNow(),
        });
        await db.SaveChangesAsync(ct);
        return new SignInResult { Outcome = SignInOutcome.UvcNeeded };
    }

    // The page strips spaces and hyphens; a phone's keyboard may still give full-width digits.
    private static string Digits(string? typed) => typed is null || typed.Length > 64
        ? ""
        : new string([.. typed.Where(char.IsDigit).Select(c => (char)('0' + (int)char.GetNumericValue(c)))]);
}

/// <summary>The last step of every sign-in that succeeds: the attempt ends, the pair's counters begin again, one grant for the token endpoint.</summary>
internal static class SignedIn
{
    public static async Task<SignInResult> AnswerAsync(string attemptId, Patient patient, byte[] pair, SignInStore store, GuessCounters counters, TimeProvider time, CancellationToken ct)
    {
        if (!await store.EndAttemptAsync(attemptId)) return new SignInResult { Outcome = SignInOutcome.AttemptEnded };
        await counters.SucceededAsync(pair, ct);
        SignInMetrics.SignedIn.Add(1);
        return new SignInResult { Outcome = SignInOutcome.SignedIn, Grant = await store.PutGrantAsync(patient.Id), Me = GetMeFeature.Of(patient, time.GetUtcNow()) };
    }
}
