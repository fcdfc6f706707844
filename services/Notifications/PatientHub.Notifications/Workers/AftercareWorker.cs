using Microsoft.Extensions.Options;

namespace PatientHub.Notifications.Workers;

/// <summary>Runs <see cref="UnclearAttempts"/>, <see cref="Redactions"/> and <see cref="TextsFromPatients"/> by the clock.</summary>
internal sealed partial class AftercareWorker(UnclearAttempts unclear, Redactions redactions, TextsFromPatients texts, IOptions<SendingOptions> sending, TimeProvider time, ILogger<AftercareWorker> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(LoopAsync("unclear attempts", unclear.RunOnceAsync, stoppingToken), LoopAsync("redactions", redactions.RunOnceAsync, stoppingToken),
            LoopAsync("texts from patients", texts.RunOnceAsync, stoppingToken));

    private async Task LoopAsync(string work, Func<CancellationToken, Task<int>> round, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(sending.Value.PollInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(ct))
            {
                try
                {
                    while (await round(ct) > 0)
                    {
                        // More of it may be due.
                    }
                }
                catch (Exception fault) when (!ct.IsCancellationRequested)
                {
                    Log.RoundFailed(log, work, fault.GetType().Name);
                }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The process ends.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A round of {Work} failed ({Fault}); it will be repeated")]
        public static partial void RoundFailed(ILogger logger, string work, string fault);
    }
}
