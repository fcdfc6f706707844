using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PatientHub.Messaging.Tests.Contracts;
using PatientHub.Testing;
using RabbitMQ.Client;

namespace PatientHub.Messaging.Tests;

public sealed class InboxTests(RabbitMqServer rabbit, PostgresServer postgres) : MessagingTest(rabbit, postgres)
{
    private const string Queue = "notes.note-taken";
    private static readonly string Exchange = BusNames.Exchange(typeof(NoteTaken));

    [Fact]
    public async Task Forty_concurrent_duplicates_have_one_effect()
    {
        // Checklist 10. Two replicas, each with twenty in hand at once.
        void Consume(MessagingBuilder bus) => bus.Consumes<NoteTaken, NoteTakenConsumer>(consumer => consumer.ConcurrentMessages = 20);
        var service = await StartServiceAsync(Consume);
        var replica = NewService(Consume);
        await replica.StartAsync();
        await replica.ReadyAsync();

        var messageId = Guid.CreateVersion7();
        await RepeatAsync(messageId, Guid.CreateVersion7(), times: 40);
        await Eventually.True(async () => await DepthAsync(Queue) == 0 && await service.EffectCountAsync() > 0, "the duplicates were never consumed");
        await service.StopAsync();
        await replica.StopAsync();

        (await service.EffectCountAsync()).ShouldBe(1);
        (await service.QueryAsync(db => db.Set<InboxMessage>().CountAsync())).ShouldBe(1);
        (await DepthAsync(Queue)).ShouldBe(0u, "every repeat was acknowledged");
        (await DepthAsync(Queue + "_skipped")).ShouldBeNull("a duplicate counts as consumed");
        await ErrorQueueIsEmptyAsync(Queue);
    }

    [Fact]
    public async Task Two_consumers_of_one_service_each_get_the_message_once()
    {
        var service = await StartServiceAsync(bus =>
        {
            bus.Consumes<NoteTaken, NoteTakenConsumer>();
            bus.ConsumesBatch<NoteTaken, NoteBatchConsumer>();
        });
        await service.PublishAsync(Notes(1));
        await Eventually.True(async () => await service.EffectCountAsync() == 2, "the inbox of one queue shut out the other");
    }

    [Fact]
    public async Task One_consumer_of_several_messages_has_one_queue_for_all_of_them()
    {
        var service = await StartServiceAsync(bus =>
        {
            bus.Consumes<NoteTaken, EverythingConsumer>(consumer => consumer.ConcurrentMessages = 3);
            bus.Consumes<DeskChanged, EverythingConsumer>();
        });
        await service.PublishAsync(Notes(2));
        await service.PublishAsync(new DeskChanged { DeskId = Guid.CreateVersion7(), Version = 1, State = "open" });
        await Eventually.True(async () => await service.EffectCountAsync() == 3, "one of the types never arrived");
        (await service.QueryAsync(db => db.Set<InboxMessage>().Select(row => row.Endpoint).Distinct().ToListAsync())).ShouldBe(["notes.everything"]);
    }

    public sealed class EverythingConsumer(NotesDbContext db) : IConsumer<NoteTaken>, IConsumer<DeskChanged>
    {
        public Task Consume(ConsumeContext<NoteTaken> context) => AddAsync(context.Message.NoteId, context.CancellationToken);

        public Task Consume(ConsumeContext<DeskChanged> context) => AddAsync(context.Message.DeskId, context.CancellationToken);

        private async Task AddAsync(Guid id, CancellationToken ct)
        {
            db.Effects.Add(new Effect { NoteId = id, By = nameof(EverythingConsumer) });
            await db.SaveChangesAsync(ct);
        }
    }

    [Fact]
    public async Task Throw_after_SaveChanges_leaves_neither_effect_nor_message_nor_inbox_row()
    {
        var service = await StartServiceAsync(bus => bus.Consumes<NoteTaken, NoteTakenConsumer>());
        await WatchAsync("watch-filed", BusNames.Exchange(typeof(NoteFiled)));
        service.Script.AfterSave = _ => throw new InvalidOperationException("a defect after the save");

        await service.PublishAsync(Notes(1));
        await Eventually.True(async () => await DepthAsync(Queue + "_error") == 1, "the defect never reached the error queue");

        (await service.EffectCountAsync()).ShouldBe(0);
        (await service.QueryAsync(db => db.Set<InboxMessage>().CountAsync())).ShouldBe(0, "else its replay would be taken for a duplicate");
        (await service.OutboxCountAsync()).ShouldBe(0);
        (await DepthAsync("watch-filed")).ShouldBe(0u);
        service.Script.Calls.ShouldBe(1, "waiting does not heal a defect");

        // Operations replay it after the repair.
        service.Script.AfterSave = _ => Task.CompletedTask;
        await using var channel = await ChannelAsync();
        var failed = (await channel.BasicGetAsync(Queue + "_error", autoAck: true, Ct)).ShouldNotBeNull();
        await channel.BasicPublishAsync("", Queue, mandatory: true, new BasicProperties(failed.BasicProperties), failed.Body, Ct);
        await Eventually.True(async () => await service.EffectCountAsync() == 1, "the replayed message had no effect");
    }

