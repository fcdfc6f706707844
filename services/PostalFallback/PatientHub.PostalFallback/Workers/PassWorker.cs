namespace PatientHub.PostalFallback.Workers;

/// <summary>Makes the same pass again and again. One that fails (the database is away) is logged and tried again: the rows stay.</summary>
internal abstract partial class PassWorker(TimeSpan every, TimeProvider time, ILogger logger) : BackgroundService
{
    protected abstract Task PassAsync(CancellationToken cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(every, time);
        do
        {
            try
            {
                await PassAsync(stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, GetType().Name, fault.GetType().Name, fault);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "A pass of {Worker} failed ({ExceptionType}); it is tried again")]
        public static partial void Failed(ILogger logger, string worker, string exceptionType, Exception exception);
    }
}
