using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using PatientHub.Letters.Clients;
using PatientHub.Letters.Contracts.Http;
using PatientHub.Letters.Domain;
using PatientHub.Letters.Persistence;
using PatientHub.ServiceDefaults.Auth;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Letters.Features;

/// <summary>
/// <c>GET /api/me/letters/{letterId}/enclosures/{number}</c> and <c>…/pdf</c>: what goes with a letter (R10). It opens nothing: a leaflet is not the letter (A3). Found
/// through its letter alone, so another patient's is 404 whatever is guessed.
/// </summary>
public static class ReadMyEnclosure
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/me/letters/{letterId:guid}/enclosures/{number:int}", ContentAsync).RequireAuthorization(Policies.Patient);
        routes.MapGet("/api/me/letters/{letterId:guid}/enclosures/{number:int}/pdf", PdfAsync).RequireAuthorization(Policies.Patient);
    }

    private static async Task<Results<Ok<EnclosureContent>, ProblemHttpResult>> ContentAsync(
        Guid letterId, int number, ClaimsPrincipal user, HttpContext http, LettersDbContext db, TimeProvider time, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (await FindAsync(letterId, number, user, db, time, ct) is not ({ } found, { } file)) return Problems.NotFound();
        return TypedResults.Ok(new EnclosureContent
        {
            Enclosure = new MyEnclosure { Number = number, Title = file.Title, HasHtml = file.Html is not null, PdfBytes = file.PdfBytes },
            Html = file.Html,
            Letter = ListMyLetters.Describe(found.Letter, found.Version),
        });
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> PdfAsync(
        Guid letterId, int number, ClaimsPrincipal user, HttpContext http, LettersDbContext db, LetterPage page, IPdfRenderer renderer, TimeProvider time, CancellationToken ct, bool large = false)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        if (await FindAsync(letterId, number, user, db, time, ct) is not ({ }, { } file)) return Problems.NotFound();
        return TypedResults.File(file.Pdf ?? await renderer.RenderAsync(page.ForEnclosure(letterId, file.Title, file.Html!, large), ct), "application/pdf", $"enclosure-{number}.pdf");
    }

    private static async Task<(ShownLetter? Letter, EnclosureFile? File)> FindAsync(Guid letterId, int number, ClaimsPrincipal user, LettersDbContext db, TimeProvider time, CancellationToken ct) =>
        await OpenMyLetter.FindAsync(letterId, user, db, time, ct) is { } found
            ? (found, await EnclosuresOf.FindAsync(db, letterId, found.Version.Version, number, ct))
            : (null, null);
}
