using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace PatientHub.Messaging;

/// <summary>
/// Runs <see cref="OutboxDispatcher"/>s: at once after a commit in this process, else each second for what others left. Several, because one leaves the broker idle
/// while it takes and deletes rows, and the database while it waits for confirms.
/// </summary>
internal sealed partial class OutboxDispatcherWorker(
    IServiceProvider services, OutboxSignal signal, IOptions<MessagingOptions> options, ILogger<OutboxDispatcherWorker> log)
    : BackgroundService
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Rows carry the trace of whoever decided them; that of whoever started this process belongs to none of them.
        Activity.Current = null;
        return Task.WhenAll(Enumerable.Range(0, options.Value.Dispatchers).Select(_ => LoopAsync(services.GetRequiredService<OutboxDispatcher>(), stoppingToken)));
    }

    private async Task LoopAsync(OutboxDispatcher dispatcher, CancellationToken stoppingToken)
    {
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var more = await dispatcher.DispatchAsync(stoppingToken);
                failures = 0;
                if (more)
                {
                    // A backlog: whoever else sleeps here can help.
                    signal.Set();
                }
                else
                {
                    await signal.WaitAsync(options.Value.PollInterval, stoppingToken);
                }
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                // Broker or database away: both come back. Commits in between need no signal, so the pause is not cut short by them.
                failures++;
                var pause = TimeSpan.FromMilliseconds(Math.Min(LongestPause.TotalMilliseconds, 100 * Math.Pow(2, Math.Min(failures, 10))));
                Log.Failed(log, fault.GetType().Name, failures, pause);
                await Task.Delay(pause, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        await dispatcher.CloseAsync();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The outbox waits: {Fault}, {Failures} times in a row; next try in {Pause}")]
        public static partial void Failed(ILogger logger, string fault, int failures, TimeSpan pause);
    }
}
