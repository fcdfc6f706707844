using Microsoft.Extensions.Options;

namespace PatientHub.PostalFallback.Workers;

/// <summary>Looks for overdue letters again and again (<see cref="OverduePost"/>). A pass that fails is logged and tried again.</summary>
internal sealed partial class OverdueWorker(OverduePost overdue, IOptions<BatchOptions> options, TimeProvider time, ILogger<OverdueWorker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Every, time);
        do
        {
            try
            {
                await overdue.AlarmAsync(stoppingToken);
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
        [LoggerMessage(Level = LogLevel.Error, Message = "A look for overdue letters failed ({ExceptionType}); it is tried again")]
        public static partial void Failed(ILogger logger, string exceptionType, Exception exception);
    }
}
