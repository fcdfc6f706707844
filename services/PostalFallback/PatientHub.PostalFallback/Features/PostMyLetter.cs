using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PatientHub.Letters.Contracts.Http;
using PatientHub.Messaging;
using PatientHub.PostalFallback.Clients;
using PatientHub.PostalFallback.Consumers;
using PatientHub.PostalFallback.Contracts.Http;
using PatientHub.PostalFallback.Domain;
using PatientHub.PostalFallback.Persistence;
using PatientHub.PostalFallback.Workers;
using PatientHub.ServiceDefaults.Auth;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.PostalFallback.Features;

/// <summary>
/// <c>GET</c> and <c>POST /api/me/post/{letterId}</c> (A17). Letters says whether this patient may have the letter (theirs, not withdrawn, within 24 months); the decision
/// falls here, under the patient's row lock, so that two presses, a ladder that is just ending and an opening make one print.
/// </summary>
internal static class PostMyLetter
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/me/post/{letterId:guid}", GetAsync).RequireAuthorization(Policies.Patient);
        routes.MapPost("/api/me/post/{letterId:guid}", PostAsync).RequireAuthorization(Policies.Patient);
    }

    private static async Task<IResult> GetAsync(Guid letterId, ClaimsPrincipal user, HttpContext http, PostalDbContext db, DatabaseClock clock, IOptions<BatchOptions> batches, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        var patientId = user.PatientId();
        var letter = await db.Letters.AsNoTracking().SingleOrDefaultAsync(row => row.LetterId == letterId && row.PatientId == patientId, cancellationToken);
        if (letter is null)
            return Problems.NotFound();
        var deadlines = await db.Deadlines.AsNoTracking().Where(row => row.LetterId == letterId && row.PatientId == patientId).OrderBy(row => row.CreatedAt).ToListAsync(cancellationToken);
        var patient = await db.Patients.AsNoTracking().SingleOrDefaultAsync(row => row.PatientId == patientId, cancellationToken);
        return TypedResults.Ok(Describe(deadlines, letter.Version, patient, await clock.UtcNowAsync(cancellationToken), batches.Value));
    }

    private static async Task<IResult> PostAsync(
        Guid letterId, ClaimsPrincipal user, HttpContext http, PostalDbContext db, PatientPost post, LettersClient letters, DatabaseClock clock, IOptions<BatchOptions> batches, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        var patientId = user.PatientId();
        LetterStanding? letter;
        try
        {
            letter = (await letters.StandingAsync([letterId], cancellationToken)).GetValueOrDefault(letterId);
        }
        catch (Exception silence) when (LastLook.IsSilence(silence, cancellationToken))
        {
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, "letters-silent", "The letter could not be looked at just now. Try again.");
        }

        if (letter is not { Readable: true } || letter.PatientId != patientId)
            return Problems.NotFound();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var patient = await post.LockAsync(patientId, cancellationToken);
        if (patient.MayNotBeWrittenTo)
            return Problems.Of(StatusCodes.Status409Conflict, "not-sent-to", "Nothing can be posted to this patient.");
        var deadlines = await post.RequestAsync(patient, letter, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Ok(Describe(deadlines, letter.LetterVersion, patient, await clock.UtcNowAsync(cancellationToken), batches.Value));
    }

    internal static PostStanding Describe(IReadOnlyList<Deadline> deadlines, int version, PatientFacts? patient, DateTimeOffset now, BatchOptions batches)
    {
        var standing = RequestedPost.Standing(deadlines, version);
        var posted = deadlines.LastOrDefault(deadline => deadline.State == DeadlineState.Posted && deadline.LetterVersion == version);
        return new PostStanding
        {
            Progress = standing?.State switch
            {
                DeadlineState.Waiting => PostProgress.Waiting,
                DeadlineState.Printing => PostProgress.Printing,
                DeadlineState.Posted => PostProgress.Posted,
                DeadlineState.HandedToPeople or DeadlineState.Rejected => PostProgress.ByPeople,
                _ => PostProgress.None,
            },
            HandOverAt = standing is { State: DeadlineState.Waiting } ? HandOverAt(standing, now, batches) : null,
            Requested = standing is { State: DeadlineState.Waiting or DeadlineState.Printing, RequestedAt: not null },
            Held = standing is { State: DeadlineState.Waiting, Held: true, RequestedAt: null },
            Anyway = patient is not null && PostRules.GoesByPostAnyway(patient),
            PostedAt = posted?.PostedAt,
            ArrivesBy = posted?.PostedAt is { } at ? RequestedPost.ArrivesBy(at) : null,
            CanRequest = RequestedPost.CanRequest(standing, now),
        };
    }

    private static DateTimeOffset HandOverAt(Deadline deadline, DateTimeOffset now, BatchOptions batches)
    {
        var from = deadline.DueAt > now ? deadline.DueAt : now;
        return batches.AtOnce ? from : LastSafePosting.NextCutOff(from);
    }
}
