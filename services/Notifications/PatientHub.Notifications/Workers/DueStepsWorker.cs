using Microsoft.Extensions.Options;

namespace PatientHub.Notifications.Workers;

/// <summary>Runs <see cref="DueSteps"/> in a few loops, woken by new work or by the clock.</summary>
internal sealed partial class DueStepsWorker(DueSteps steps, DueSignal due, IOptions<SendingOptions> sending, ILogger<DueStepsWorker> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(Enumerable.Range(0, sending.Value.Sweeps).Select(_ => LoopAsync(stoppingToken)));

    private async Task LoopAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                if (await steps.RunOnceAsync(ct) == 0) await due.WaitAsync(sending.Value.PollInterval, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                // The round is lost, its steps are not: they are claimed again. Only the type is logged: a message could hold a value.
                Log.RoundFailed(log, fault.GetType().Name);
                await due.WaitAsync(sending.Value.PollInterval, ct);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "A round of due steps failed ({Fault}); it will be repeated")]
        public static partial void RoundFailed(ILogger logger, string fault);
    }
}
