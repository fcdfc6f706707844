using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PatientHub.Messaging.Tests.Contracts;
using PatientHub.Testing;

namespace PatientHub.Messaging.Tests;

public sealed class RetryTests(RabbitMqServer rabbit, PostgresServer postgres) : MessagingTest(rabbit, postgres)
{
    private const string Queue = "notes.note-taken";

    [Fact]
    public async Task Database_away_for_ten_seconds_under_load_leaves_the_error_queue_empty()
    {
        const int count = 2_000;
        void Consume(MessagingBuilder bus)
        {
            bus.Consumes<NoteTaken, NoteTakenConsumer>(consumer => consumer.ConcurrentMessages = 16);
            bus.ConsumesBatch<NoteTaken, NoteBatchConsumer>(batch => batch.MessageLimit = 50);
        }

        var service = await StartServiceAsync(Consume);
        await service.PublishAsync(Notes(count));
        await Eventually.True(async () => await service.EffectCountAsync() > 200, "nothing was consumed before the database went away");

        (await service.EffectCountAsync()).ShouldBeLessThan(count, "the load was over too early to prove anything");
        await Postgres.KillAsync();
        var away = Stopwatch.StartNew();
        await Eventually.True(() => away.Elapsed > TimeSpan.FromSeconds(10), "ten seconds never passed");
        await Postgres.StartAsync();

        await Eventually.True(async () => await CountAsync() >= 2 * count, "the load was not finished after the database's return", TimeSpan.FromSeconds(120));
        await service.StopAsync();
        (await CountAsync()).ShouldBe(2 * count);
        await ErrorQueueIsEmptyAsync(Queue);
        await ErrorQueueIsEmptyAsync("notes.note-batch");

        async Task<int> CountAsync()
        {
            try
            {
                return await service.EffectCountAsync();
            }
            catch (NpgsqlException)
            {
                // A pooled connection of before the kill.
                return 0;
            }
        }
    }

    [Fact]
    public async Task Transient_fault_is_tried_again_until_it_passes()
    {
        var service = await StartServiceAsync(bus => bus.Consumes<NoteTaken, NoteTakenConsumer>());
        service.Script.BeforeSave = _ => service.Script.Calls <= 7 ? throw new HttpRequestException("the other service is away") : Task.CompletedTask;
        await service.PublishAsync(Notes(1));
        await Eventually.True(async () => await service.EffectCountAsync() == 1, "the fault passed and the message had no effect");
        service.Script.Calls.ShouldBe(8);
        await ErrorQueueIsEmptyAsync(Queue);
    }

    [Theory] // a driver that is interrupted half-way throws many things
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whatever_is_thrown_when_the_connection_is_lost_is_no_defect_of_the_message(bool batch)
    {
        var service = await StartServiceAsync(bus =>
        {
            if (batch) bus.ConsumesBatch<NoteTaken, NoteBatchConsumer>(limits => limits.MessageLimit = 5);
            else bus.Consumes<NoteTaken, NoteTakenConsumer>();
        });
        service.Script.WithDatabase = async db =>
        {
            if (service.Script.Calls > 2) return;
            await Should.ThrowAsync<Exception>(() => db.Database.ExecuteSqlRawAsync("select pg_terminate_backend(pg_backend_pid())"));
            throw new InvalidOperationException("a sentence of the driver's");
        };
        await service.PublishAsync(Notes(1));
        await Eventually.True(async () => await service.EffectCountAsync() == 1, "the message was given up because its connection was lost");
        await ErrorQueueIsEmptyAsync(batch ? "notes.note-batch" : Queue);
    }

    [Fact]
    public async Task Clash_of_two_transactions_is_tried_again_and_its_loser_sees_the_winners_row()
    {
        // Checklist 29: twenty first events of one aggregate at once; each finds no row and inserts one.
        var service = await StartServiceAsync(bus => bus.Consumes<DeskChanged, DeskChangedConsumer>(consumer => consumer.ConcurrentMessages = 20));
        var desk = Guid.CreateVersion7();
        await service.PublishAsync(Enumerable.Range(1, 20).Select(version => new DeskChanged { DeskId = desk, Version = version, State = $"state {version}" }));

        await Eventually.True(async () => await service.QueryAsync(db => db.Set<InboxMessage>().CountAsync()) == 20, "not every event was consumed");
        await ErrorQueueIsEmptyAsync("notes.desk-changed");
    }

    [Fact]
    public void Faults_of_database_network_and_neighbours_are_transient()
    {
        TransientFaults.IsTransient(new NpgsqlException("gone", new SocketException())).ShouldBeTrue();
        TransientFaults.IsTransient(new NpgsqlException("gone", new EndOfStreamException())).ShouldBeTrue();
        TransientFaults.IsTransient(new DbUpdateException("save", Error(PostgresErrorCodes.AdminShutdown))).ShouldBeTrue();
        TransientFaults.IsTransient(Error(PostgresErrorCodes.CannotConnectNow)).ShouldBeTrue();
        TransientFaults.IsTransient(Error(PostgresErrorCodes.SerializationFailure)).ShouldBeTrue();
        TransientFaults.IsTransient(Error(PostgresErrorCodes.DeadlockDetected)).ShouldBeTrue();
        TransientFaults.IsTransient(Error(PostgresErrorCodes.TooManyConnections)).ShouldBeTrue();
        TransientFaults.IsTransient(Error(PostgresErrorCodes.DiskFull)).ShouldBeTrue();
        TransientFaults.IsTransient(new HttpRequestException("refused")).ShouldBeTrue();
        TransientFaults.IsTransient(new HttpRequestException("busy", null, HttpStatusCode.ServiceUnavailable)).ShouldBeTrue();
        TransientFaults.IsTransient(new HttpRequestException("slow down", null, HttpStatusCode.TooManyRequests)).ShouldBeTrue();
        TransientFaults.IsTransient(new TaskCanceledException("time-out", new TimeoutException())).ShouldBeTrue();
        TransientFaults.IsTransient(new OperationCanceledException()).ShouldBeTrue();
        TransientFaults.IsTransient(Error(PostgresErrorCodes.InvalidSqlStatementName)).ShouldBeTrue();
        TransientFaults.IsTransient(new TransientFaultException("not yet")).ShouldBeTrue();
        TransientFaults.IsTransient(new AggregateException(new InvalidOperationException(), new TimeoutException())).ShouldBeTrue();
    }

    [Fact]
    public void Defects_are_not_transient()
    {
        TransientFaults.IsTransient(new InvalidOperationException("a defect")).ShouldBeFalse();
        TransientFaults.IsTransient(new HttpRequestException("no", null, HttpStatusCode.BadRequest)).ShouldBeFalse();
        TransientFaults.IsTransient(new HttpRequestException("no", null, HttpStatusCode.NotFound)).ShouldBeFalse();
        TransientFaults.IsTransient(new DbUpdateException("save", Error(PostgresErrorCodes.NotNullViolation))).ShouldBeFalse();
        TransientFaults.IsTransient(Error(PostgresErrorCodes.UndefinedTable)).ShouldBeFalse();
        TransientFaults.IsTransient(Error(PostgresErrorCodes.UniqueViolation)).ShouldBeFalse();
        TransientFaults.IsClash(new DbUpdateException("save", Error(PostgresErrorCodes.UniqueViolation))).ShouldBeTrue();
        TransientFaults.IsClash(new DbUpdateConcurrencyException("stale")).ShouldBeTrue();
        TransientFaults.IsClash(new InvalidOperationException()).ShouldBeFalse();
    }

    private static PostgresException Error(string state) => new("message", "ERROR", "ERROR", state);
}
