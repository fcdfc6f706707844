using System.Security.Claims;
using System.Text;
using Microsoft.Extensions.Options;
using PatientHub.Appointments.Persistence;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults;
using PatientHub.ServiceDefaults.Auth;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Appointments.Features;

/// <summary><c>GET /api/me/appointments/{id}/calendar.ics</c> (R24).</summary>
internal static class GetCalendar
{
    public static void Map(IEndpointRouteBuilder me) => me.MapGet("/appointments/{id:guid}/calendar.ics", HandleAsync);

    private static async Task<IResult> HandleAsync(
        Guid id, HttpContext http, ClaimsPrincipal user, AppointmentsDbContext db, DatabaseClock clock, IOptions<TrustOptions> trust, IConfiguration configuration, CancellationToken ct)
    {
        var now = await clock.UtcNowAsync(ct);
        if (await AppointmentView.MineAsync(db, id, user.PatientId(), now, ct) is not { } view) return Problems.NotFound();
        var hub = configuration.GetValue<Uri>("PublicBaseUrl") ?? throw new InvalidOperationException("PublicBaseUrl is missing.");
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.File(Encoding.UTF8.GetBytes(CalendarFile.Of(view, trust.Value, hub, now)), "text/calendar; charset=utf-8", "hospital-appointment.ics");
    }
}
