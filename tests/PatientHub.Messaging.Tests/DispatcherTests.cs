using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PatientHub.Messaging.Tests.Contracts;
using PatientHub.Testing;
using RabbitMQ.Client;

namespace PatientHub.Messaging.Tests;

public sealed class DispatcherTests(RabbitMqServer rabbit, PostgresServer postgres) : MessagingTest(rabbit, postgres)
{
    private static readonly string Exchange = BusNames.Exchange(typeof(NoteTaken));

    [Fact]
    public async Task Two_dispatchers_share_2000_rows_without_sending_one_twice()
    {
        await MigrateAsync();
        await WatchAsync("watch", Exchange);
        var services = new[] { NewService(dispatches: false), NewService(dispatches: false) };
        await services[0].PublishAsync(Notes(2_000));

        await Task.WhenAll(services.Select(service => service.DispatchAllAsync()));
        await services[0].DispatchAllAsync();

        (await services[0].OutboxCountAsync()).ShouldBe(0);
        var ids = (await DrainAsync("watch")).ConvertAll(message => message.BasicProperties.MessageId);
        ids.Count.ShouldBe(2_000);
        ids.Distinct().Count().ShouldBe(2_000);
    }

    [Fact]
    public async Task Process_drains_a_backlog_over_two_connections_and_sends_no_row_twice()
    {
        await MigrateAsync();
        await WatchAsync("watch", Exchange);
        var service = NewService(settings: ("Messaging:BatchSize", "50"));
        await service.PublishAsync(Notes(2_000));
        await service.StartAsync();

        await Eventually.True(async () => await service.OutboxCountAsync() == 0, "the backlog never left");
        await Eventually.True(async () => await ConnectionsAsync() == 2, "the second dispatcher slept through the backlog");
        var ids = (await DrainAsync("watch")).ConvertAll(message => message.BasicProperties.MessageId);
        ids.Count.ShouldBe(2_000);
        ids.Distinct().Count().ShouldBe(2_000);

        async Task<int> ConnectionsAsync()
        {
            using var answer = await Rabbit.ManagementAsync(HttpMethod.Get, $"/api/vhosts{new Uri(Broker).AbsolutePath}/connections");
            answer.EnsureSuccessStatusCode();
            using var connections = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Ct));
            return connections.RootElement.EnumerateArray().Count(connection => connection.TryGetProperty("client_properties", out var properties)
                && properties.TryGetProperty("connection_name", out var name) && name.GetString() == "notes outbox");
        }
    }

    [Fact]
    public async Task Rows_held_by_one_dispatcher_are_invisible_to_another()
    {
        await MigrateAsync();
        await WatchAsync("watch", Exchange);
        var service = NewService(dispatches: false);
        await service.PublishAsync(Notes(5));

        await using var holder = new Npgsql.NpgsqlConnection(Database);
        await holder.OpenAsync(Ct);
        await using var held = await holder.BeginTransactionAsync(Ct);
        await using (var take = new Npgsql.NpgsqlCommand("select count(*) from (select 1 from outbox_message order by sequence limit 3 for update) as held", holder, held))
        {
            await take.ExecuteScalarAsync(Ct);
        }

        await service.DispatchAllAsync();
        (await service.OutboxCountAsync()).ShouldBe(3);
        await held.RollbackAsync(Ct);
        await service.DispatchAllAsync();
        (await service.OutboxCountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Rows_passed_over_while_a_backlog_drains_are_seen_at_its_end()
    {
        // The first three are held by somebody while the dispatcher passes them; then a backlog of several batches, and rows for later that are due.
        await MigrateAsync();
        await WatchAsync("watch", Exchange);
        var service = NewService(dispatches: false, settings: ("Messaging:BatchSize", "50"));
        await service.PublishAsync(Notes(420));
        await SqlAsync("update outbox_message set not_before = now() where sequence % 7 = 0");
        await using var holder = new Npgsql.NpgsqlConnection(Database);
        await holder.OpenAsync(Ct);
        await using var held = await holder.BeginTransactionAsync(Ct);
        await using (var take = new Npgsql.NpgsqlCommand("select count(*) from (select 1 from outbox_message order by sequence limit 3 for update) as held", holder, held))
        {
            await take.ExecuteScalarAsync(Ct);
        }

        (await service.Dispatcher.DispatchAsync(Ct)).ShouldBeTrue();
        await held.RollbackAsync(Ct);
        await service.DispatchAllAsync();
        (await service.OutboxCountAsync()).ShouldBe(0);
        (await DrainAsync("watch")).Select(message => message.BasicProperties.MessageId).Distinct().Count().ShouldBe(420);
    }

    [Fact]
    public async Task Unroutable_message_stays_with_a_back_off_and_goes_when_a_queue_is_there()
    {
        // Checklist 8: a confirm alone would have lost it.
        await MigrateAsync();
        var service = NewService(dispatches: false);
        await service.PublishAsync(Notes(1));
        await service.DispatchAllAsync();

        var row = await service.QueryAsync(db => db.Set<OutboxMessage>().SingleAsync());
        row.Attempts.ShouldBe(1);
        row.NotBefore.ShouldNotBeNull();
        row.ParkedAt.ShouldBeNull();
        row.LastError.ShouldBe("no queue takes it");
        service.Logs.ShouldContain(line => line.StartsWith("Warning: 1 messages " + NoteTakenName, StringComparison.Ordinal));

        await WatchAsync("watch", Exchange);
        await Eventually.True(async () =>
        {
            await service.DispatchAllAsync();
            return await service.OutboxCountAsync() == 0;
        }, "the row was never tried again");
        (await DrainAsync("watch")).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Unroutable_message_between_good_ones_holds_up_none_of_them()
    {
        await MigrateAsync();
        await WatchAsync("watch", Exchange);
        var service = NewService(dispatches: false);
        await service.PublishAsync(Notes(3));
        await service.PublishAsync(new DeskChanged { DeskId = Guid.CreateVersion7(), Version = 1, State = "open" });
        await service.PublishAsync(Notes(3));

        await service.DispatchAllAsync();
        (await DrainAsync("watch")).Count.ShouldBe(6);
        (await service.QueryAsync(db => db.Set<OutboxMessage>().SingleAsync())).Type.ShouldBe("uk.nhs.patienthub.desk.changed.v1");
    }

    [Fact]
    public async Task Message_without_consumers_by_registration_is_not_kept()
    {
        await MigrateAsync();
        var service = NewService(dispatches: false);
        await service.PublishAsync(new NoteFiled { NoteId = Guid.CreateVersion7() });
        await service.DispatchAllAsync();
        (await service.OutboxCountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Full_queue_that_refuses_keeps_the_row()
    {
        // Checklist 7: basic.nack by reject-publish.
        await MigrateAsync();
        await WatchAsync("full", Exchange, arguments: new() { ["x-max-length"] = 1, ["x-overflow"] = "reject-publish" });
        var service = NewService(dispatches: false);
        await service.PublishAsync(Notes(1));
        await service.DispatchAllAsync();
        await service.PublishAsync(Notes(2));
        await service.DispatchAllAsync();

        var rows = await service.QueryAsync(db => db.Set<OutboxMessage>().ToListAsync());
        rows.Count.ShouldBe(2);
        rows.ShouldAllBe(row => row.LastError == "refused by the broker" && row.Attempts == 1);
    }

    [Fact]
    public async Task Unknown_type_is_parked_and_the_next_row_still_goes()
    {
        await MigrateAsync();
        await WatchAsync("watch", Exchange);
        var service = NewService(dispatches: false);
        await SqlAsync($"insert into outbox_message (message_id, type, body, attempts) values ('{Guid.CreateVersion7()}', 'uk.nhs.patienthub.from.the.future.v9', '{{}}', 0)");
        await service.PublishAsync(Notes(1));
        await service.DispatchAllAsync();

        (await DrainAsync("watch")).ShouldHaveSingleItem();
        var parked = await service.QueryAsync(db => db.Set<OutboxMessage>().SingleAsync());
        parked.ParkedAt.ShouldNotBeNull();
        parked.LastError.ShouldBe("unknown type");
        service.Logs.ShouldContain(line => line.StartsWith("Error: 1 messages uk.nhs.patienthub.from.the.future.v9 are parked", StringComparison.Ordinal));

        // Parked means left alone.
        await service.DispatchAllAsync();
        (await service.QueryAsync(db => db.Set<OutboxMessage>().SingleAsync())).Attempts.ShouldBe(1);
    }

    [Fact]
    public async Task Exchange_that_an_operator_deleted_is_made_again_and_nothing_is_lost()
    {
        await MigrateAsync();
        await WatchAsync("watch", Exchange);
        var service = NewService(dispatches: false);
        await service.PublishAsync(Notes(1));
        await service.DispatchAllAsync();

        await using (var channel = await ChannelAsync())
        {
            await channel.ExchangeDeleteAsync(Exchange, cancellationToken: Ct);
        }

        await service.PublishAsync(Notes(3));
        await Eventually.True(async () =>
        {
            try
            {
                await service.DispatchAllAsync();
            }
            catch (BrokerUnavailableException)
            {
                // The broker closed the channel; the worker would pause and come again.
            }

            await WatchWhenThereAsync();
            return await service.OutboxCountAsync() == 0;
        }, "the rows never left after the exchange was deleted");
        (await DrainAsync("watch")).Count.ShouldBe(4);

        async Task WatchWhenThereAsync()
        {
            await using var channel = await ChannelAsync();
            try
            {
                await channel.ExchangeDeclarePassiveAsync(Exchange, Ct);
                await WatchAsync("watch", Exchange);
            }
            catch (RabbitMQ.Client.Exceptions.OperationInterruptedException)
            {
            }
        }
    }

    [Fact]
    public async Task Message_for_which_the_broker_closes_the_channel_backs_off_alone()
    {
        // An internal exchange refuses every publish by closing the channel, under all other messages in flight.
        await MigrateAsync();
        await WatchAsync("watch", Exchange);
        var bad = BusNames.Exchange(typeof(DeskChanged));
        await using (var channel = await ChannelAsync())
        {
            await channel.ExchangeDeleteAsync(bad, cancellationToken: Ct);
        }

        var virtualHost = new Uri(Broker).AbsolutePath.TrimStart('/');
        using var made = await Rabbit.ManagementAsync(HttpMethod.Put, $"/api/exchanges/{virtualHost}/{Uri.EscapeDataString(bad)}",
            new { type = "fanout", durable = true, auto_delete = false, @internal = true, arguments = new { } });
        made.EnsureSuccessStatusCode();

        var service = NewService(dispatches: false);
        await service.PublishAsync(Notes(5));
        await service.PublishAsync(new DeskChanged { DeskId = Guid.CreateVersion7(), Version = 1, State = "open" });
        await service.PublishAsync(Notes(5));
        await Eventually.True(async () =>
        {
            try
            {
                await service.DispatchAllAsync();
            }
            catch (BrokerUnavailableException)
            {
                // The worker would pause and come again.
            }

            return await service.OutboxCountAsync() == 1;
        }, "one message held up all others");

        var culprit = await service.QueryAsync(db => db.Set<OutboxMessage>().SingleAsync());
        culprit.Type.ShouldBe("uk.nhs.patienthub.desk.changed.v1");
        culprit.NotBefore.ShouldNotBeNull();
        culprit.LastError.ShouldBe("the broker closed the channel");
        (await DrainAsync("watch")).Select(message => message.BasicProperties.MessageId).Distinct().Count().ShouldBe(10);
        service.Logs.ShouldContain(line => line.StartsWith("Error: The exchange", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Hanging_publish_times_out_and_goes_over_a_new_connection()
    {
        await MigrateAsync();
        await WatchAsync("watch", Exchange);
        await using var proxy = new TcpProxy(Rabbit.Port);
        var service = NewService(dispatches: false, broker: Broker.Replace($":{Rabbit.Port}", $":{proxy.Port}"), settings: ("Messaging:PublishTimeout", "00:00:01"));
        await service.PublishAsync(Notes(1));
        await service.DispatchAllAsync();

        proxy.ToServer.Stalled = true;
        await service.PublishAsync(Notes(10));
        // The time-out of a second ends it, long before missed heartbeats would.
        await Should.ThrowAsync<BrokerUnavailableException>(() => service.Dispatcher.DispatchAsync(Ct).WaitAsync(TimeSpan.FromSeconds(30), Ct));
        (await service.OutboxCountAsync()).ShouldBe(10);

        // What hung arrives after all, beside its repeats.
        proxy.ToServer.Stalled = false;
        await service.DispatchAllAsync();
        (await service.OutboxCountAsync()).ShouldBe(0);
        (await DrainAsync("watch")).Select(message => message.BasicProperties.MessageId).Distinct().Count().ShouldBe(11);
    }

    [Fact]
    public async Task Crash_between_confirm_and_delete_repeats_the_same_message_ids_with_one_effect()
    {
        // Checklist 5 and 6. The database ends the dispatcher's session at the very delete that follows the confirms.
        var service = await StartServiceAsync(bus => bus.Consumes<NoteTaken, NoteTakenConsumer>(), dispatches: false);
        await WatchAsync("watch", Exchange);
        await SqlAsync("""
            create function crash() returns trigger language plpgsql as $$ begin perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(5); return null; end $$;
            create trigger crash before delete on outbox_message for each statement execute function crash();
            """);
        await service.PublishAsync(Notes(50));
        await Should.ThrowAsync<Npgsql.NpgsqlException>(() => service.Dispatcher.DispatchAsync(Ct));
        await SqlAsync("drop trigger crash on outbox_message");
        (await service.OutboxCountAsync()).ShouldBeGreaterThanOrEqualTo(50, "the crash came before the commit");

        await service.DispatchAllAsync();
        await Eventually.True(async () => await service.EffectCountAsync() >= 50, "not every message had its effect");
        await Eventually.True(async () => await DepthAsync("notes.note-taken") == 0, "the repeats were never taken");
        var ids = (await DrainAsync("watch")).ConvertAll(message => message.BasicProperties.MessageId);
        ids.Count.ShouldBe(100);
        ids.Distinct().Count().ShouldBe(50);
        await service.StopAsync();
        (await service.EffectCountAsync()).ShouldBe(50);
    }

    [Fact]
    public async Task Killed_broker_in_the_middle_of_a_campaign_loses_nothing_and_doubles_nothing()
    {
        // Checklist 1. So many rows that the dispatcher is in the middle of a batch whenever the kill comes.
        const int count = 10_000;
        var service = await StartServiceAsync(bus => bus.ConsumesBatch<NoteTaken, NoteBatchConsumer>());
        await SqlAsync($"""
            insert into outbox_message (message_id, type, body, attempts)
            select gen_random_uuid(), '{NoteTakenName}', jsonb_build_object('noteId', gen_random_uuid(), 'number', number), 0 from generate_series(1, {count}) as number
            """);

        await Eventually.True(async () => await service.EffectCountAsync() > 0, "nothing was delivered before the kill");
        await Rabbit.KillAsync();
        (await service.OutboxCountAsync()).ShouldBeGreaterThan(0, "the kill came too late to prove anything");
        await Rabbit.StartAsync();

        await Eventually.True(async () => await service.OutboxCountAsync() == 0, "rows stayed in the outbox", TimeSpan.FromSeconds(120));
        await Eventually.True(async () => await service.EffectCountAsync() >= count, "messages were lost with the broker", TimeSpan.FromSeconds(120));
        await ErrorQueueIsEmptyAsync("notes.note-batch");
        await service.StopAsync();
        (await service.QueryAsync(db => db.Effects.Select(effect => effect.NoteId).Distinct().CountAsync())).ShouldBe(count);
        (await service.EffectCountAsync()).ShouldBe(count);
    }

    [Fact]
    public async Task Message_on_the_wire_names_no_machine_and_no_process()
    {
        await MigrateAsync();
        await WatchAsync("watch", Exchange);
        var service = NewService(dispatches: false);
        await service.PublishAsync(Notes(1));
        await service.DispatchAllAsync();

        var message = (await DrainAsync("watch")).ShouldHaveSingleItem();
        var text = System.Text.Encoding.UTF8.GetString(message.Body.Span) + string.Join(' ', message.BasicProperties.Headers?.Select(header => header.Key + header.Value) ?? []);
        text.ShouldNotContain(Environment.MachineName);
        text.ShouldNotContain("host", Case.Insensitive);
        (message.BasicProperties.Headers?.ContainsKey("x-dotnet-pub-seq-no") ?? false).ShouldBeFalse();
        message.BasicProperties.DeliveryMode.ShouldBe(DeliveryModes.Persistent);
        message.BasicProperties.AppId.ShouldBeNull();
    }
}
