using PatientHub.Identity.Features.WrongPerson;

namespace PatientHub.Identity.Workers;

/// <summary>Looks at what people reported as not for them (A32), a second after it came.</summary>
public sealed partial class WrongPersonWorker(IServiceScopeFactory scopes, TimeProvider time, ILogger<WrongPersonWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await TakeOneAsync(stoppingToken)) { }
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                // The report stays and is looked at again.
                Log.Failed(logger, fault.GetType().Name);
            }
        }
    }

    private async Task<bool> TakeOneAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<WrongPersonReports>().TakeOneAsync(ct);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Reports of messages to the wrong person could not be looked at ({Exception}); the next round tries again.")]
        public static partial void Failed(ILogger logger, string exception);
    }
}
