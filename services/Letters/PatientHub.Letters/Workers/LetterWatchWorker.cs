using PatientHub.Letters.Features;

namespace PatientHub.Letters.Workers;

/// <summary>Looks after overdue letters twice a minute.</summary>
public sealed partial class LetterWatchWorker(IServiceScopeFactory scopes, TimeProvider time, ILogger<LetterWatchWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<WatchLetters>().RunOnceAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, e);
            }

            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Overdue letters could not be looked for; the next round tries again.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
