using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PatientHub.Appointments.Contracts;
using PatientHub.Letters.Contracts.Http;
using PatientHub.Messaging;
using PatientHub.PostalFallback.Clients;
using PatientHub.PostalFallback.Consumers;
using PatientHub.PostalFallback.Contracts.Http;
using PatientHub.PostalFallback.Persistence;
using PatientHub.PostalFallback.Workers;
using PatientHub.ServiceDefaults.Auth;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.PostalFallback.Features;

/// <summary>The desk's side of the post: <c>GET /internal/desk/patients/{id}/post</c> and <c>POST …/letters/{letterId}/post</c> ("post now", A17), decided exactly as a patient's own wish.</summary>
internal static class PostForPatient
{
    private const int Most = 100;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/internal/desk/patients/{id:guid}/post", ListAsync).RequireAuthorization(Policies.Staff);
        routes.MapPost("/internal/desk/patients/{id:guid}/letters/{letterId:guid}/post", PostAsync).RequireAuthorization(Policies.Staff);
    }

    private static async Task<List<StaffPostLine>> ListAsync(Guid id, PostalDbContext db, CancellationToken cancellationToken) =>
        [.. (await db.Deadlines.AsNoTracking().Where(row => row.PatientId == id).OrderByDescending(row => row.CreatedAt).Take(Most).ToListAsync(cancellationToken)).Select(row => new StaffPostLine
        {
            LetterId = row.LetterId,
            LetterVersion = row.LetterVersion,
            Start = row.Start,
            State = row.State.ToString(),
            Reason = row.Reason.ToString(),
            DueAt = row.DueAt,
            PostedAt = row.PostedAt,
            CreatedAt = row.CreatedAt,
        })];

    private static async Task<IResult> PostAsync(
        Guid id, Guid letterId, PostLetterNow now, ClaimsPrincipal user, PostalDbContext db, PatientPost post, LettersClient letters, IOutbox outbox, DatabaseClock clock, IOptions<BatchOptions> batches,
        CancellationToken cancellationToken)
    {
        LetterStanding? letter;
        try
        {
            letter = (await letters.StandingAsync([letterId], cancellationToken)).GetValueOrDefault(letterId);
        }
        catch (Exception silence) when (LastLook.IsSilence(silence, cancellationToken))
        {
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, "letters-silent", "The letter could not be looked at just now. Try again.");
        }

        // Staff may post what the patient cannot read online (a hidden clinic), but never what was withdrawn.
        if (letter is not { Withdrawn: false } || letter.PatientId != id)
            return Problems.NotFound();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var patient = await post.LockAsync(id, cancellationToken);
        if (patient.MayNotBeWrittenTo)
            return Problems.Of(StatusCodes.Status409Conflict, "not-sent-to", "Nothing can be posted to this patient.");
        var at = await clock.UtcNowAsync(cancellationToken);
        outbox.Add(new RecordStaffAct { ActId = now.ActId, Act = StaffActs.PostNow, StaffId = user.Staff().Id, PatientId = id, LetterId = letterId, OccurredAt = at });
        var deadlines = await post.RequestAsync(patient, letter, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Ok(PostMyLetter.Describe(deadlines, letter.LetterVersion, patient, at, batches.Value));
    }
}
