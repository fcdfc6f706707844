using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Appointments.Domain;
using PatientHub.Appointments.Persistence;
using PatientHub.Fhir;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Appointments.Features;

/// <summary><c>PUT /api/sites/{sourceId}/settings</c>: the name patients read, parking and access, the way in words.</summary>
internal static class PutSiteSettings
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPut("/sites/{sourceId}/settings", HandleAsync);

    private static async Task<IResult> HandleAsync(
        string sourceId, SiteSettings settings, SourceIds ids, AppointmentsDbContext db, IOptions<AppointmentsOptions> options, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(settings.DisplayName) || settings.DisplayName.Length > 200 || settings.Parking?.Length > 4000 || settings.Directions?.Length > 4000 ||
            sourceId.Length > 64 || $"{sourceId}{settings.DisplayName}{settings.Parking}{settings.Directions}".Contains('\0', StringComparison.Ordinal))
            return Problems.Of(StatusCodes.Status400BadRequest, "invalid-settings", "Give a name of at most 200 and notes of at most 4000 characters.");
        await ApplyAsync(sourceId, settings, ids, db, options.Value.SourceSystem, ct);
        return TypedResults.NoContent();
    }

    internal static async Task ApplyAsync(string sourceId, SiteSettings settings, SourceIds ids, AppointmentsDbContext db, string sourceSystem, CancellationToken ct)
    {
        var id = ids.Site(sourceSystem, sourceId);
        await Retry.OnConflictAsync(db, async () =>
        {
            var site = await db.Sites.SingleOrDefaultAsync(s => s.Id == id, ct);
            if (site is null) db.Add(site = new Site(id, sourceSystem, sourceId));
            site.Configure(settings);
            await db.SaveChangesAsync(ct);
            return site;
        });
    }
}
