using System.Security.Claims;
using System.Text;
using Microsoft.EntityFrameworkCore;
using PatientHub.Appointments.Domain;
using PatientHub.Appointments.Persistence;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults.Auth;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Appointments.Features;

/// <summary>
/// <c>GET /api/me/appointments/{id}/map</c> (R25): the uploaded map of the appointment's site, else a drawing, which <c>?drawing=pdf</c> gives as a page to keep and print. 404 without either, for appointments at no place, and for
/// those that are not the patient's.
/// </summary>
internal static class GetSiteMap
{
    public static void Map(IEndpointRouteBuilder me) => me.MapGet("/appointments/{id:guid}/map", HandleAsync);

    private static async Task<IResult> HandleAsync(Guid id, string? drawing, HttpContext http, ClaimsPrincipal user, AppointmentsDbContext db, DatabaseClock clock, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        var now = await clock.UtcNowAsync(ct);
        if (await AppointmentView.MineAsync(db, id, user.PatientId(), now, ct) is not { Map: { } map, Site: { } site }) return Problems.NotFound();
        if (map.Drawn)
        {
            var (title, shapes) = (site.NameForPatients ?? "", await DrawAsync(site, db, ct));
            return drawing == "pdf" ? TypedResults.Bytes(DrawingPdf.Of(title, site.Address, shapes), "application/pdf") : TypedResults.Bytes(Encoding.UTF8.GetBytes(DrawingSvg.Of(title, shapes)), map.ContentType);
        }

        return await db.SiteMaps.AsNoTracking().SingleOrDefaultAsync(m => m.SiteId == site.Id, ct) is { } file ? TypedResults.Bytes(file.Content, file.ContentType) : Problems.NotFound();
    }

    // Only sites that the trust has given a name for patients: others may be no place that patients know.
    private static async Task<IReadOnlyList<Shape>> DrawAsync(Site site, AppointmentsDbContext db, CancellationToken ct)
    {
        var others = await db.Sites.AsNoTracking().Where(s => s.Id != site.Id && s.DisplayName != null && s.Latitude != null && s.Longitude != null)
            .Select(s => new SiteDrawing.Place(s.DisplayName!, s.Latitude!.Value, s.Longitude!.Value)).ToListAsync(ct);
        return SiteDrawing.Of(new SiteDrawing.Place(site.NameForPatients ?? "", site.Latitude!.Value, site.Longitude!.Value), others);
    }
}
