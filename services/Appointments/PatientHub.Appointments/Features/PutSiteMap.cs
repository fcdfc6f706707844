using Microsoft.AspNetCore.Http.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PatientHub.Appointments.Domain;
using PatientHub.Appointments.Persistence;
using PatientHub.Fhir;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Appointments.Features;

/// <summary>
/// <c>PUT /api/sites/{sourceId}/map</c>: the body is the file itself, PNG, JPEG or PDF of at most 4 MB (R25); 204, 415 when its bytes are something else, 413 when it is too large.
/// <c>DELETE</c> takes it away: then patients see the drawing. A site may get its map before the PAS has sent it.
/// </summary>
internal static class PutSiteMap
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPut("/sites/{sourceId}/map", PutAsync);
        api.MapDelete("/sites/{sourceId}/map", DeleteAsync);
    }

    private static async Task<IResult> PutAsync(
        string sourceId, HttpRequest request, SourceIds ids, AppointmentsDbContext db, DatabaseClock clock, IOptions<AppointmentsOptions> options, CancellationToken ct)
    {
        if (sourceId.Length > 64 || sourceId.Contains('\0', StringComparison.Ordinal)) return Problems.NotFound();
        if (request.ContentLength > MapFile.MaxBytes) return TooLarge();
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature) feature.MaxRequestBodySize = MapFile.MaxBytes + 1;
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, ct);
        if (body.Length > MapFile.MaxBytes) return TooLarge();
        var content = body.ToArray();
        if (MapFile.TypeOf(content) is not { } type)
            return Problems.Of(StatusCodes.Status415UnsupportedMediaType, "unusable-map",
                $"Send a PNG or JPEG of {MapFile.MinPixels} to {MapFile.MaxPixels} pixels each way, or a PDF without scripts, attachments and encryption.");

        var now = FhirMapping.Micro(await clock.UtcNowAsync(ct));
        var id = ids.Site(options.Value.SourceSystem, sourceId);
        await Retry.OnConflictAsync(db, async () =>
        {
            var site = await db.Sites.SingleOrDefaultAsync(s => s.Id == id, ct);
            if (site is null) db.Add(site = new Site(id, options.Value.SourceSystem, sourceId));
            var map = await db.SiteMaps.SingleOrDefaultAsync(m => m.SiteId == id, ct);
            if (map is null) db.Add(map = new SiteMapFile(id));
            map.Replace(type, content, now);
            site.TakeMap(type, content.Length);
            return await db.SaveChangesAsync(ct);
        });
        return TypedResults.NoContent();
    }

    private static async Task<IResult> DeleteAsync(string sourceId, SourceIds ids, AppointmentsDbContext db, IOptions<AppointmentsOptions> options, CancellationToken ct)
    {
        var id = ids.Site(options.Value.SourceSystem, sourceId);
        await Retry.OnConflictAsync(db, async () =>
        {
            if (await db.Sites.SingleOrDefaultAsync(s => s.Id == id, ct) is { } site) site.DropMap();
            if (await db.SiteMaps.SingleOrDefaultAsync(m => m.SiteId == id, ct) is { } map) db.Remove(map);
            return await db.SaveChangesAsync(ct);
        });
        return TypedResults.NoContent();
    }

    private static IResult TooLarge() => Problems.Of(StatusCodes.Status413PayloadTooLarge, "too-large", $"A map has at most {MapFile.MaxBytes / (1024 * 1024)} MB.");
}
