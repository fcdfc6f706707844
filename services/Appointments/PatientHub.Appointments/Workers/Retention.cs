using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using Npgsql;
using PatientHub.Appointments.Domain;
using PatientHub.Calendar;
using PatientHub.Messaging;

namespace PatientHub.Appointments.Workers;

/// <summary>
/// A16: after 24 months appointments and closed tasks, with the patients' words in them, are removed for good. An appointment with an open task is still at somebody's desk: it stays, and with it its letters
/// and messages (Letters and Notifications ask whether it is still here), and the task becomes an alarmed one. The evidence of what a patient answered has a retention of its own.
/// </summary>
public sealed partial class Retention(NpgsqlDataSource database, IOptions<AppointmentsOptions> options, IMeterFactory meters, ILogger<Retention> logger) : IRetention
{
    public const int Batch = 500;

    private const string Open = $"t.status in ('{nameof(DeskTaskStatus.Requested)}', '{nameof(DeskTaskStatus.InProgress)}')";
    private readonly Counter<long> _removed = meters.Create(TaskMonitor.MeterName).CreateCounter<long>("patienthub.appointments.removed", "{row}", "Appointments, tasks, answers and warnings removed by retention (A16), by kind.");

    // Each removes a batch, oldest first where that is cheap, and returns one row for each.
    private static readonly (string Kind, string Statement)[] Removals =
    [
        ("appointment", $"""
            with old as (
                select a.id from appointment a where a.start < @oldest and not exists (select from task t where t.appointment_id = a.id and {Open})
                limit {Batch} for update skip locked),
            letter as (delete from appointment_letter l using old where l.appointment_id = old.id),
            awaited as (delete from awaited_patient p using old where p.appointment_id = old.id)
            delete from appointment a using old where a.id = old.id
            """),
        // Counted from the day on which it was closed: until then it was somebody's work.
        ("task", $"""
            with old as (select t.id from task t where t.closed_at < @oldest and not {Open} limit {Batch} for update skip locked),
            call as (delete from task_call c using old where c.task_id = old.id)
            delete from task t using old where t.id = old.id
            """),
        ("warning", $"delete from intake_warning where id in (select id from intake_warning where at < @oldest limit {Batch} for update skip locked)"),
        ("count", $"delete from nightly_count where night in (select night from nightly_count where ended_at < @oldest limit {Batch} for update skip locked)"),
        // The desk's audit trail is evidence too.
        ("staff-act", $"delete from staff_act where id in (select id from staff_act where at < @evidence limit {Batch} for update skip locked)"),
        ("answer", $"delete from answer where id in (select id from answer where at < @evidence limit {Batch} for update skip locked)"),
    ];

    /// <summary>Everything that is old at this instant. Returns how many appointments are gone.</summary>
    public async Task<int> RunOnceAsync(DateTimeOffset now, CancellationToken ct)
    {
        await AlarmAsync(now, ct);
        var appointments = 0;
        foreach (var (kind, statement) in Removals)
        {
            var (all, gone) = (0, Batch);
            while (gone == Batch) all += gone = await ExecuteAsync(statement, now, ct);
            if (all == 0) continue;
            _removed.Add(all, new KeyValuePair<string, object?>("kind", kind));
            Log.Removed(logger, all, kind);
            if (kind == "appointment") appointments = all;
        }

        return appointments;
    }

    /// <summary>What keeps an appointment for over 24 months is seen by people (A29): <see cref="TaskMonitor"/> watches alarmed tasks.</summary>
    private async Task AlarmAsync(DateTimeOffset now, CancellationToken ct)
    {
        var alarmed = await ExecuteAsync($"update task t set alarmed = true from appointment a where a.id = t.appointment_id and a.start < @oldest and not t.alarmed and {Open}", now, ct);
        if (alarmed > 0) Log.Kept(logger, alarmed);
    }

    private async Task<int> ExecuteAsync(string statement, DateTimeOffset now, CancellationToken ct)
    {
        await using var command = database.CreateCommand(statement);
        command.Parameters.AddWithValue("oldest", TwentyFourMonths.OldestStart(now));
        command.Parameters.AddWithValue("evidence", LondonTime.ToInstant(LondonTime.DateOf(now).AddMonths(-options.Value.AnswersKeptMonths), TimeOnly.MinValue));
        return await command.ExecuteNonQueryAsync(ct);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Retention removed {Count} rows: {Kind} (A16).")]
        public static partial void Removed(ILogger logger, int count, string kind);

        [LoggerMessage(2, LogLevel.Error, "Alarm: {Count} open tasks are about appointments of over 24 months ago, which are kept for them (A16).")]
        public static partial void Kept(ILogger logger, int count);
    }
}
