using Microsoft.Extensions.Options;
using PatientHub.Letters.Features;

namespace PatientHub.Letters.Workers;

/// <summary>Makes due letters round after round: a full round is followed by the next one at once, another by a short rest, in which company gathers for the next.</summary>
public sealed partial class TemplateLetterWorker(MakeTemplateLetters make, IOptions<LettersOptions> options, TimeProvider time, ILogger<TemplateLetterWorker> logger) : BackgroundService
{
    // A round for three letters costs nearly as much as one for a hundred.
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = options.Value.PollInterval;
            try
            {
                var due = await make.RunOnceAsync(stoppingToken);
                if (due > 0) pause = due == MakeTemplateLetters.FullRound ? TimeSpan.Zero : Gather < pause ? Gather : pause;
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
