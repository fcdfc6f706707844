using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Appointments.Persistence;
using PatientHub.Calendar;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults;
using PatientHub.ServiceDefaults.Auth;

namespace PatientHub.Appointments.Features;

/// <summary><c>GET /api/me/appointments</c> (R18, R26).</summary>
internal static class ListMyAppointments
{
    public static void Map(IEndpointRouteBuilder me) => me.MapGet("/appointments", HandleAsync);

    private static async Task<MyAppointments> HandleAsync(
        ClaimsPrincipal user, AppointmentsDbContext db, DatabaseClock clock, IOptions<TrustOptions> trust, CancellationToken ct)
    {
        var now = await clock.UtcNowAsync(ct);
        var owner = await Patients.SurvivorAsync(db, user.PatientId(), ct);
        var oldest = TwentyFourMonths.OldestStart(now);
        var views = await AppointmentView.Query(db).AsNoTracking().Where(v => v.Appointment.PatientId == owner && v.Appointment.Start >= oldest).ToListAsync(ct);
        var shown = views.Where(v => v.IsShown(now)).Select(v => v.ForPatient(trust.Value.BookingPhone, now)).ToLookup(a => a.PasStatus == PasStatus.Booked && a.Start > now);
        return new MyAppointments
        {
            Upcoming = [.. shown[true].OrderBy(a => a.Start)],
            Past = [.. shown[false].OrderByDescending(a => a.Start)],
        };
    }
}
