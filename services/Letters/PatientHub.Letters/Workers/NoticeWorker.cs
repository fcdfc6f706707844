using Microsoft.Extensions.Options;
using PatientHub.Letters.Features;

namespace PatientHub.Letters.Workers;

/// <summary>Makes due letters of news round after round; on its own, so that neither they nor the letters of a campaign wait for the others.</summary>
public sealed partial class NoticeWorker(MakeNotices make, IOptions<LettersOptions> options, TimeProvider time, ILogger<NoticeWorker> logger) : BackgroundService
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = options.Value.PollInterval;
            try
            {
                if (await make.RunOnceAsync(stoppingToken) == MakeNotices.FullRound) pause = TimeSpan.Zero;
            }
            catch (Exception e) when (e is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                // The lease brings the same ones back; A29 alarms when it takes too long.
                Log.Failed(logger, e);
                pause = AfterFailure;
            }

            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Letters of news could not be made; they are tried again.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
