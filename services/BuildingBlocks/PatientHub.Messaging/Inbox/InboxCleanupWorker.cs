using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace PatientHub.Messaging;

/// <summary>Forgets messages that can no longer come back. Every replica runs it: SKIP LOCKED keeps them out of each other's way.</summary>
internal sealed partial class InboxCleanupWorker(
    NpgsqlDataSource database, IOptions<MessagingOptions> options, TimeProvider time, ILogger<InboxCleanupWorker> log) : BackgroundService
{
    private const int Slice = 5_000;

    /// <summary>Deletes all rows past their time, in short transactions.</summary>
    /// <returns>Rows deleted.</returns>
    public async Task<int> CleanAsync(CancellationToken ct)
    {
        var total = 0;
        int deleted;
        do
        {
            await using var command = database.CreateCommand("""
                delete from inbox_message where (message_id, endpoint) in (
                    select message_id, endpoint from inbox_message where received_at < now() - $1 order by received_at limit $2 for update skip locked)
                """);
            command.Parameters.Add(new NpgsqlParameter { Value = options.Value.InboxRetention });
            command.Parameters.Add(new NpgsqlParameter { Value = Slice });
            deleted = await command.ExecuteNonQueryAsync(ct);
            total += deleted;
        }
        while (deleted == Slice);

        return total;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                Log.Cleaned(log, await CleanAsync(stoppingToken));
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(log, fault.GetType().Name);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Inbox: {Count} old rows deleted")]
        public static partial void Cleaned(ILogger logger, int count);

        [LoggerMessage(LogLevel.Warning, "The inbox could not be cleaned: {Fault}")]
        public static partial void Failed(ILogger logger, string fault);
    }
}
