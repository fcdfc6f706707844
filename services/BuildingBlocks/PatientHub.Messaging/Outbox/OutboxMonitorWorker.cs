using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace PatientHub.Messaging;

/// <summary>Measures the outbox for the gauges, away from the sending path. Thin loop over <see cref="MeasureAsync"/>.</summary>
internal sealed partial class OutboxMonitorWorker(NpgsqlDataSource database, MessagingMetrics metrics, TimeProvider time, ILogger<OutboxMonitorWorker> log)
    : BackgroundService
{
    public async Task MeasureAsync(CancellationToken ct)
    {
        // The first entry of one partial index, the rows waiting for a time (few), and the parked rows (none).
        await using var command = database.CreateCommand("""
            select coalesce(extract(epoch from now() - least(
                       (select created_at from outbox_message where parked_at is null and not_before is null order by sequence limit 1),
                       (select min(created_at) from outbox_message where parked_at is null and not_before is not null and attempts > 0)))::double precision, 0),
                   (select count(*) from outbox_message where parked_at is not null)
            """);
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        metrics.Backlog(reader.GetDouble(0), reader.GetInt64(1));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(10), time);
        do
        {
            try
            {
                await MeasureAsync(stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(log, fault.GetType().Name);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The outbox could not be measured: {Fault}")]
        public static partial void Failed(ILogger logger, string fault);
    }
}
