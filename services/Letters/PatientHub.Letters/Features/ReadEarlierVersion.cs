using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using PatientHub.Letters.Clients;
using PatientHub.Letters.Contracts.Http;
using PatientHub.Letters.Domain;
using PatientHub.Letters.Persistence;
using PatientHub.ServiceDefaults.Auth;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Letters.Features;

/// <summary>
/// <c>GET /api/me/letters/{letterId}/versions/{version}</c> and <c>…/pdf</c>: what the letter said before (A15), marked as replaced. Only beside a current version, and
/// never one that was taken back (A34). Opens nothing (A3).
/// </summary>
public static class ReadEarlierVersion
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/me/letters/{letterId:guid}/versions/{version:int}", ContentAsync).RequireAuthorization(Policies.Patient);
        routes.MapGet("/api/me/letters/{letterId:guid}/versions/{version:int}/pdf", PdfAsync).RequireAuthorization(Policies.Patient);
    }

    /// <summary>The versions before this one that a patient may read, newest first.</summary>
    internal static async Task<List<MyLetterVersion>> ListAsync(LettersDbContext db, ShownLetter current, CancellationToken ct) => current.Version.Version == 1
        ? []
        : await Earlier(db, current).OrderByDescending(v => v.Version).Select(v => new MyLetterVersion { LetterVersion = v.Version, LetterDate = v.LetterDate }).ToListAsync(ct);

    private static IQueryable<LetterVersion> Earlier(LettersDbContext db, ShownLetter current) => db.Versions.AsNoTracking()
        .Where(v => v.LetterId == current.Letter.LetterId && v.Version < current.Version.Version && !v.Withdrawn && v.AnnouncedAt != null);

    private static async Task<Results<Ok<EarlierLetter>, ProblemHttpResult>> ContentAsync(
        Guid letterId, int version, ClaimsPrincipal user, HttpContext http, LettersDbContext db, TimeProvider time, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (await FindAsync(letterId, version, user, db, time, ct) is not ({ } current, { } earlier, { } body)) return Problems.NotFound();
        return TypedResults.Ok(new EarlierLetter
        {
            Current = ListMyLetters.Describe(current.Letter, current.Version),
            LetterVersion = earlier.Version,
            LetterDate = earlier.LetterDate,
            Title = earlier.Title ?? current.Letter.Title,
            Html = body.Html,
            PdfBytes = earlier.PdfBytes,
        });
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> PdfAsync(
        Guid letterId, int version, ClaimsPrincipal user, HttpContext http, LettersDbContext db, LetterPage page, IPdfRenderer renderer, TimeProvider time, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        if (await FindAsync(letterId, version, user, db, time, ct) is not ({ } current, { } earlier, { } body)) return Problems.NotFound();
        var pdf = body.Pdf ?? await renderer.RenderAsync(page.ForReading(letterId, earlier.Title ?? current.Letter.Title, earlier.LetterDate,
            LetterPage.AsReplaced(body.Html!, current.Version.LetterDate), large: false), ct);
        return TypedResults.File(pdf, "application/pdf", $"replaced-letter-{earlier.LetterDate:yyyy-MM-dd}.pdf");
    }

    private static async Task<(ShownLetter? Current, LetterVersion? Earlier, LetterBody? Body)> FindAsync(
        Guid letterId, int version, ClaimsPrincipal user, LettersDbContext db, TimeProvider time, CancellationToken ct)
    {
        if (await OpenMyLetter.FindAsync(letterId, user, db, time, ct) is not { } current) return default;
        if (await Earlier(db, current).SingleOrDefaultAsync(v => v.Version == version, ct) is not { } earlier) return default;
        return (current, earlier, await db.Bodies.AsNoTracking().SingleAsync(b => b.LetterId == letterId && b.Version == version, ct));
    }
}
