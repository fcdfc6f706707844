using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PatientHub.Fhir;
using PatientHub.Letters.Contracts.Http;
using PatientHub.Letters.Domain;
using PatientHub.Letters.Persistence;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults.Auth;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Letters.Features;

/// <summary>
/// <c>PUT</c>, <c>DELETE /api/clinics/{sourceId}/enclosures/{key}</c> and <c>GET /api/clinics/{sourceId}/enclosures</c>: the leaflets that go with every letter of a
/// clinic's appointments (R10). Letters already made keep what they were sent with.
/// </summary>
public static class SetClinicEnclosures
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var administrator = routes.MapGroup("/api/clinics/{sourceId}/enclosures").RequireAuthorization(Policies.Scope(Scopes.TrustAdmin));
        administrator.MapPut("/{key}", PutAsync);
        administrator.MapDelete("/{key}", DeleteAsync);
        administrator.MapGet("/", ListAsync);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> PutAsync(
        string sourceId, string key, ClinicEnclosureFile sent, SourceIds ids, LettersDbContext db, AttachmentReader reader, DatabaseClock clock, IOptions<LettersOptions> options, CancellationToken ct)
    {
        if (!IsSourceId(sourceId)) return Problems.Of(StatusCodes.Status400BadRequest, "bad-clinic", "A clinic's id has at most 200 characters.");
        if (!SaveTemplate.IsKey(key)) return Problems.Of(StatusCodes.Status400BadRequest, "bad-key", "An enclosure's key has up to 64 small letters, digits and hyphens.");
        if (sent is not { Title: not null, ContentType: not null, Data.Length: > 0 })
            return Problems.Of(StatusCodes.Status400BadRequest, "bad-enclosure", "An enclosure has a title, a content type and data.");
        var (text, refusal) = reader.ReadFile(sent.Title, sent.ContentType, sent.Data);
        if (text is null) return Problems.Of(StatusCodes.Status400BadRequest, "enclosure-refused", refusal!);

        var now = await clock.UtcNowAsync(ct);
        var clinicId = ids.Clinic(options.Value.SourceSystem, sourceId);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.LockAsync(clinicId, ct);
        var known = await db.ClinicEnclosures.Where(e => e.ClinicId == clinicId).ToListAsync(ct);
        var before = known.SingleOrDefault(e => e.EnclosureKey == key);
        if (before is null && known.Count >= options.Value.MaxEnclosures)
            return Problems.Of(StatusCodes.Status400BadRequest, "too-many", $"A clinic has at most {options.Value.MaxEnclosures} enclosures.");
        if (before is not null && await db.EnclosureFiles.AnyAsync(f => f.FileId == before.FileId && f.Title == text.Title && f.Html == text.Html && f.Pdf == text.Pdf, ct)) return TypedResults.NoContent();

        var file = EnclosureFile.Of(text, now);
        db.EnclosureFiles.Add(file);
        if (before is null) db.ClinicEnclosures.Add(new ClinicEnclosure { ClinicId = clinicId, EnclosureKey = key, FileId = file.FileId });
        else before.FileId = file.FileId;
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> DeleteAsync(string sourceId, string key, SourceIds ids, LettersDbContext db, IOptions<LettersOptions> options, CancellationToken ct)
    {
        if (!SaveTemplate.IsKey(key)) return TypedResults.NoContent();   // there is none of that name
        var clinicId = ids.Clinic(options.Value.SourceSystem, sourceId);
        await db.ClinicEnclosures.Where(e => e.ClinicId == clinicId && e.EnclosureKey == key).ExecuteDeleteAsync(ct);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<List<ClinicEnclosureLine>>> ListAsync(
        string sourceId, SourceIds ids, LettersDbContext db, IOptions<LettersOptions> options, CancellationToken ct)
    {
        var clinicId = ids.Clinic(options.Value.SourceSystem, sourceId);
        return TypedResults.Ok(await (
            from enclosure in db.ClinicEnclosures.AsNoTracking()
            join file in db.EnclosureFiles.AsNoTracking() on enclosure.FileId equals file.FileId
            where enclosure.ClinicId == clinicId
            orderby enclosure.EnclosureKey
            select new ClinicEnclosureLine { Key = enclosure.EnclosureKey, Title = file.Title, PdfBytes = file.PdfBytes, Since = file.CreatedAt }).ToListAsync(ct));
    }

    private static bool IsSourceId(string sourceId) => sourceId.Length <= 200 && !sourceId.Any(char.IsControl);
}
