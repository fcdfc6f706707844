using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Appointments.Persistence;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Appointments.Features;

/// <summary><c>POST /internal/appointments/standing</c>: the last look before a reminder or a print (design section 2); a read, by POST for its size.</summary>
internal static class GetStanding
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/appointments/standing", HandleAsync);

    private static async Task<IResult> HandleAsync(
        AppointmentStandingQuery query, AppointmentsDbContext db, DatabaseClock clock, IOptions<TrustOptions> trust, CancellationToken ct)
    {
        if (!IdList.TryRead(query.AppointmentIds, out var ids, out var refusal)) return refusal;
        var now = await clock.UtcNowAsync(ct);
        var views = await AppointmentView.Query(db).AsNoTracking().Where(v => ids.Contains(v.Appointment.Id)).ToListAsync(ct);
        return TypedResults.Ok(views.Select(v => v.Standing(trust.Value.BookingPhone, now)).ToArray());
    }
}
