using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using PatientHub.Letters.Clients;
using PatientHub.Letters.Contracts;
using PatientHub.Letters.Contracts.Http;
using PatientHub.Letters.Domain;
using PatientHub.Letters.Persistence;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults.Auth;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Letters.Features;

/// <summary>
/// <c>GET /api/me/letters/{letterId}</c> and <c>…/pdf</c>: the only way to set "opened" (A3, A27), with the patient's own token, for the current version, never for a
/// prefetch. What is not theirs is 404. The PDF is rendered before it counts as opened: a letter that could not be shown was not read.
/// </summary>
public static class OpenMyLetter
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/me/letters/{letterId:guid}", ContentAsync).RequireAuthorization(Policies.Patient);
        routes.MapGet("/api/me/letters/{letterId:guid}/pdf", PdfAsync).RequireAuthorization(Policies.Patient);
    }

    private static async Task<Results<Ok<LetterContent>, ProblemHttpResult>> ContentAsync(
        Guid letterId, ClaimsPrincipal user, HttpContext http, LettersDbContext db, Opening opening, TimeProvider time, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (await FindAsync(letterId, user, db, time, ct) is not { } found) return Problems.NotFound();
        var body = await BodyAsync(db, found, ct);
        var replaces = await ReplacesAsync(db, found, ct);
        // A PDF of the PAS is not in this answer: whoever sees its title and a link has read nothing yet. In doubt, paper (A3).
        var openedNow = body.Html is not null && !IsPrefetch(http.Request) && await opening.SetAsync(found.Letter, found.Version, ct);
        var described = ListMyLetters.Describe(found.Letter, found.Version);
        return TypedResults.Ok(new LetterContent
        {
            Letter = openedNow ? described with { Opened = true } : described,
            Html = body.Html is null ? null : LetterPage.WithReplacement(body.Html, replaces),
            Phone = found.Version.Phone,
            ReplacesLetterOf = replaces,
            Enclosures = await EnclosuresOf.ListAsync(db, letterId, found.Version.Version, ct),
            Earlier = await ReadEarlierVersion.ListAsync(db, found, ct),
        });
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> PdfAsync(
        Guid letterId, ClaimsPrincipal user, HttpContext http, LettersDbContext db, Opening opening, LetterPage page, IPdfRenderer renderer, TimeProvider time, CancellationToken ct, bool large = false)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        if (await FindAsync(letterId, user, db, time, ct) is not { } found) return Problems.NotFound();
        var body = await BodyAsync(db, found, ct);
        var pdf = body.Pdf ?? await renderer.RenderAsync(page.ForReading(letterId, found.Letter.Title, found.Version.LetterDate,
            LetterPage.WithReplacement(body.Html!, await ReplacesAsync(db, found, ct)), large), ct);
        if (!IsPrefetch(http.Request)) await opening.SetAsync(found.Letter, found.Version, ct);
        return TypedResults.File(pdf, "application/pdf", $"letter-{found.Version.LetterDate:yyyy-MM-dd}.pdf");
    }

    internal static Task<ShownLetter?> FindAsync(Guid letterId, ClaimsPrincipal user, LettersDbContext db, TimeProvider time, CancellationToken ct) =>
        ListMyLetters.ShownTo(db, user.PatientId(), time).SingleOrDefaultAsync(r => r.Letter.LetterId == letterId, ct);

    private static Task<LetterBody> BodyAsync(LettersDbContext db, ShownLetter found, CancellationToken ct) =>
        db.Bodies.AsNoTracking().SingleAsync(b => b.LetterId == found.Letter.LetterId && b.Version == found.Version.Version, ct);

    internal static async Task<DateOnly?> ReplacesAsync(LettersDbContext db, ShownLetter found, CancellationToken ct) => found.Version.Version == 1
        ? null
        : ReplacedLetter.DateOf(found.Version.Version, await db.Versions.AsNoTracking().Where(v => v.LetterId == found.Letter.LetterId).ToListAsync(ct));

    private static bool IsPrefetch(HttpRequest request) =>
        request.Headers["Sec-Purpose"].ToString().Contains("prefetch", StringComparison.OrdinalIgnoreCase)
        || request.Headers["Purpose"].ToString().Equals("prefetch", StringComparison.OrdinalIgnoreCase);
}

/// <summary>Sets the read receipt once. Two tabs, or a page and a print of the moment: one conditional UPDATE decides, and its event stands in the same transaction.</summary>
public sealed class Opening(LettersDbContext db, IOutbox outbox, DatabaseClock clock)
{
    /// <summary>True when this call was the first for a version that is still current.</summary>
    public async Task<bool> SetAsync(Letter letter, LetterVersion version, CancellationToken ct)
    {
        if (version.OpenedAt is not null) return false;
        var now = await clock.UtcNowAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var first = await db.Database.ExecuteSqlAsync($"""
            update letter_version v set opened_at = {now}
            from letter l
            where v.letter_id = {letter.LetterId} and v.version = {version.Version} and v.opened_at is null
              and l.letter_id = v.letter_id and l.current_version = v.version and l.status = 'Current' and l.patient_id = {letter.PatientId}
            """, ct) == 1;
        if (!first) return false;
        outbox.Add(new LetterOpened
        {
            LetterId = letter.LetterId,
            PatientId = letter.PatientId,
            LetterVersion = version.Version,
            AppointmentId = version.AppointmentId,
            Revision = version.Revision,
            OccurredAt = now,
        });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return true;
    }
}
