using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using PatientHub.Messaging.Tests.Contracts;
using PatientHub.Testing;

namespace PatientHub.Messaging.Tests;

public sealed class OutboxTests(RabbitMqServer rabbit, PostgresServer postgres) : MessagingTest(rabbit, postgres)
{
    [Fact]
    public async Task Rolled_back_transaction_leaves_no_row_and_announces_nothing()
    {
        await MigrateAsync();
        var service = NewService(dispatches: false);

        await using (var scope = service.Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<NotesDbContext>();
            await using var transaction = await db.Database.BeginTransactionAsync(Ct);
            db.Effects.Add(new Effect { NoteId = Guid.CreateVersion7(), By = "request" });
            scope.ServiceProvider.GetRequiredService<IOutbox>().Add(Notes(1)[0]);
            await db.SaveChangesAsync(Ct);
            (await db.Set<OutboxMessage>().CountAsync(Ct)).ShouldBe(1, "it is there before the rollback");
            await transaction.RollbackAsync(Ct);
        }

        (await service.OutboxCountAsync()).ShouldBe(0);
        (await service.EffectCountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Message_and_aggregate_are_saved_together_by_one_SaveChanges()
    {
        await MigrateAsync();
        var service = NewService(dispatches: false);
        var note = Notes(1)[0];

        await using (var scope = service.Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<NotesDbContext>();
            scope.ServiceProvider.GetRequiredService<IOutbox>().Add(note);
            db.Effects.Add(new Effect { NoteId = note.NoteId, By = "request" });
            db.Effects.Add(new Effect { NoteId = note.NoteId, By = null! });
            await Should.ThrowAsync<DbUpdateException>(() => db.SaveChangesAsync(Ct));
        }

        (await service.OutboxCountAsync()).ShouldBe(0, "the aggregate could not be saved, so nothing may be announced");

        await service.PublishAsync(note);
        var row = await service.QueryAsync(db => db.Set<OutboxMessage>().SingleAsync());
        row.Type.ShouldBe(NoteTakenName);
        row.MessageId.Version.ShouldBe(7);
        row.Body.ShouldContain(note.NoteId.ToString());
    }

    [Fact]
    public async Task Type_that_is_not_registered_is_refused()
    {
        var service = NewService(dispatches: false);
        await using var scope = service.Services.CreateAsyncScope();
        var outbox = scope.ServiceProvider.GetRequiredService<IOutbox>();
        Should.Throw<InvalidOperationException>(() => outbox.Add(new NobodyListens { Id = Guid.CreateVersion7() })).Message.ShouldContain(nameof(NobodyListens));
    }

    [Fact]
    public async Task Commit_wakes_the_dispatcher_without_waiting_for_the_poll()
    {
        // A poll once an hour: only the signal can bring it out in time.
        var service = await StartServiceAsync(bus => bus.Consumes<NoteTaken, NoteTakenConsumer>(), settings: ("Messaging:PollInterval", "01:00:00"));
        await service.PublishAsync(Notes(1));
        await Eventually.True(async () => await service.EffectCountAsync() == 1, "the message waited for the poll");

        // The consumer's own message (NoteFiled) left by the commit of the inbox's transaction.
        await Eventually.True(async () => await service.OutboxCountAsync() == 0, "a message of a consumer waited for the poll");
    }

    [Fact]
    public async Task Rows_of_another_process_are_found_by_the_poll()
    {
        var service = await StartServiceAsync(bus => bus.Consumes<NoteTaken, NoteTakenConsumer>());
        var elsewhere = NewService(dispatches: false);
        await elsewhere.PublishAsync(Notes(3));
        await Eventually.True(async () => await service.EffectCountAsync() == 3, "rows of another process were never sent");
    }

    [Fact]
    public async Task Message_for_later_waits_for_its_time_by_the_databases_clock()
    {
        await MigrateAsync();
        await WatchAsync("watch", BusNames.Exchange(typeof(NoteTaken)));
        var service = NewService(dispatches: false);
        var now = await service.Services.GetRequiredService<DatabaseClock>().UtcNowAsync(Ct);
        await using (var scope = service.Services.CreateAsyncScope())
        {
            var outbox = scope.ServiceProvider.GetRequiredService<IOutbox>();
            outbox.Add(new NoteTaken { NoteId = Guid.CreateVersion7(), Number = 1 }, now.AddHours(1));
            outbox.Add(new NoteTaken { NoteId = Guid.CreateVersion7(), Number = 2 }, now.AddSeconds(-1));
            await scope.ServiceProvider.GetRequiredService<NotesDbContext>().SaveChangesAsync(Ct);
        }

        await service.DispatchAllAsync();
        (await service.OutboxCountAsync()).ShouldBe(1);

        // The same row, seen by a demonstration that runs an hour ahead.
        var ahead = NewService(dispatches: false, settings: ("Clock:Offset", "01:00:01"));
        await ahead.DispatchAllAsync();
        (await service.OutboxCountAsync()).ShouldBe(0);
        (await DrainAsync("watch")).Count.ShouldBe(2);
    }

    [Fact] // Checklist 127
    public async Task Backlog_and_parked_rows_are_measured_for_the_alarms()
    {
        await MigrateAsync();
        var service = NewService(dispatches: false);
        var measured = new Dictionary<string, double>();
        using var listener = new MeterListener();
        var meters = service.Services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == MessagingMetrics.MeterName && ReferenceEquals(instrument.Meter.Scope, meters))
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => measured[instrument.Name] = value);
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => measured[instrument.Name] = value);
        listener.Start();
        var monitor = service.Services.GetServices<IHostedService>().OfType<OutboxMonitorWorker>().Single();

