using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;
using PatientHub.Benchmarks.Frame;
using PatientHub.Benchmarks.Messaging;
using PatientHub.Messaging;

namespace PatientHub.Benchmarks;

/// <summary>
/// How much of the broker's own speed does the outbox keep? The dispatcher, as a service runs it, on rows that are already there, against RabbitMQ.Client
/// with confirms and a window of 1,000, into quorum queues, with the same bytes on the wire. Timed from the signal to the last confirmed row's deletion.
/// </summary>
internal static class OutboxDispatch
{
    private const string WatchQueue = "watch";

    public static async Task RunAsync(Options options, Report report)
    {
        var rows = options.Number("messages", 100_000);
        await using var servers = await Servers.StartAsync();
        await using var service = await BookingService.CreateAsync(servers, "outbox", consumes: false);
        await using var raw = await RawPublisher.ConnectAsync(service.Broker);
        var publication = service.Services.GetRequiredService<Catalogue>().Publications.Single();
        await raw.DeclareQueueAsync(WatchQueue, publication.Exchange);
        var wire = Enumerable.Range(0, rows).Select(BookingService.Row).Select(row => Wire.Internal(row, publication)).ToList();
        using var published = new PublishedRows();
        await service.StartAsync();

        NpgsqlTransaction? prepared = null;
        var result = await Pairs.RunAsync("outbox",
            new Side("dispatcher", async () => prepared = await PrepareAsync(service, raw, published, rows), async () =>
            {
                await using var connection = prepared!.Connection!;
                await prepared.CommitAsync();
                service.Services.GetRequiredService<OutboxSignal>().Set();
                await published.AllAsync();
                return new Done(rows);
            }),
            new Side("RabbitMQ.Client", () => raw.PurgeAsync(WatchQueue), async () =>
            {
                await raw.PublishAsync(wire);
                return new Done(rows);
            }),
            servers.Workers, options.Number("pairs", 5), "messages/s");

        report.Add("Outbox dispatcher on rows that are there, against raw RabbitMQ.Client with confirms (bar 0.50, aim 0.75)", string.Create(CultureInfo.InvariantCulture,
            $"{result.MedianRatio:F2} ({result.RatioList}); {result.MedianA:N0} against {result.MedianB:N0} messages/s; CPU seconds per 100,000: {result.CpuOfA} against {result.CpuOfB}"), "outbox");
    }

    /// <summary>Rows in a transaction that the measured run commits: the dispatcher looks each second by itself and must not begin before the clock.</summary>
    private static async Task<NpgsqlTransaction> PrepareAsync(BookingService service, RawPublisher raw, PublishedRows published, int rows)
    {
        await raw.PurgeAsync(WatchQueue);
        published.Expect(rows);
        var connection = new NpgsqlConnection(service.Database);
        await connection.OpenAsync();
        await ExecuteAsync(connection, "vacuum outbox_message");
        var transaction = await connection.BeginTransactionAsync();
        await using (var copy = await connection.BeginBinaryImportAsync("copy outbox_message (message_id, type, body, trace_parent, attempts) from stdin (format binary)"))
        {
            for (var i = 0; i < rows; i++)
            {
                var row = BookingService.Row(i);
                await copy.StartRowAsync();
                await copy.WriteAsync(row.MessageId, NpgsqlDbType.Uuid);
                await copy.WriteAsync(row.Type, NpgsqlDbType.Text);
                await copy.WriteAsync(row.Body, NpgsqlDbType.Jsonb);
                await copy.WriteAsync(row.TraceParent!, NpgsqlDbType.Text);
                await copy.WriteAsync(0, NpgsqlDbType.Integer);
            }

            await copy.CompleteAsync();
        }

        // Any commit brings the log to the disk up to here, so that the one inside the measured run costs next to nothing.
        await using var other = new NpgsqlConnection(service.Database);
        await other.OpenAsync();
        await ExecuteAsync(other, "select pg_logical_emit_message(true, 'bench', 'written')");
        return transaction;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Counts the dispatcher's own metric, which rises when confirmed rows are deleted.</summary>
    private sealed class PublishedRows : IDisposable
    {
        private readonly MeterListener _listener = new();
        private TaskCompletionSource _all = new();
        private long _left;

        public PublishedRows()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "patienthub.outbox.published") listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((_, count, _, _) =>
            {
                if (Interlocked.Add(ref _left, -count) == 0) _all.TrySetResult();
            });
            _listener.Start();
        }

        public void Expect(int rows)
        {
            _all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _left = rows;
        }

        public Task AllAsync() => _all.Task.WaitAsync(TimeSpan.FromMinutes(10));

        public void Dispose() => _listener.Dispose();
    }
}
