using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PatientHub.Appointments.Domain;
using PatientHub.Appointments.Persistence;
using PatientHub.Messaging;

namespace PatientHub.Appointments.Workers;

/// <summary>
/// A29: what needs a person is seen by people. Meter <c>PatientHub.Appointments</c>: <c>patienthub.tasks.open</c> by code, and the age in seconds of the oldest alarmed
/// task that nobody has claimed (<c>patienthub.tasks.alarmed.age</c>: alarm above 0), how many are overdue (<c>patienthub.tasks.overdue</c>: alarm above 0) and of the oldest unclaimed patient's request (<c>patienthub.requests.age</c>).
/// </summary>
internal sealed partial class TaskMonitor
{
    public const string MeterName = "PatientHub.Appointments";

    private readonly IServiceScopeFactory scopes;
    private readonly DatabaseClock clock;
    private readonly ILogger<TaskMonitor> logger;
    private Measured last = new(new Dictionary<string, long>(), 0, 0, 0);

    public TaskMonitor(IMeterFactory meters, IServiceScopeFactory scopes, DatabaseClock clock, ILogger<TaskMonitor> logger)
    {
        (this.scopes, this.clock, this.logger) = (scopes, clock, logger);
        var meter = meters.Create(MeterName);
        meter.CreateObservableGauge("patienthub.tasks.open", () => last.Open.Select(o => new Measurement<long>(o.Value, new KeyValuePair<string, object?>("code", o.Key))), "{task}", "Open tasks by reason.");
        meter.CreateObservableGauge("patienthub.tasks.alarmed.age", () => last.AlarmedAge, "s", "Age of the oldest alarmed task that nobody has claimed.");
        meter.CreateObservableGauge("patienthub.tasks.overdue", () => last.Overdue, "{task}", "Tasks that nobody has claimed in time.");
        meter.CreateObservableGauge("patienthub.requests.age", () => last.RequestAge, "s", "Age of the oldest rebook or cancel request that nobody has claimed.");
    }

    /// <summary>Reads the open tasks only: a partial index, away from every sending path.</summary>
    public async Task MeasureAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppointmentsDbContext>();
        var now = await clock.UtcNowAsync(ct);
        var open = db.Tasks.AsNoTracking().Where(t => t.Status == DeskTaskStatus.Requested || t.Status == DeskTaskStatus.InProgress);
        var byCode = await open.GroupBy(t => t.Code).Select(g => new { g.Key, Count = g.LongCount() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);
        var unclaimed = open.Where(t => t.Status == DeskTaskStatus.Requested);
        last = new Measured(byCode,
            Age(await unclaimed.Where(t => t.Alarmed).MinAsync(t => (DateTimeOffset?)t.RaisedAt, ct)),
            Age(await unclaimed.Where(t => t.Code == Contracts.TaskCodes.Rebook || t.Code == Contracts.TaskCodes.Cancel).MinAsync(t => (DateTimeOffset?)t.RaisedAt, ct)),
            await unclaimed.LongCountAsync(t => t.OverdueAt != null, ct));

        double Age(DateTimeOffset? raised) => raised is { } at ? Math.Max(0, (now - at).TotalSeconds) : 0;
    }

    /// <summary>Nobody claimed it for a working day, or the appointment is near (<see cref="TaskOverdue"/>): it moves up on the desk's list and alarms, once.</summary>
    /// <returns>Number of tasks that became overdue.</returns>
    public async Task<int> MarkOverdueAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppointmentsDbContext>();
        var now = await clock.UtcNowAsync(ct);
        var (raised, starts) = TaskOverdue.Limits(now);
        var rows = await (from task in db.Tasks.AsNoTracking()
                          where task.Status == DeskTaskStatus.Requested && task.OverdueAt == null
                          join a in db.Appointments on task.AppointmentId equals a.Id into appointments
                          from appointment in appointments.DefaultIfEmpty()
                          where task.RaisedAt <= raised || appointment.Start < starts
                          orderby task.RaisedAt
                          select new { task.Id, task.Code }).Take(1_000).ToListAsync(ct);
        var count = 0;
        foreach (var task in rows)
        {
            // One at a time: a task that is claimed at this moment must not stop the others.
            if (await db.Tasks.Where(t => t.Id == task.Id && t.Status == DeskTaskStatus.Requested && t.OverdueAt == null).ExecuteUpdateAsync(set => set.SetProperty(t => t.OverdueAt, now), ct) == 0) continue;
            Log.Overdue(logger, task.Id, task.Code);
            count++;
        }

        return count;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Alarm: nobody has claimed task {TaskId} ({Code}) in time.")]
        public static partial void Overdue(ILogger logger, Guid taskId, string code);
    }

    private sealed record Measured(IReadOnlyDictionary<string, long> Open, double AlarmedAge, double RequestAge, long Overdue);
}

/// <summary>The thin loop.</summary>
internal sealed partial class TaskMonitorWorker(TaskMonitor monitor, IOptions<AppointmentsOptions> options, TimeProvider time, ILogger<TaskMonitorWorker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.LookEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await monitor.MarkOverdueAsync(stoppingToken);
                await monitor.MeasureAsync(stoppingToken);
            }
            catch (Exception e) when (e is System.Data.Common.DbException or TimeoutException or InvalidOperationException { InnerException: System.Data.Common.DbException })
            {
                Log.NextTime(logger, e);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Open tasks could not be measured; looks again at the next tick.")]
        public static partial void NextTime(ILogger logger, Exception exception);
    }
}
