using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace PatientHub.Messaging;

/// <summary>
/// Runs <see cref="OutboxDispatcher"/>s. The first works at once after a commit in this process, else each second for what others left. The others help with a
/// backlog, because one alone leaves the broker idle while it takes and deletes rows, and the database while it waits for confirms. They do not wake for single
/// commits: two halves of a small batch cost twice as much as the whole.
/// </summary>
internal sealed partial class OutboxDispatcherWorker(
    IServiceProvider services, OutboxSignal signal, IOptions<MessagingOptions> options, ILogger<OutboxDispatcherWorker> log)
    : BackgroundService
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly OutboxSignal _backlog = new();

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Rows carry the trace of whoever decided them; that of whoever started this process belongs to none of them.
        Activity.Current = null;
        var dispatchers = Enumerable.Range(0, options.Value.Dispatchers).Select(_ => services.GetRequiredService<OutboxDispatcher>()).ToList();
        return Task.WhenAll(dispatchers.Select((dispatcher, number) => LoopAsync(dispatcher, number == 0 ? signal : _backlog, stoppingToken)));
    }

    public override void Dispose()
    {
        _backlog.Dispose();
        base.Dispose();
    }

    private async Task LoopAsync(OutboxDispatcher dispatcher, OutboxSignal wake, CancellationToken stoppingToken)
    {
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            var began = Stopwatch.GetTimestamp();
            try
            {
                var more = await dispatcher.DispatchAsync(stoppingToken);
                failures = 0;
                if (more)
                {
                    _backlog.Set();
                }
                else if (await wake.WaitAsync(options.Value.PollInterval, stoppingToken) && options.Value.Gather - Stopwatch.GetElapsedTime(began) is { Ticks: > 0 } gather)
                {
                    await Task.Delay(gather, stoppingToken);
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
