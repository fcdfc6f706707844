using Microsoft.Extensions.Options;

namespace PatientHub.PostalFallback.Workers;

/// <summary>Runs <see cref="PostRun"/> again and again. A pass that fails (the database is away) is logged and tried again: the rows stay.</summary>
internal sealed partial class PostWorker(PostRun run, IOptions<BatchOptions> options, TimeProvider time, ILogger<PostWorker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Every, time);
        do
        {
            try
            {
                await run.RunOnceAsync(stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, fault.GetType().Name, fault);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "A pass over due letters failed ({ExceptionType}); it is tried again")]
        public static partial void Failed(ILogger logger, string exceptionType, Exception exception);
    }
}
