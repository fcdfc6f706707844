using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Appointments.Persistence;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults.Auth;

namespace PatientHub.Appointments.Features;

/// <summary><c>GET /api/me/calendar-feed</c>: whether it is on, and why it ended. Never its address.</summary>
internal static class ShowCalendarFeed
{
    public static void Map(IEndpointRouteBuilder me) => me.MapGet("/calendar-feed", HandleAsync);

    private static async Task<MyCalendarFeed> HandleAsync(ClaimsPrincipal user, AppointmentsDbContext db, DatabaseClock clock, CancellationToken ct)
    {
        var owner = await Patients.SurvivorAsync(db, user.PatientId(), ct);
        if (await db.CalendarFeeds.AsNoTracking().SingleOrDefaultAsync(f => f.PatientId == owner, ct) is not { } feed) return new MyCalendarFeed { IsOn = false, Version = 0 };

        // The next fetch would end it: it is told as it is.
        var idle = feed.TokenHash is not null && feed.IsIdle(await clock.UtcNowAsync(ct));
        return new MyCalendarFeed
        {
            IsOn = feed.TokenHash is not null && !idle,
            Since = feed.SwitchedOnAt,
            LastFetched = feed.FetchedAt,
            EndedBy = idle ? CalendarFeedEnd.Idle : feed.EndedBy,
            Version = feed.Version,
        };
    }
}