    [Fact]
    public async Task Poison_messages_go_to_the_error_queue_and_the_rest_flows()
    {
        // Checklist 14: no JSON, an envelope without its message, 1 MB of nothing, a message without an id.
        var service = await StartServiceAsync(bus => bus.Consumes<NoteTaken, NoteTakenConsumer>());
        await using var channel = await ChannelAsync();
        var properties = new BasicProperties { ContentType = Wire.EnvelopeContentType, MessageId = Guid.CreateVersion7().ToString(), DeliveryMode = DeliveryModes.Persistent };
        var urn = MessageUrn.ForTypeString<NoteTaken>();
        foreach (var poison in new[]
                 {
                     "this is not JSON",
                     $$"""{"messageId":"{{Guid.CreateVersion7()}}","messageType":["{{urn}}"],"message":{} }""",
                     $$"""{"messageId":"{{Guid.CreateVersion7()}}","messageType":["{{urn}}"],"message":"{{new string('x', 1_000_000)}}"}""",
                     $$"""{"messageType":["{{urn}}"],"message":{"noteId":"{{Guid.CreateVersion7()}}" } }""",
                 })
        {
            await channel.BasicPublishAsync(Exchange, "", mandatory: true, properties, Encoding.UTF8.GetBytes(poison), Ct);
        }

        await service.PublishAsync(Notes(5));
        await Eventually.True(async () => await service.EffectCountAsync() == 5, "poison stopped the good messages");
        await Eventually.True(async () => await DepthAsync(Queue + "_error") == 4, "not every poison message reached the error queue");
    }