        (await MeasureAsync()).ShouldBe((0, 0));
        await SqlAsync($"""
            insert into outbox_message (message_id, type, body, attempts, created_at, not_before, parked_at) values
                (gen_random_uuid(), '{NoteTakenName}', '{"{}"}', 3, now() - interval '10 minutes', now() + interval '1 minute', null),
                (gen_random_uuid(), '{NoteTakenName}', '{"{}"}', 0, now() - interval '3 days', now() + interval '1 hour', null),
                (gen_random_uuid(), '{NoteTakenName}', '{"{}"}', 0, now() - interval '1 minute', null, null),
                (gen_random_uuid(), 'unknown', '{"{}"}', 1, now() - interval '9 days', null, now())
            """);
        var (age, parked) = await MeasureAsync();
        age.ShouldBeInRange(600, 660, "the refused row is the oldest that should have left; the one for later is not late");
        parked.ShouldBe(1);

        async Task<(double Age, double Parked)> MeasureAsync()
        {
            await monitor.MeasureAsync(Ct);
            listener.RecordObservableInstruments();
            return (measured["patienthub.outbox.backlog.age"], measured["patienthub.outbox.parked.rows"]);
        }
    }

    [Fact]
    public async Task Broker_that_is_down_delays_messages_and_fails_no_request()
    {
        await MigrateAsync(bus => bus.Consumes<NoteTaken, NoteTakenConsumer>());
        await Rabbit.StopAsync();

        // Checklist 3: the service starts without its broker, and says so.
        var service = NewService(bus => bus.Consumes<NoteTaken, NoteTakenConsumer>());
        await service.StartAsync();
        (await service.HealthAsync()).ShouldNotBe(HealthStatus.Healthy);

        // Checklist 4: decisions are accepted meanwhile.
        await service.PublishAsync(Notes(20));
        (await service.OutboxCountAsync()).ShouldBe(20);

        await Rabbit.StartAsync();
        await Eventually.True(async () => await service.EffectCountAsync() == 20, "the messages were not delivered after the broker's return", TimeSpan.FromSeconds(120));
        await service.ReadyAsync();
        await ErrorQueueIsEmptyAsync("notes.note-taken");
    }
}
