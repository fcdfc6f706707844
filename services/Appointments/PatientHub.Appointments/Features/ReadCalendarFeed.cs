using System.Text;
using Microsoft.EntityFrameworkCore;
using PatientHub.Appointments.Clients;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Appointments.Domain;
using PatientHub.Appointments.Persistence;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Appointments.Features;

/// <summary>
/// <c>GET /calendar-feed/{token}.ics</c>, without a session: calendars fetch it (R24). Unknown, ended and malformed are one and the same 404. What no event tells (a 16th
/// birthday) and what an event may tell late is asked of Identity each time; when Identity is down it is 503, and calendars keep what they have.
/// A fetch leaves its hour behind, at most once an hour: that is how a feed nobody uses is known. It changes nothing else (A27).
/// </summary>
internal static partial class ReadCalendarFeed
{
    private const string Suffix = ".ics";
    private static readonly TimeSpan Step = TimeSpan.FromHours(1);

    public static void Map(IEndpointRouteBuilder app) => app.MapMethods("/calendar-feed/{file}", [HttpMethods.Get, HttpMethods.Head], HandleAsync).AllowAnonymous();

    private static async Task<IResult> HandleAsync(
        string file, HttpContext http, AppointmentsDbContext db, IdentityStanding identity, DatabaseClock clock, IConfiguration configuration, ILogger<CalendarFeed> logger, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (!file.EndsWith(Suffix, StringComparison.Ordinal) || !CalendarFeed.IsToken(file[..^Suffix.Length])) return Problems.NotFound();
        var hash = CalendarFeed.HashOf(file[..^Suffix.Length]);
        if (await db.CalendarFeeds.SingleOrDefaultAsync(f => f.TokenHash == hash, ct) is not { } feed) return Problems.NotFound();

        var now = FhirMapping.Micro(await clock.UtcNowAsync(ct));
        var standing = await identity.OfAsync(feed.PatientId, ct);
        if (feed.WhyEnd(now, standing?.MaySignIn == true, standing?.ThroughParent == true) is { } reason)
        {
            await CalendarFeeds.EndAsync(db, [feed.PatientId], reason, now, ct);
            Log.Ended(logger, reason);
            return Problems.NotFound();
        }

        if (!(now - feed.FetchedAt < Step))
            await db.CalendarFeeds.Where(f => f.TokenHash == hash).ExecuteUpdateAsync(set => set.SetProperty(f => f.FetchedAt, now), ct);
        var hub = configuration.GetValue<Uri>("PublicBaseUrl") ?? throw new InvalidOperationException("PublicBaseUrl is missing.");
        var oldest = now - CalendarFile.FeedKeeps;
        var views = await AppointmentView.Query(db).AsNoTracking().Where(v => v.Appointment.PatientId == feed.PatientId && v.Appointment.Start >= oldest).ToListAsync(ct);
        var text = CalendarFile.Feed([.. views.Where(v => v.IsShown(now)).OrderBy(v => v.Appointment.Start)], hub, now);
        return TypedResults.Bytes(Encoding.UTF8.GetBytes(text), "text/calendar; charset=utf-8");
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "A calendar feed ended: {Reason}.")]
        public static partial void Ended(ILogger logger, CalendarFeedEnd reason);
    }
}

/// <summary>What ends feeds, whoever asks for it.</summary>
internal static class CalendarFeeds
{
    /// <summary>
    /// A patient's token lives 60 seconds, so a session that an event ends may still have switched a feed on a moment after it: two minutes count as before.
    /// </summary>
    private static readonly TimeSpan LastBreath = TimeSpan.FromMinutes(2);

    /// <summary>Ends what was switched on before an instant: a fact that comes late does not end what the patient chose after it.</summary>
    public static async Task EndAsync(AppointmentsDbContext db, Guid[] patients, CalendarFeedEnd reason, DateTimeOffset at, CancellationToken ct)
    {
        var before = at + LastBreath;
        await Retry.OnConflictAsync(db, async () =>
        {
            foreach (var feed in await db.CalendarFeeds.Where(f => patients.Contains(f.PatientId) && f.TokenHash != null && f.SwitchedOnAt <= before).ToListAsync(ct))
                feed.End(reason, at);
            return await db.SaveChangesAsync(ct);
        });
    }
}
