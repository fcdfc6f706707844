using Microsoft.Extensions.Options;
using Npgsql;
using PatientHub.Messaging;

namespace PatientHub.Notifications.Workers;

/// <summary>
/// A29: what should have gone out and has not is visible and alarmed within 15 minutes. Waits that were decided on (quiet hours, digest) are no delay: they count from
/// <c>held_until</c>; what is looked at here is due, and waits again and again.
/// </summary>
internal sealed partial class OverdueWorker(NpgsqlDataSource database, DatabaseClock clock, NotificationMetrics metrics, IOptions<SendingOptions> sending, TimeProvider time, ILogger<OverdueWorker> log) : BackgroundService
{
    private static readonly TimeSpan Alarm = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private const int CountsUpTo = 10_000;

    /// <summary>How many open steps and unclear attempts are overdue; stops counting at 10,000.</summary>
    public async Task<long> CountAsync(CancellationToken ct)
    {
        var now = await clock.UtcNowAsync(ct);
        await using var count = database.CreateCommand("""
            select (select count(*) from (select 1 from journey_step where state = 'Open' and next_at <= @soon and coalesce(held_until, due_at) < @late limit @most) s)
                 + (select count(*) from (select 1 from attempt where check_at is not null and created_at < @late limit @most) a)
            """);
        count.Parameters.AddWithValue("soon", now + sending.Value.Claim);
        count.Parameters.AddWithValue("late", now - Alarm);
        count.Parameters.AddWithValue("most", CountsUpTo);
        return (long)(await count.ExecuteScalarAsync(ct))!;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    var overdue = await CountAsync(stoppingToken);
                    metrics.Overdue = overdue;
                    if (overdue > 0) Log.Overdue(log, overdue);
                }
                catch (NpgsqlException fault)
                {
                    Log.NotCounted(log, fault.GetType().Name);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process ends.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "{Count} messages have been due for more than ten minutes and have not gone out")]
        public static partial void Overdue(ILogger logger, long count);

        [LoggerMessage(LogLevel.Warning, "Overdue messages could not be counted ({Fault})")]
        public static partial void NotCounted(ILogger logger, string fault);
    }
}
