using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Calendar;
using PatientHub.Letters.Clients;
using PatientHub.Letters.Domain;
using PatientHub.Letters.Persistence;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults;

namespace PatientHub.Letters.Features;

/// <summary>
/// Makes the letters of news that are due (A9, A23, A31):
/// <list type="number">
/// <item>A lease on due notices (SKIP LOCKED), committed at once: whoever dies here loses a quarter of a minute, nothing else.</item>
/// <item>One call to Appointments for all that tell of an appointment, outside of any transaction.</item>
/// <item>A transaction for each: still so? Then the letter, with its event. PostalFallback posts it by its <see cref="PatientHub.Letters.Contracts.PostRule"/>.</item>
/// </list>
/// </summary>
public sealed partial class MakeNotices(
    IServiceScopeFactory scopes, NpgsqlDataSource database, DatabaseClock clock, IOptions<TrustOptions> trust, IOptions<HubAddressOptions> hub, ILogger<MakeNotices> logger)
{
    /// <summary>Most notices of a round.</summary>
    public const int FullRound = 100;

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    /// <summary>Returns how many were due.</summary>
    public async Task<int> RunOnceAsync(CancellationToken ct)
    {
        var now = await clock.UtcNowAsync(ct);
        var due = await ClaimAsync(now, ct);   // Step 1
        if (due.Count == 0) return 0;

        await using var scope = scopes.CreateAsyncScope();
        var asked = due.Select(notice => notice.AppointmentId).OfType<Guid>().Distinct().ToList();
        IReadOnlyDictionary<Guid, AppointmentStanding> standings = asked.Count == 0
            ? new Dictionary<Guid, AppointmentStanding>()
            : await scope.ServiceProvider.GetRequiredService<AppointmentsClient>().StandingAsync(asked, ct);   // Step 2
        foreach (var (noticeId, appointmentId) in due)   // Step 3
        {
            try
            {
                if (appointmentId is not { } id) await MakeAsync(noticeId, null, now, ct);
                else if (standings.TryGetValue(id, out var standing)) await MakeAsync(noticeId, standing, now, ct);
                else Log.Unknown(logger, id);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                // The lease brings it back; A29 makes it a person's task when that does not help.
                Log.Failed(logger, e, noticeId);
            }
        }

        return due.Count;
    }

    private async Task<List<(Guid NoticeId, Guid? AppointmentId)>> ClaimAsync(DateTimeOffset now, CancellationToken ct)
    {
        await using var claim = database.CreateCommand("""
            update notice set due_at = @until
            where notice_id in (select notice_id from notice where due_at <= @now order by due_at limit @limit for update skip locked)
            returning notice_id, appointment_id
            """);
        claim.Parameters.AddWithValue("now", now);
        claim.Parameters.AddWithValue("limit", FullRound);
        claim.Parameters.AddWithValue("until", now + Lease);
        var due = new List<(Guid, Guid?)>();
        await using var reader = await claim.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) due.Add((reader.GetGuid(0), reader.IsDBNull(1) ? null : reader.GetGuid(1)));
        return due;
    }

    private async Task MakeAsync(Guid noticeId, AppointmentStanding? standing, DateTimeOffset now, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var db = services.GetRequiredService<LettersDbContext>();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.LockAsync(standing?.Appointment.AppointmentId ?? noticeId, ct);
        var notice = await db.Notices.SingleAsync(n => n.NoticeId == noticeId, ct);
        if (notice.DueAt is null) return;   // somebody else made it
        notice.DueAt = null;
        if (standing is null || await IsTrueAsync(db, notice, now, ct))
        {
            var letter = Letter.ForNotice(notice);
            db.Letters.Add(letter);
            var template = await services.GetRequiredService<Templates>().FindAsync(notice.Kind, ct);
            var (title, html) = standing is null ? template.Render(new TrustFacts(trust.Value.Name, trust.Value.BookingPhone, HubAddress)) : template.Render(Facts(standing));
            var text = new LetterText(title, html, Pdf: null, standing?.ClinicPhone ?? trust.Value.BookingPhone, LondonTime.DateOf(now));
            await services.GetRequiredService<LetterIssue>().AddAsync(letter, previous: null, text, appointment: null, ladder: false, announce: true, now, ct);
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }

    private static async Task<bool> IsTrueAsync(LettersDbContext db, Notice notice, DateTimeOffset now, CancellationToken ct)
    {
        if (await db.Appointments.SingleOrDefaultAsync(a => a.AppointmentId == notice.AppointmentId, ct) is not { } copy || copy.Start <= now || !notice.Kind.IsTrueOf(copy, notice.Revision)) return false;
        notice.PatientId = copy.PatientId;
        // What the PAS itself wrote after the cancellation stands alone, with a ladder: the patient needs no second letter.
        return notice.Kind != NoticeKind.Cancelled || !await (
            from letter in db.Letters
            join version in db.Versions on new { letter.LetterId, Version = letter.CurrentVersion } equals new { version.LetterId, version.Version }
            where letter.AppointmentId == notice.AppointmentId && letter.Origin == LetterSource.Pas && letter.Status == LetterStatus.Current && version.Ladder
            select letter).AnyAsync(ct);
    }

    private LetterFacts Facts(AppointmentStanding standing) => new()
    {
        Start = standing.Appointment.Start,
        Medium = standing.Appointment.Medium,
        ClinicName = standing.ClinicName,
        ClinicPhone = standing.ClinicPhone,
        ClinicPhoneHours = standing.ClinicPhoneHours,
        SiteName = standing.SiteName,
        SiteAddress = standing.SiteAddress,
        Preparation = null,
        OffersAccept = false,
        OffersChanges = false,
        TrustName = trust.Value.Name,
        BookingPhone = trust.Value.BookingPhone,
        HubAddress = HubAddress,
    };

    private string HubAddress => hub.Value.PublicBaseUrl.ToString().TrimEnd('/');

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Appointments does not know appointment {AppointmentId}; the letter about it waits.")]
        public static partial void Unknown(ILogger logger, Guid appointmentId);

        [LoggerMessage(2, LogLevel.Error, "Notice {NoticeId} could not be made into a letter; it is tried again.")]
        public static partial void Failed(ILogger logger, Exception exception, Guid noticeId);
    }
}
