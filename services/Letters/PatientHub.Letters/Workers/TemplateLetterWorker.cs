using Microsoft.Extensions.Options;
using PatientHub.Letters.Features;

namespace PatientHub.Letters.Workers;

/// <summary>Makes due letters round after round; a full round is followed by the next one at once.</summary>
public sealed partial class TemplateLetterWorker(MakeTemplateLetters make, IOptions<LettersOptions> options, TimeProvider time, ILogger<TemplateLetterWorker> logger) : BackgroundService
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = options.Value.PollInterval;
            try
            {
                if (await make.RunOnceAsync(stoppingToken) > 0) pause = TimeSpan.Zero;
            }
            catch (Exception e) when (e is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                // The lease brings the same letters back; A29 alarms when it takes too long.
                Log.Failed(logger, e);
                pause = AfterFailure;
            }

            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Letters could not be made; they are tried again.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
