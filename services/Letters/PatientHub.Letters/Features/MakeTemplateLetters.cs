using System.Diagnostics.Metrics;
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
/// Makes the letters that are due, a batch at a time:
/// <list type="number">
/// <item>A lease on due appointments (SKIP LOCKED), committed at once: whoever dies here loses a quarter of a minute, nothing else.</item>
/// <item>One call to Appointments for all of them, outside of any transaction.</item>
/// <item>A transaction for every fifty: still wanted? Then the next version, with its events.</item>
/// </list>
/// </summary>
public sealed partial class MakeTemplateLetters(
    IServiceScopeFactory scopes, NpgsqlDataSource database, DatabaseClock clock, IOptions<TrustOptions> trust, IOptions<HubAddressOptions> hub, IMeterFactory meters, ILogger<MakeTemplateLetters> logger)
{
    /// <summary>Most appointments of a round.</summary>
    public const int FullRound = 200;

    private const int ChunkSize = 50;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);
    private readonly Counter<long> _made = meters.Create("PatientHub.Letters").CreateCounter<long>("patienthub.letters.made", "{letter}", "Template letters made");

    /// <summary>Returns how many appointments were due.</summary>
    public async Task<int> RunOnceAsync(CancellationToken ct)
    {
        var now = await clock.UtcNowAsync(ct);
        var due = await ClaimAsync(now, ct);   // Step 1
        if (due.Count == 0) return 0;

        await using var scope = scopes.CreateAsyncScope();
        var standings = await scope.ServiceProvider.GetRequiredService<AppointmentsClient>().StandingAsync(due, ct);   // Step 2
        foreach (var appointmentId in due.Where(id => !standings.ContainsKey(id))) Log.Unknown(logger, appointmentId);
        foreach (var chunk in standings.Values.Chunk(ChunkSize)) await MakeAsync(chunk, now, ct);   // Step 3
        return due.Count;
    }

    /// <summary>One letter that cannot be made must not hold up its neighbours: a failed chunk is done again one by one.</summary>
    private async Task MakeAsync(AppointmentStanding[] chunk, DateTimeOffset now, CancellationToken ct)
    {
        try
        {
            await MakeTogetherAsync(chunk, now, ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            if (chunk.Length == 1)
            {
                // The lease brings it back; A29 makes it a person's task when that does not help.
                Log.Failed(logger, e, chunk[0].Appointment.AppointmentId);
                return;
            }

            foreach (var one in chunk) await MakeAsync([one], now, ct);
        }
    }

    private async Task<List<Guid>> ClaimAsync(DateTimeOffset now, CancellationToken ct)
    {
        await using var claim = database.CreateCommand("""
            update appointment_copy set letter_due_at = @until
            where appointment_id in (
                select appointment_id from appointment_copy where letter_due_at <= @now order by letter_due_at limit @limit for update skip locked)
            returning appointment_id
            """);
        claim.Parameters.AddWithValue("now", now);
        claim.Parameters.AddWithValue("limit", FullRound);
        claim.Parameters.AddWithValue("until", now + Lease);
        var due = new List<Guid>();
        await using var reader = await claim.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) due.Add(reader.GetGuid(0));
        return due;
    }

    private async Task MakeTogetherAsync(AppointmentStanding[] chunk, DateTimeOffset now, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var db = services.GetRequiredService<LettersDbContext>();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var round = await ReadAsync(db, [.. chunk.Select(s => s.Appointment.AppointmentId)], ct);
        foreach (var standing in chunk) await MakeOneAsync(services, db, round, standing, now, ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        _made.Add(chunk.Length);
    }

    /// <summary>Everything the chunk needs, read at once and under the appointments' locks.</summary>
    private static async Task<Round> ReadAsync(LettersDbContext db, Guid[] ids, CancellationToken ct)
    {
        await db.LockAsync(ids, ct);
        var copies = await db.Appointments.Where(a => ids.Contains(a.AppointmentId)).ToDictionaryAsync(a => a.AppointmentId, ct);
        var letters = await db.Letters.Where(l => l.AppointmentId != null && ids.Contains(l.AppointmentId.Value) && l.Origin == LetterSource.Template).ToDictionaryAsync(l => l.AppointmentId!.Value, ct);
        var numbers = letters.Values.ToDictionary(l => l.LetterId, l => l.CurrentVersion);
        Guid[] letterIds = [.. numbers.Keys];
        var current = letterIds.Length == 0 ? [] : (await db.Versions.Where(v => letterIds.Contains(v.LetterId)).ToListAsync(ct)).Where(v => numbers[v.LetterId] == v.Version).ToDictionary(v => v.LetterId);
        return new Round(copies, letters, current);
    }

    private async Task MakeOneAsync(IServiceProvider services, LettersDbContext db, Round round, AppointmentStanding standing, DateTimeOffset now, CancellationToken ct)
    {
        if (!round.Copies.TryGetValue(standing.Appointment.AppointmentId, out var copy)) throw new InvalidOperationException("The appointment that was claimed is gone.");
        if (copy.LetterDueAt is null) return;   // its letter came in the meantime
        if (standing.Appointment.Version > copy.Version)
        {
            // Appointments is ahead of its own events: the letter is made for what is true now.
            copy.Apply(standing.Appointment);
            copy.PatientId = await db.SurvivorOfAsync(copy.PatientId, ct);
        }

        copy.LetterDueAt = null;
        if (copy.PasStatus != PasStatus.Booked || copy.Start <= now) return;
        var key = standing.LetterTemplate ?? LetterTemplate.StandardKey;
        if (!round.Templates.TryGetValue(key, out var template)) round.Templates.Add(key, template = await services.GetRequiredService<Templates>().FindAsync(key, ct));
        await IssueAsync(services, db, round, template, standing, copy, now, ct);
    }

    private async Task IssueAsync(
        IServiceProvider services, LettersDbContext db, Round round, LetterTemplate template, AppointmentStanding standing, AppointmentCopy copy, DateTimeOffset now, CancellationToken ct)
    {
        var letter = round.Letters.GetValueOrDefault(copy.AppointmentId);
        var previous = letter is null ? null : round.Current.GetValueOrDefault(letter.LetterId);
        if (letter is null) db.Letters.Add(letter = Letter.ForAppointment(Guid.CreateVersion7(), copy));

        var (title, html) = template.Render(Facts(standing, copy));
        var text = new LetterText(title, html, Pdf: null, standing.ClinicPhone, LondonTime.DateOf(now));
        await services.GetRequiredService<LetterIssue>().AddAsync(letter, previous, text, copy, ladder: true, announce: true, now, ct);
        if (copy.LetterSource != LetterSource.Pas) return;

        // A29: the PAS owed this letter.
        services.GetRequiredService<IOutbox>().Add(new RaiseTask
        {
            TaskId = TaskIds.For("pas-letter-missing", copy.AppointmentId, copy.Revision),
            Code = TaskCodes.Undeliverable,
            Alarmed = true,
            PatientId = copy.PatientId,
            AppointmentId = copy.AppointmentId,
            LetterId = letter.LetterId,
            Note = "The hospital system has sent no letter for this appointment in time. The clinic's template letter was made instead.",
            OccurredAt = now,
        });
        Log.PasLetterMissing(logger, copy.AppointmentId, copy.Revision);
    }

    private LetterFacts Facts(AppointmentStanding standing, AppointmentCopy copy) => new()
    {
        Start = copy.Start,
        Medium = standing.Appointment.Medium,
        ClinicName = standing.ClinicName,
        ClinicPhone = standing.ClinicPhone,
        ClinicPhoneHours = standing.ClinicPhoneHours,
        SiteName = standing.SiteName,
        SiteAddress = standing.SiteAddress,
        Preparation = standing.Preparation,
        OffersAccept = copy.ClinicMode is ClinicMode.Full or ClinicMode.AcceptOnly,
        OffersChanges = standing.OffersChanges && copy.ClinicMode == ClinicMode.Full,
        ChangeUntil = standing.ChangeUntil,
        TrustName = trust.Value.Name,
        BookingPhone = trust.Value.BookingPhone,
        HubAddress = hub.Value.PublicBaseUrl.ToString().TrimEnd('/'),
    };

    /// <summary>What a chunk works on. A template that is saved meanwhile is the next chunk's.</summary>
    private sealed record Round(IReadOnlyDictionary<Guid, AppointmentCopy> Copies, IReadOnlyDictionary<Guid, Letter> Letters, IReadOnlyDictionary<Guid, LetterVersion> Current)
    {
        public Dictionary<string, LetterTemplate> Templates { get; } = [];
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Appointments does not know appointment {AppointmentId}; its letter waits.")]
        public static partial void Unknown(ILogger logger, Guid appointmentId);

        [LoggerMessage(3, LogLevel.Error, "The letter of appointment {AppointmentId} could not be made; it is tried again.")]
        public static partial void Failed(ILogger logger, Exception exception, Guid appointmentId);

        [LoggerMessage(2, LogLevel.Error, "No letter from the PAS for appointment {AppointmentId}, revision {Revision}: the template letter was made (A29).")]
        public static partial void PasLetterMissing(ILogger logger, Guid appointmentId, int revision);
    }
}
