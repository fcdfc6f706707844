using System.Net.Http.Json;
using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PatientHub.Messaging.Tests.Contracts;
using PatientHub.Testing;

namespace PatientHub.Messaging.Tests;

public sealed class TopologyTests(RabbitMqServer rabbit, PostgresServer postgres) : MessagingTest(rabbit, postgres)
{
    private static readonly Action<MessagingBuilder> Consume = bus =>
    {
        bus.Consumes<NoteTaken, NoteTakenConsumer>();
        bus.Consumes<DeskChanged, DeskChangedConsumer>();
    };

    [Fact]
    public async Task Migrate_makes_queues_so_that_messages_wait_for_a_consumer_that_never_ran()
    {
        await MigrateAsync(Consume);
        var publisher = NewService(dispatches: false);
        await publisher.PublishAsync(Notes(10));
        await publisher.DispatchAllAsync();
        (await publisher.OutboxCountAsync()).ShouldBe(0);

        // A deployment migrates with messages in the queues.
        await MigrateAsync(Consume);
        (await DepthAsync("notes.note-taken")).ShouldBe(10u, "migrating consumes nothing");
        (await publisher.EffectCountAsync()).ShouldBe(0);

        var consumer = NewService(Consume);
        await consumer.StartAsync();
        await Eventually.True(async () => await consumer.EffectCountAsync() == 10, "the waiting messages were not consumed");
    }

    [Fact]
    public async Task Migrate_waits_for_a_broker_that_is_still_starting_and_says_so()
    {
        await using var proxy = new TcpProxy(Rabbit.Port);
        proxy.Refuse();
        var late = new UriBuilder(Broker) { Port = proxy.Port }.Uri.ToString();
        await using var migration = TestService.Create(Database, late, Catalogue(Consume));
        var migrating = migration.DeployTopologyAsync();
        await Eventually.True(() => migration.Logs.Any(line => line.Contains($"Waiting for RabbitMQ at {new Uri(late).Host}:{proxy.Port}", StringComparison.Ordinal)), "the migration never said what it waits for");
        migrating.IsCompleted.ShouldBeFalse();
        proxy.Accept();
        await migrating;
        (await DepthAsync("notes.note-taken")).ShouldBe(0u);
    }

