using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PatientHub.Appointments.Clients;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Appointments.Domain;
using PatientHub.Appointments.Persistence;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults.Auth;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Appointments.Features;

/// <summary>
/// <c>POST /api/me/calendar-feed</c> switches the feed on or gives it a new address; <c>DELETE</c> switches it off (204, also when it was off). The address is in the
/// answer and nowhere else.
/// </summary>
internal static partial class SwitchCalendarFeed
{
    public static void Map(IEndpointRouteBuilder me)
    {
        me.MapPost("/calendar-feed", OnAsync);
        me.MapDelete("/calendar-feed", OffAsync);
    }

    private static async Task<IResult> OnAsync(
        SwitchCalendarFeedOn body, HttpContext http, ClaimsPrincipal user, AppointmentsDbContext db, IdentityStanding identity, DatabaseClock clock, ILogger<CalendarFeed> logger, CancellationToken ct)
    {
        var owner = await Patients.SurvivorAsync(db, user.PatientId(), ct);
        if (await identity.OfAsync(owner, ct) is not { MaySignIn: true } standing) return Problems.NotFound();
        var feed = await db.CalendarFeeds.SingleOrDefaultAsync(f => f.PatientId == owner, ct);
        if (body.Version != (feed?.Version ?? 0)) return Superseded();
        if (feed is null) db.Add(feed = new CalendarFeed(owner));
        var token = feed.SwitchOn(standing.ThroughParent, FhirMapping.Micro(await clock.UtcNowAsync(ct)));
        if (!await IsSavedAsync(db, ct)) return Superseded();
        Log.On(logger, feed.Version);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new NewCalendarFeed { Token = token });
    }

    private static async Task<IResult> OffAsync(ClaimsPrincipal user, AppointmentsDbContext db, DatabaseClock clock, CancellationToken ct)
    {
        var owner = await Patients.SurvivorAsync(db, user.PatientId(), ct);
        var now = FhirMapping.Micro(await clock.UtcNowAsync(ct));
        await Retry.OnConflictAsync(db, async () =>
        {
            if (await db.CalendarFeeds.SingleOrDefaultAsync(f => f.PatientId == owner, ct) is { } feed) feed.End(CalendarFeedEnd.SwitchedOff, now);
            return await db.SaveChangesAsync(ct);
        });
        return TypedResults.NoContent();
    }

    private static async Task<bool> IsSavedAsync(AppointmentsDbContext db, CancellationToken ct)
    {
        try
        {
            await db.SaveChangesAsync(ct);
            return true;
        }
        catch (DbUpdateException e) when (e is DbUpdateConcurrencyException || e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return false;
        }
    }

    private static IResult Superseded() => Problems.Of(StatusCodes.Status409Conflict, Refusal.SupersededCode, "The calendar link changed since the page was opened. Look again.");

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "A calendar feed was switched on, version {Version}.")]
        public static partial void On(ILogger logger, int version);
    }
}