    [Fact]
    public async Task Dead_letters_are_on_the_gauge_at_once_and_an_alarm_when_nobody_came_for_them()
    {
        // Checklist 127
        var service = await StartServiceAsync(bus => bus.Consumes<NoteTaken, NoteTakenConsumer>());
        var time = new MovedTime();
        var watch = ActivatorUtilities.CreateInstance<DeadLetterWatch>(service.Services, time);
        var dead = new Dictionary<string, long>();
        using var listener = new MeterListener();
        var meters = service.Services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "patienthub.messages.dead" && ReferenceEquals(instrument.Meter.Scope, meters))
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => dead[(string)tags[0].Value!] = value);
        listener.Start();

        await watch.LookAsync(Ct);
        listener.RecordObservableInstruments();
        dead.ShouldBeEmpty("no error queue exists before its first message");
        service.Script.AfterSave = _ => throw new InvalidOperationException("a defect");
        await service.PublishAsync(Notes(2));
        await Eventually.True(async () => await DepthAsync(Queue + "_error") == 2, "the defects never reached the error queue");

        await Eventually.True(async () =>
        {
            await watch.LookAsync(Ct);
            listener.RecordObservableInstruments();
            return dead.Count > 0;
        }, "the new error queue was never looked for");
        dead.ShouldBe(new Dictionary<string, long> { [Queue + "_error"] = 2 });
        service.Logs.ShouldNotContain(line => line.Contains("Alarm: 2 messages", StringComparison.Ordinal), "a quarter of an hour has not passed");
        time.Ahead = TimeSpan.FromMinutes(16);
        await watch.LookAsync(Ct);
        service.Logs.ShouldContain(line => line.Contains($"Alarm: 2 messages have lain in {Queue}_error", StringComparison.Ordinal));

        await using var channel = await ChannelAsync();
        await channel.QueuePurgeAsync(Queue + "_error", Ct);
        await watch.LookAsync(Ct);
        dead.Clear();
        listener.RecordObservableInstruments();
        dead.ShouldBeEmpty();

        // What another process gave up is found, too, if only after a while: asking for queues that are not there fills the broker's log with errors.
        await channel.QueueDeclareAsync(Queue + "_skipped", durable: true, exclusive: false, autoDelete: false, cancellationToken: Ct);
        await channel.BasicPublishAsync("", Queue + "_skipped", new byte[] { 1 }, Ct);
        await Eventually.True(async () => await DepthAsync(Queue + "_skipped") == 1, "the message never lay there");
        await watch.LookAsync(Ct);
        listener.RecordObservableInstruments();
        dead.ShouldBeEmpty();
        time.Ahead += TimeSpan.FromMinutes(11);
        await watch.LookAsync(Ct);
        listener.RecordObservableInstruments();
        dead.ShouldBe(new Dictionary<string, long> { [Queue + "_skipped"] = 1 });
    }

    private sealed class MovedTime : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
    }

    [Fact]
    public async Task Overtaken_event_changes_nothing_and_a_missed_one_is_made_good_by_the_next()
    {
        // Checklist 11. Version 2 never arrives; version 3 comes before version 1.
        var service = await StartServiceAsync(bus => bus.Consumes<DeskChanged, DeskChangedConsumer>());
        var desk = Guid.CreateVersion7();
        var consumed = 0;
        foreach (var version in new[] { 3, 1 })
        {
            await service.PublishAsync(new DeskChanged { DeskId = desk, Version = version, State = $"state {version}" });
            consumed++;
            await Eventually.True(async () => await service.QueryAsync(db => db.Set<InboxMessage>().CountAsync()) == consumed, $"version {version} was never consumed");
        }

        var row = await service.QueryAsync(db => db.Desks.SingleAsync());
        row.Version.ShouldBe(3);
        row.State.ShouldBe("state 3");
    }

    [Fact]
    public async Task Conversation_and_ids_of_a_message_reach_the_messages_it_causes()
    {
        var service = await StartServiceAsync(bus => bus.Consumes<NoteTaken, NoteTakenConsumer>());
        await WatchAsync("watch-filed", BusNames.Exchange(typeof(NoteFiled)));
        await WatchAsync("watch-taken", Exchange);
        await service.PublishAsync(Notes(1));
        await Eventually.True(async () => await DepthAsync("watch-filed") == 1, "the consumer's own message never came");

        var taken = Read((await DrainAsync("watch-taken")).ShouldHaveSingleItem());
        var filed = Read((await DrainAsync("watch-filed")).ShouldHaveSingleItem());
        taken.Conversation.ShouldBe(taken.Id);
        filed.Conversation.ShouldBe(taken.Id);
        filed.Id.ShouldNotBe(taken.Id);

        static (string Id, string Conversation) Read(BasicGetResult message)
        {
            using var json = JsonDocument.Parse(message.Body);
            return (json.RootElement.GetProperty("messageId").GetString()!, json.RootElement.GetProperty("conversationId").GetString()!);
        }
    }

    [Fact]
    public async Task Old_rows_of_the_inbox_are_removed_and_young_ones_stay()
    {
        await MigrateAsync();
        var service = NewService(dispatches: false, settings: ("Messaging:InboxRetention", "30.00:00:00"));
        await SqlAsync("""
            insert into inbox_message (message_id, endpoint, received_at) select gen_random_uuid(), 'old', now() - interval '31 days' from generate_series(1, 12000);
            insert into inbox_message (message_id, endpoint, received_at) select gen_random_uuid(), 'young', now() - interval '29 days' from generate_series(1, 100);
            """);

        var worker = service.Services.GetServices<IHostedService>().OfType<InboxCleanupWorker>().Single();
        (await worker.CleanAsync(Ct)).ShouldBe(12_000);
        (await service.QueryAsync(db => db.Set<InboxMessage>().CountAsync())).ShouldBe(100);
        (await service.QueryAsync(db => db.Set<InboxMessage>().CountAsync(row => row.Endpoint == "young"))).ShouldBe(100);
    }

    /// <summary>The very same message, as a broker or a relay repeats it.</summary>
    private async Task RepeatAsync(Guid messageId, Guid noteId, int times)
    {
        await using var channel = await ChannelAsync();
        var body = Encoding.UTF8.GetBytes($$"""
            {"messageId":"{{messageId}}","conversationId":"{{messageId}}","messageType":["{{MessageUrn.ForTypeString<NoteTaken>()}}"],"message":{"noteId":"{{noteId}}","number":1},"headers":{} }
            """);
        var properties = new BasicProperties { ContentType = Wire.EnvelopeContentType, MessageId = messageId.ToString(), DeliveryMode = DeliveryModes.Persistent };
        for (var i = 0; i < times; i++)
        {
            await channel.BasicPublishAsync(Exchange, "", mandatory: true, properties, body, Ct);
        }
    }
}
