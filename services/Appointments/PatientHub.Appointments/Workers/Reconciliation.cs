using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using PatientHub.Appointments.Clients;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Domain;
using PatientHub.Appointments.Features;
using PatientHub.Appointments.Persistence;
using PatientHub.Calendar;
using PatientHub.Fhir;
using PatientHub.Messaging;

namespace PatientHub.Appointments.Workers;

/// <summary>
/// Checklist 128: once a night everything that was fed is counted, across services: it has come to one end, or is open. What does not add up is a letter that nobody would see.
/// <code>
///  1 claim the night                       one process; its lease is renewed while it counts
///  2 count all                             500 at a time: here, and what Letters, Notifications and PostalFallback know of them
///  3 look again, later, at what is wrong   it may have been on its way
///  4 alarm; tell the others again          from the state here (checklist 16): every event carries the whole state, and whoever knows it ignores it
///  5 look once more, later                 what is still wrong becomes a task: a person sees to it that the patient is told
/// </code>
/// </summary>
internal sealed partial class Reconciliation(
    IServiceScopeFactory scopes, NpgsqlDataSource database, KnownToLetters letters, KnownToNotifications notifications, KnownToPostal postal, SourceIds ids, DatabaseClock clock, TimeProvider time,
    IOptions<ReconciliationOptions> options, ReconciliationGauges gauges, ILogger<Reconciliation> logger)
{
    public const int Batch = 500;

    /// <summary>So many are named in the log; the others are in the tables.</summary>
    private const int MostNamed = 100;

    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);

    /// <summary>Counts the night if its hour has come and nobody has, or does.</summary>
    public async Task RunIfDueAsync(CancellationToken ct)
    {
        await gauges.ReadAsync(ct);
        var now = await clock.UtcNowAsync(ct);
        var night = LondonTime.DateOf(now);
        if (now < LondonTime.ToInstant(night, options.Value.At) || !await ClaimAsync(night, now, ct)) return;
        try
        {
            await RunAsync(night, ct);
        }
        finally
        {
            // Whoever looks next may go on at once: a service that was down may be back.
            await LeaseAsync(night, now, CancellationToken.None);
        }

        await gauges.ReadAsync(ct);
    }

    private async Task RunAsync(DateOnly night, CancellationToken ct)
    {
        var clinics = new Dictionary<Guid, Dictionary<string, long>>();
        var wrong = await CountAllAsync(night, clinics, ct);
        if (wrong.Count > 0)
        {
            await LaterAsync(night, ct);
            wrong = await LookAgainAsync(night, wrong, clinics, ct);
        }

        foreach (var one in wrong)
            Count(clinics, one.ClinicId, "difference");
        var fed = clinics.Values.Sum(ends => ends.Where(end => end.Key != "difference").Sum(end => end.Value));
        if (wrong.Count > 0)
        {
            Log.Difference(logger, wrong.Count, fed, night);
            foreach (var one in wrong.Take(MostNamed))
                Log.Wrong(logger, one.Id, one.Version, one.Finding);
            foreach (var one in wrong)
                await TellAgainAsync(one, ct);
            await LaterAsync(night, ct);
            foreach (var one in await LookAgainAsync(night, wrong, [], ct))
                await RaiseAsync(one, ct);
        }

        await EndAsync(night, fed, wrong.Count, clinics, ct);
        Log.Counted(logger, night, fed, wrong.Count);
    }

    private async Task<List<CountedAppointment>> CountAllAsync(DateOnly night, Dictionary<Guid, Dictionary<string, long>> clinics, CancellationToken ct)
    {
        var wrong = new List<CountedAppointment>();
        for (var last = Guid.Empty; ;)
        {
            var part = await PartAsync("a.id > @last order by a.id limit @batch", command =>
            {
                command.Parameters.AddWithValue("last", last);
                command.Parameters.AddWithValue("batch", Batch);
            }, ct);
            if (part.Count == 0) return wrong;
            last = part[^1].Id;
            wrong.AddRange(await LookAsync(night, part, clinics, ct));
        }
    }

    private async Task<List<CountedAppointment>> LookAgainAsync(DateOnly night, List<CountedAppointment> suspects, Dictionary<Guid, Dictionary<string, long>> clinics, CancellationToken ct)
    {
        var wrong = new List<CountedAppointment>();
        foreach (var part in suspects.Chunk(Batch))
        {
            var again = await PartAsync("a.id = any(@ids)", command => command.Parameters.AddWithValue("ids", part.Select(one => one.Id).ToArray()), ct);
            wrong.AddRange(await LookAsync(night, again, clinics, ct, final: true));
        }

        return wrong;
    }

    /// <summary>Counts the ends of what adds up; returns the others, which are counted only at the <paramref name="final"/> look.</summary>
    private async Task<List<CountedAppointment>> LookAsync(DateOnly night, List<CountedAppointment> part, Dictionary<Guid, Dictionary<string, long>> clinics, CancellationToken ct, bool final = false)
    {
        var now = await clock.UtcNowAsync(ct);
        await LeaseAsync(night, now + Lease, ct);
        var asked = part.Where(one => one.IsToBeKnown(now)).Select(one => one.Id).ToList();
        KnownElsewhere[] services = [letters, notifications, postal];
        var known = await Task.WhenAll(services.Select(service => service.OfAsync(asked, ct)));
        var wrong = new List<CountedAppointment>();
        foreach (var one in part)
        {
            var says = known.Select(service => service.GetValueOrDefault(one.Id)).ToList();
            var end = one.End([.. says.OfType<Contracts.Http.KnownAppointment>()], now);
            var behind = services.Zip(says).Where(pair => one.IsStale(pair.Second, pair.First.HearsOfAnswers, now)).Select(pair => pair.First.Name).ToList();
            var isWrong = end == AppointmentEnd.Lost || behind.Count > 0;
            if (isWrong) wrong.Add(one with { BehindRevision = says.Exists(k => k is not null && k.Revision < one.Revision), Finding = string.Join(", ", behind.Select(name => name + " is behind").Prepend(end.ToString())) });
            if (!isWrong || final) Count(clinics, one.ClinicId, end.ToString());
        }

        return wrong;
    }

    private async Task<List<CountedAppointment>> PartAsync(string which, Action<NpgsqlCommand> parameters, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"""
            select a.id, a.clinic_id, a.version, a.revision, a.pas_status, a.start, a.announced, a.promised, a.answered_revision is not null and a.answered_revision = a.revision,
                exists (select from task t where t.appointment_id = a.id and t.raised_at >= a.booked_at), a.merged_from is not null
            from appointment a where {which}
            """);
        parameters(command);
        var part = new List<CountedAppointment>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            part.Add(new CountedAppointment(reader.GetGuid(0), reader.GetGuid(1), reader.GetInt32(2), reader.GetInt32(3), Enum.Parse<PasStatus>(reader.GetString(4)), reader.GetFieldValue<DateTimeOffset>(5),
                reader.GetBoolean(6), reader.GetBoolean(7), reader.GetBoolean(8), reader.GetBoolean(9), reader.GetBoolean(10)));
        return part;
    }

    // Step 4. No new version: whoever has this one already does nothing.
    private async Task TellAgainAsync(CountedAppointment one, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppointmentsDbContext>();
        var outbox = scope.ServiceProvider.GetRequiredService<IOutbox>();
        if (await db.Appointments.SingleOrDefaultAsync(a => a.Id == one.Id, ct) is not { Announced: true } appointment) return;
        var now = FhirMapping.Micro(await clock.UtcNowAsync(ct));
        var clinic = await db.Clinics.SingleAsync(c => c.Id == appointment.ClinicId, ct);
        AppointmentEvents.Add(outbox, appointment.PasStatus switch
        {
            PasStatus.Cancelled => new PasChange.Cancelled(appointment.PatientRequest == PatientRequest.CancellationRequested),
            PasStatus.Booked or PasStatus.Proposed => new PasChange.Changed(one.BehindRevision, PreviousStart: null),
            _ => new PasChange.Completed(),
        }, appointment, clinic, now);
        await db.SaveChangesAsync(ct);
    }

    // Step 5
    private async Task RaiseAsync(CountedAppointment one, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppointmentsDbContext>();
        if (await db.Appointments.AsNoTracking().SingleOrDefaultAsync(a => a.Id == one.Id, ct) is not { } appointment) return;
        var task = new DeskTask(ids.For("patienthub", "Task", $"unaccounted:{one.Id}:{one.Revision}:{one.Version}"), TaskCodes.Undeliverable, appointment.PatientId,
            "The nightly count cannot see that the patient was told of this appointment. Check what was sent and posted; if nothing was, telephone the patient.", FhirMapping.Micro(await clock.UtcNowAsync(ct)))
        {
            Alarmed = true,
            AppointmentId = appointment.Id,
        };
        if (!await DeskTasks.RaiseOnceAsync(db, task, ct)) return;
        await db.SaveChangesAsync(ct);
        Log.Unaccounted(logger, one.Id);
    }

    private async Task LaterAsync(DateOnly night, CancellationToken ct)
    {
        await LeaseAsync(night, await clock.UtcNowAsync(ct) + options.Value.LookAgainAfter + Lease, ct);
        await Task.Delay(options.Value.LookAgainAfter, time, ct);
    }

    private async Task<bool> ClaimAsync(DateOnly night, DateTimeOffset now, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            insert into nightly_count as n (night, begun_at, lease_until, fed, difference) values (@night, @now, @until, 0, 0)
            on conflict (night) do update set lease_until = excluded.lease_until where n.ended_at is null and n.lease_until <= @now
            """);
        command.Parameters.AddWithValue("night", night);
        command.Parameters.AddWithValue("now", now);
        command.Parameters.AddWithValue("until", now + Lease);
        return await command.ExecuteNonQueryAsync(ct) == 1;
    }

    private async Task LeaseAsync(DateOnly night, DateTimeOffset until, CancellationToken ct)
    {
        await using var command = database.CreateCommand("update nightly_count set lease_until = @until where night = @night and ended_at is null");
        command.Parameters.AddWithValue("night", night);
        command.Parameters.AddWithValue("until", until);
        await command.ExecuteNonQueryAsync(ct);
    }

    private async Task EndAsync(DateOnly night, long fed, long difference, Dictionary<Guid, Dictionary<string, long>> clinics, CancellationToken ct)
    {
        await using var command = database.CreateCommand("update nightly_count set ended_at = @now, fed = @fed, difference = @difference, counts = @counts where night = @night");
        command.Parameters.AddWithValue("night", night);
        command.Parameters.AddWithValue("now", await clock.UtcNowAsync(ct));
        command.Parameters.AddWithValue("fed", fed);
        command.Parameters.AddWithValue("difference", difference);
        command.Parameters.AddWithValue("counts", NpgsqlDbType.Jsonb, JsonSerializer.Serialize(clinics));
        await command.ExecuteNonQueryAsync(ct);
    }

    private static void Count(Dictionary<Guid, Dictionary<string, long>> clinics, Guid clinic, string what)
    {
        if (!clinics.TryGetValue(clinic, out var ends)) clinics.Add(clinic, ends = []);
        ends[what] = ends.GetValueOrDefault(what) + 1;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The count of {Night}: {Fed} appointments were fed, the difference is {Difference}.")]
        public static partial void Counted(ILogger logger, DateOnly night, long fed, int difference);

        [LoggerMessage(2, LogLevel.Critical, "Alarm: {Difference} of {Fed} appointments have no end in the count of {Night}, or another service does not know them as they stand. They are told again; what stays is a task.")]
        public static partial void Difference(ILogger logger, int difference, long fed, DateOnly night);

        [LoggerMessage(4, LogLevel.Warning, "The nightly count: appointment {AppointmentId} (version {Version}): {Finding}.")]
        public static partial void Wrong(ILogger logger, Guid appointmentId, int version, string finding);

        [LoggerMessage(3, LogLevel.Error, "Alarm: the nightly count cannot see that the patient of appointment {AppointmentId} was told. A task was raised.")]
        public static partial void Unaccounted(ILogger logger, Guid appointmentId);
    }
}

/// <summary>
/// What the newest count says, from its row, so that every process shows the same: <c>patienthub.reconciliation.difference</c> by clinic (alarm above 0) and <c>patienthub.reconciliation.age</c>, seconds since the
/// newest count ended (alarm above 26 hours: then nobody counts).
/// </summary>
internal sealed class ReconciliationGauges
{
    private readonly NpgsqlDataSource _database;
    private readonly DatabaseClock _clock;
    private (double Age, IReadOnlyDictionary<string, long> Differences) _last = (0, new Dictionary<string, long>());

    public ReconciliationGauges(IMeterFactory meters, NpgsqlDataSource database, DatabaseClock clock)
    {
        (_database, _clock) = (database, clock);
        var meter = meters.Create(TaskMonitor.MeterName);
        meter.CreateObservableGauge("patienthub.reconciliation.difference", () => _last.Differences.Select(d => new Measurement<long>(d.Value, new KeyValuePair<string, object?>("clinic", d.Key))), "{appointment}", "Appointments without an end in the newest nightly count, by clinic.");
        meter.CreateObservableGauge("patienthub.reconciliation.age", () => _last.Age, "s", "Time since the newest nightly count ended.");
    }

    public async Task ReadAsync(CancellationToken ct)
    {
        if (await NewestAsync(ct) is not { } newest) return;
        var counts = JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, long>>>(newest.Counts)!;
        _last = ((await _clock.UtcNowAsync(ct) - newest.EndedAt).TotalSeconds, counts.ToDictionary(clinic => clinic.Key, clinic => clinic.Value.GetValueOrDefault("difference")));
    }

    private async Task<(DateTimeOffset EndedAt, string Counts)?> NewestAsync(CancellationToken ct)
    {
        await using var command = _database.CreateCommand("select ended_at, counts from nightly_count where ended_at is not null order by night desc limit 1");
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? (reader.GetFieldValue<DateTimeOffset>(0), reader.GetString(1)) : null;
    }
}

/// <summary>The thin loop; an outage of the database or of a service is waited out.</summary>
internal sealed partial class ReconciliationWorker(Reconciliation reconciliation, IOptions<ReconciliationOptions> options, TimeProvider time, ILogger<ReconciliationWorker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await reconciliation.RunIfDueAsync(stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                Log.NextTime(logger, fault);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The night could not be counted; tries again.")]
        public static partial void NextTime(ILogger logger, Exception exception);
    }
}
