using System.Security.Claims;
using Microsoft.Extensions.Options;
using PatientHub.Appointments.Persistence;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults;
using PatientHub.ServiceDefaults.Auth;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Appointments.Features;

/// <summary><c>GET /api/me/appointments/{id}</c>.</summary>
internal static class GetMyAppointment
{
    public static void Map(IEndpointRouteBuilder me) => me.MapGet("/appointments/{id:guid}", HandleAsync);

    private static async Task<IResult> HandleAsync(
        Guid id, ClaimsPrincipal user, AppointmentsDbContext db, DatabaseClock clock, IOptions<TrustOptions> trust, CancellationToken ct)
    {
        var now = await clock.UtcNowAsync(ct);
        var view = await AppointmentView.MineAsync(db, id, user.PatientId(), now, ct);
        return view is null ? Problems.NotFound() : TypedResults.Ok(view.ForPatient(trust.Value.BookingPhone, now));
    }
}
