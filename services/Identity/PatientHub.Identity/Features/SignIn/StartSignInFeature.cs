using PatientHub.Calendar;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Identity.Domain;
using PatientHub.Identity.Persistence;
using PatientHub.ServiceDefaults.Auth;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Identity.Features.SignIn;

/// <summary><c>POST /internal/sign-in/attempts</c>: R13, R14. Always an attempt, known or not, by the same steps (A19).</summary>
public static class StartSignInFeature
{
    private const int OldestYears = 130;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/internal/sign-in/attempts", HandleAsync).RequireAuthorization(Policies.Scope(Scopes.SignIn));

    private static async Task<IResult> HandleAsync(
        StartSignIn request, SignInStore store, GuessCounters counters, CodeKeys keys, RecordMatching matching, CodeIssuing issuing, SlowDown slowDown,
        RepeatedFailures failures, TimeProvider time, CancellationToken ct)
    {
        // Only the form decides about 400, never what is on record.
        if (!TypedIdentifier.TryParse(request.Identifier, out var identifier))
            return Problems.Of(StatusCodes.Status400BadRequest, "identifier-not-usable", "Enter a mobile number, like 07700 900 982, or an email address, like name@example.com.");
        var today = LondonTime.DateOf(time.GetUtcNow());
        if (request.DateOfBirth > today || request.DateOfBirth < today.AddYears(-OldestYears))
            return Problems.Of(StatusCodes.Status400BadRequest, "date-of-birth-not-usable", "Enter a date of birth in the past, like 31 3 1980.");

        var link = request.LinkToken is { Length: > 0 and <= 64 } token ? token : null;
        var typed = new AttemptDetails(identifier, request.DateOfBirth, link, CodeLanguage.Tag(request.Language));
        var matches = await matching.FindAsync(typed, ct);
        var pair = keys.Pair(typed.Identifier, typed.DateOfBirth, matches.OwnLinkOf);
        await slowDown.WaitAsync(matches.OwnLinkOf is not null, ct);

        var state = await counters.StartAsync(pair, ct);
        if (state.RepeatedlyFailed) await failures.ReportAsync(matches.Records, ct);

        var now = time.GetUtcNow();
        var attemptId = SignInStore.NewId();
        await store.PutAttemptAsync(attemptId, typed.Seal(keys, attemptId));
        // A12: after a burnt code the next one waits; the attempt is there, its first code comes by "send a new code".
        var codeExpires = state.WaitUntil is null ? await issuing.IssueAsync(attemptId, typed, matches.Records, ct) : null;
        return TypedResults.Ok(new SignInAttempt
        {
            AttemptId = attemptId,
            CodeExpiresAt = codeExpires ?? CodeIssuing.WholeSecond(now),
            AttemptExpiresAt = CodeIssuing.WholeSecond(now + GuessLimits.AttemptLife),
            WaitUntil = state.WaitUntil is { } wait ? CodeIssuing.WholeSecond(wait.AddSeconds(1)) : null,
        });
    }
}
