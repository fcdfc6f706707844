using PatientHub.Letters.Features;
using PatientHub.Messaging;

namespace PatientHub.Letters.Workers;

/// <summary>Removes what is over 24 months old, every six hours; not right after the start, when everybody else has more urgent work.</summary>
public sealed partial class RetentionWorker(RemoveOldLetters letters, DatabaseClock clock, TimeProvider time, ILogger<RetentionWorker> logger) : BackgroundService
{
    private static readonly TimeSpan First = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Interval = TimeSpan.FromHours(6);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var wait = First; !stoppingToken.IsCancellationRequested; wait = Interval)
        {
            await Task.Delay(wait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested) return;
            try
            {
                await letters.RunOnceAsync(await clock.UtcNowAsync(stoppingToken), stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, e);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Old letters could not be removed; the next round tries again.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