    [Fact]
    public async Task Migrate_does_not_wait_for_a_password_to_become_right()
    {
        var wrong = new UriBuilder(Broker) { Password = "wrong" }.Uri.ToString();
        await using var migration = TestService.Create(Database, wrong, Catalogue(Consume));
        await Should.ThrowAsync<RabbitMQ.Client.Exceptions.BrokerUnreachableException>(migration.DeployTopologyAsync);
        migration.Logs.ShouldNotContain(line => line.Contains("Waiting for RabbitMQ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Queues_are_quorum_queues_with_a_delivery_limit_and_a_dead_letter_exchange()
    {
        await MigrateAsync(Consume);
        var virtualHost = new Uri(Broker).AbsolutePath.TrimStart('/');
        using var answer = await Rabbit.ManagementAsync(HttpMethod.Get, $"/api/queues/{virtualHost}");
        var queues = (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).EnumerateArray().ToDictionary(queue => queue.GetProperty("name").GetString()!);

        queues.Keys.ShouldBe(["notes.note-taken", "notes.desk-changed", "notes.dead-letter", BusNames.Unheard], ignoreOrder: true);
        queues.Values.ShouldAllBe(queue => queue.GetProperty("type").GetString() == "quorum");
        var arguments = queues["notes.note-taken"].GetProperty("arguments");
        arguments.GetProperty("x-delivery-limit").GetInt64().ShouldBe(1_000_000);
        arguments.GetProperty("x-dead-letter-exchange").GetString().ShouldBe("notes.dead-letter");
    }

    [Fact]
    public async Task Rejected_message_is_kept_by_the_dead_letter_queue()
    {
        await MigrateAsync(Consume);
        var publisher = NewService(dispatches: false);
        await publisher.PublishAsync(Notes(1));
        await publisher.DispatchAllAsync();
        await using var channel = await ChannelAsync();
        var message = (await channel.BasicGetAsync("notes.note-taken", autoAck: false, Ct)).ShouldNotBeNull();
        await channel.BasicRejectAsync(message.DeliveryTag, requeue: false, Ct);
        await Eventually.True(async () => await DepthAsync("notes.dead-letter") == 1, "a rejected message was lost");
    }

    [Fact]
    public async Task Process_without_a_database_consumes_and_may_neither_publish_nor_batch()
    {
        await MigrateAsync(Consume);
        var calls = 0;
        HostApplicationBuilder Listener(Action<MessagingBuilder> configure)
        {
            var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["ConnectionStrings:rabbitmq"] = Broker });
            builder.Services.AddSingleton<Action>(() => Interlocked.Increment(ref calls));
            builder.AddMessagingWithoutDatabase("doorman", configure);
            return builder;
        }

        using var migration = Listener(bus => bus.Consumes<NoteTaken, DoormanConsumer>()).Build();
        await migration.Services.GetRequiredService<IMigrationStep>().RunAsync(Ct);
        (await DepthAsync("doorman.doorman")).ShouldBe(0u);

        using var listener = Listener(bus => bus.Consumes<NoteTaken, DoormanConsumer>()).Build();
        await listener.StartAsync(Ct);
        var publisher = NewService(dispatches: false);
        await publisher.PublishAsync(Notes(3));
        await publisher.DispatchAllAsync();
        await Eventually.True(() => calls == 3, "the process without a database consumed nothing");
        await listener.StopAsync(Ct);

        Should.Throw<InvalidOperationException>(() => Listener(bus => bus.Publishes<NoteTaken>(NoteTakenName)));
        Should.Throw<InvalidOperationException>(() => Listener(bus => bus.ConsumesBatch<NoteTaken, NoteBatchConsumer>()));
    }

    public sealed class DoormanConsumer(Action called) : IConsumer<NoteTaken>
    {
        public Task Consume(ConsumeContext<NoteTaken> context)
        {
            called();
            return Task.CompletedTask;
        }
    }

    [Fact]
    public void Exchange_of_a_message_is_the_one_MassTransit_binds_its_queues_to()
    {
        var service = NewService(Consume, dispatches: false);
        var topology = service.Services.GetRequiredService<IBusControl>().Topology;
        BusNames.Exchange(typeof(NoteTaken)).ShouldBe(topology.Message<NoteTaken>().EntityName);
        BusNames.Exchange(typeof(DeskChanged)).ShouldBe(topology.Message<DeskChanged>().EntityName);
    }

    [Fact]
    public void Queue_is_named_after_service_and_consumer()
    {
        QueueNames.For("identity", typeof(NoteTakenConsumer)).ShouldBe("identity.note-taken");
        QueueNames.For("notes", typeof(NoteBatchConsumer)).ShouldBe("notes.note-batch");
    }

    [Fact]
    public void Type_or_name_registered_twice_is_refused()
    {
        Should.Throw<InvalidOperationException>(() => NewService(bus => bus.Publishes<NoteTaken>("another.name.v1")));
        Should.Throw<InvalidOperationException>(() => NewService(bus => bus.Publishes<NobodyListens>(NoteTakenName)));
    }

    [Fact]
    public void Clock_offset_outside_Development_is_refused()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Clock:Offset"] = "00:00:01" }).Build();
        using var database = Npgsql.NpgsqlDataSource.Create(Postgres.ConnectionString);
        using var production = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = Environments.Production }).Build();
        var environment = production.Services.GetRequiredService<IHostEnvironment>();
        Should.Throw<InvalidOperationException>(() => new DatabaseClock(database, configuration, environment));
    }

    [Fact]
    public async Task Databases_clock_is_the_databases_time_plus_the_offset()
    {
        var service = NewService(dispatches: false, settings: ("Clock:Offset", "3.00:00:00"));
        var clock = service.Services.GetRequiredService<DatabaseClock>();
        var before = DateTimeOffset.UtcNow.AddDays(3);
        var now = await clock.UtcNowAsync(Ct);
        now.ShouldBe(before, TimeSpan.FromSeconds(10));
        now.Offset.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void Contracts_are_written_in_camel_case_with_enums_by_name()
    {
        var note = new NoteTaken { NoteId = Guid.Parse("0198c0de-0000-7000-8000-000000000001"), Number = 7, Kind = NoteKind.Urgent };
        JsonSerializer.Serialize(note, MessageJson.Options).ShouldBe("""{"noteId":"0198c0de-0000-7000-8000-000000000001","number":7,"kind":"Urgent"}""");
        JsonSerializer.Deserialize<NoteTaken>("""{"noteId":"0198c0de-0000-7000-8000-000000000001","number":7,"kind":"Urgent","later":"field"}""", MessageJson.Options).ShouldBe(note);
    }
}
