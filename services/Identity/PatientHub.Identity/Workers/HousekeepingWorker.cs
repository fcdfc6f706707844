using Microsoft.EntityFrameworkCore;
using PatientHub.Identity.Persistence;

namespace PatientHub.Identity.Workers;

/// <summary>Removes counters nobody looks at any more and sessions that ended a day ago. Missing a round costs disk space only.</summary>
public sealed partial class HousekeepingWorker(IServiceScopeFactory scopes, GuessCounters counters, TimeProvider time, ILogger<HousekeepingWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                Log.Removed(logger, await RunOnceAsync(stoppingToken));
            }
            catch (Exception fault) when (fault is System.Data.Common.DbException or TimeoutException)
            {
                Log.Failed(logger, fault.GetType().Name);
            }
        }
    }

    /// <returns>Number of rows removed.</returns>
    public async Task<int> RunOnceAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityDbContext>();
        var limit = time.GetUtcNow().AddDays(-1);
        return await counters.ForgetAsync(ct) + await db.Sessions.Where(s => s.EndsAt < limit).ExecuteDeleteAsync(ct);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Removed {Rows} old counters and sessions.")]
        public static partial void Removed(ILogger logger, int rows);

        [LoggerMessage(LogLevel.Warning, "Old counters and sessions were not removed ({Exception}); the next round tries again.")]
        public static partial void Failed(ILogger logger, string exception);
    }
}
