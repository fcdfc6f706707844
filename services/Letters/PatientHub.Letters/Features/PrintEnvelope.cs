using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PatientHub.Letters.Clients;
using PatientHub.Letters.Contracts.Http;
using PatientHub.Letters.Domain;
using PatientHub.Letters.Persistence;
using PatientHub.ServiceDefaults.Auth;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Letters.Features;

/// <summary><c>POST /internal/letters/{letterId}/print</c>: the current version with its enclosures for the envelope, with the address PostalFallback got from Identity this moment.</summary>
public static class PrintEnvelope
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/internal/letters/{letterId:guid}/print", HandleAsync).RequireAuthorization(Policies.Scope(Scopes.Print));

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> HandleAsync(
        Guid letterId, PrintLetter print, HttpContext http, LettersDbContext db, LetterPage page, IPdfRenderer renderer, WholeSheets sheets, PdfDocuments pdfs,
        IOptions<LettersOptions> options, CancellationToken ct)
    {
        if (print.FullName is null || print.AddressLines is null || print.AddressLines.Any(line => line is null))
            return Problems.Of(StatusCodes.Status400BadRequest, "bad-request", "A print needs a name and address lines.");
        var letter = await db.Letters.AsNoTracking().SingleOrDefaultAsync(l => l.LetterId == letterId, ct);
        if (letter is null || letter.CurrentVersion == 0) return Problems.NotFound();
        if (letter.Status != LetterStatus.Current) return Problems.Of(StatusCodes.Status410Gone, "withdrawn", "This letter was withdrawn. It must not be printed.");
        if (print.AddressLines.Count is < 3 or > 7)
            return Problems.Of(StatusCodes.Status422UnprocessableEntity, "address", "An address has 3 to 7 lines.");

        var version = await db.Versions.AsNoTracking().SingleAsync(v => v.LetterId == letterId && v.Version == letter.CurrentVersion, ct);
        var body = await db.Bodies.AsNoTracking().SingleAsync(b => b.LetterId == letterId && b.Version == letter.CurrentVersion, ct);
        var replaces = await OpenMyLetter.ReplacesAsync(db, new ShownLetter { Letter = letter, Version = version }, ct);

        var enclosures = await EnclosuresOf.ReadAsync(db, letterId, letter.CurrentVersion, ct);
        // R10: a scan cannot be made larger; a person has to make it readable for this patient.
        if (print.LargePrint && (body.Pdf is not null || enclosures.Exists(e => e.File.Pdf is not null)))
            return Problems.Of(StatusCodes.Status422UnprocessableEntity, "large-print", "A PDF of the hospital system cannot be printed in large print.");
        if (new[] { body.Pdf }.Concat(enclosures.Select(e => e.File.Pdf)).Any(document => document is not null && !pdfs.IsA4(document)))
            return Problems.Of(StatusCodes.Status422UnprocessableEntity, "page-size", "A page of this PDF is not A4 portrait.");

        var enclosed = enclosures.ConvertAll(e => e.File.Title);
        string First(bool back) => body.Html is { } html
            ? page.ForEnvelope(letter, version, html, replaces, print, enclosed, back)
            : page.AddressSheet(letter, version, replaces, print, enclosed);
        var others = new List<byte[]>();
        if (body.Pdf is not null) others.Add(body.Pdf);
        foreach (var (_, file) in enclosures) others.Add(file.Pdf ?? await renderer.RenderAsync(page.ForEnclosure(letterId, file.Title, file.Html!, print.LargePrint), ct));
        var pdf = others.Count > 0
            ? pdfs.Join(await renderer.RenderAsync(First(back: false), ct), others, letterId)
            : await sheets.RenderAsync($"{letter.Title}|{print.LargePrint}", First, ct);
        var (pages, addressInWindow) = pdfs.LookAtPrint(pdf, print.AddressLines);
        if (pages > options.Value.MaxEnvelopePages)
            return Problems.Of(StatusCodes.Status422UnprocessableEntity, "too-thick", "The letter and its enclosures do not fit into one envelope.");

        if (!addressInWindow)
            return Problems.Of(StatusCodes.Status422UnprocessableEntity, "address-window", "The address does not fit into the envelope's window as it is.");
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["Letter-Version"] = letter.CurrentVersion.ToString(CultureInfo.InvariantCulture);
        http.Response.Headers["Page-Count"] = pages.ToString(CultureInfo.InvariantCulture);
        return TypedResults.File(pdf, "application/pdf");
    }
}
