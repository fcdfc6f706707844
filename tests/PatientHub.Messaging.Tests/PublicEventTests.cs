using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PatientHub.Messaging.Tests.Contracts;
using PatientHub.Testing;
using RabbitMQ.Client;

namespace PatientHub.Messaging.Tests;

public sealed class PublicEventTests(RabbitMqServer rabbit, PostgresServer postgres) : MessagingTest(rabbit, postgres)
{
    private const string DeskClosed = "uk.nhs.patienthub.nobody.listens.v1";

    private static readonly Action<MessagingBuilder> Public = bus => bus.Publishes<NobodyListens>(DeskClosed, publication => publication
        .WithoutConsumers()
        .Public(message => new PublicEvent($"desk/{message.Id}", new { deskId = message.Id, state = "closed" })));

    [Fact]
    public async Task Public_event_nobody_listens_to_goes_and_is_not_returned()
    {
        await MigrateAsync(Public);
        var service = NewService(Public, dispatches: false);
        await service.PublishAsync(new NobodyListens { Id = Guid.CreateVersion7() });
        (await service.OutboxCountAsync()).ShouldBe(2, "one row for inside, one for integrators");

        await service.DispatchAllAsync();
        (await service.OutboxCountAsync()).ShouldBe(0);
        service.Logs.ShouldNotContain(line => line.Contains("stay in the outbox"));
        (await DepthAsync(BusNames.Unheard)).ShouldBe(1u, "operators can see what nobody listens to");
    }

    [Fact]
    public async Task Public_event_is_a_thin_CloudEvent_in_binary_mode()
    {
        await MigrateAsync(Public);
        await WatchAsync("integrator", BusNames.PublicExchange, "uk.nhs.patienthub.nobody.#");
        var service = NewService(Public, dispatches: false);
        var id = Guid.CreateVersion7();
        using (var activity = new System.Diagnostics.Activity("request").SetIdFormat(System.Diagnostics.ActivityIdFormat.W3C).Start())
        {
            activity.ActivityTraceFlags = System.Diagnostics.ActivityTraceFlags.Recorded;
            await service.PublishAsync(new NobodyListens { Id = id });
            await service.DispatchAllAsync();

            var message = (await DrainAsync("integrator")).ShouldHaveSingleItem();
            var headers = message.BasicProperties.Headers!.ToDictionary(header => header.Key, header => Encoding.UTF8.GetString((byte[])header.Value!));
            headers.Keys.ShouldBe(
                ["cloudEvents_specversion", "cloudEvents_id", "cloudEvents_source", "cloudEvents_type", "cloudEvents_subject", "cloudEvents_time", "cloudEvents_traceparent", "traceparent"],
                ignoreOrder: true);
            headers["cloudEvents_specversion"].ShouldBe("1.0");
            headers["cloudEvents_source"].ShouldBe("uk.nhs.patienthub");
            headers["cloudEvents_type"].ShouldBe(DeskClosed);
            headers["cloudEvents_subject"].ShouldBe($"desk/{id}");
            headers["cloudEvents_traceparent"].ShouldBe(activity.Id);
            headers["cloudEvents_id"].ShouldBe(message.BasicProperties.MessageId);
            DateTimeOffset.Parse(headers["cloudEvents_time"], System.Globalization.CultureInfo.InvariantCulture).Offset.ShouldBe(TimeSpan.Zero);
            message.RoutingKey.ShouldBe(DeskClosed);
            message.BasicProperties.ContentType.ShouldBe("application/json");
            using var data = JsonDocument.Parse(message.Body);
            data.RootElement.EnumerateObject().Select(property => property.Name).ShouldBe(["deskId", "state"], ignoreOrder: true);
        }
    }

    [Fact]
    public async Task Integrator_with_nothing_of_ours_gets_each_event_once()
    {
        await MigrateAsync(Public);
        var service = NewService(Public, dispatches: false);
        var handled = new ConcurrentQueue<(string Type, string Subject, string State)>();
        using var stop = new CancellationTokenSource();
        var integrator = IntegratorExample.RunAsync(new Uri(Broker), "booking-centre", [DeskClosed],
            (type, subject, data) => handled.Enqueue((type, subject, data.GetProperty("state").GetString()!)), stop.Token);
        await Eventually.True(async () => await DepthAsync("booking-centre") is not null, "the integrator never declared his queue");

        var ids = Enumerable.Range(0, 20).Select(_ => Guid.CreateVersion7()).ToArray();
        await service.PublishAsync(ids.Select(id => new NobodyListens { Id = id }));
        await service.DispatchAllAsync();
        await Eventually.True(() => handled.Count >= 20, "the integrator did not get the events");
        await stop.CancelAsync();
        await integrator;

        handled.Select(one => one.Subject).ShouldBe(ids.Select(id => $"desk/{id}"), ignoreOrder: true);
        handled.ShouldAllBe(one => one.Type == DeskClosed && one.State == "closed");
    }

    [Fact]
    public async Task Inside_message_that_no_queue_takes_does_not_hold_up_its_public_twin()
    {
        Action<MessagingBuilder> both = bus => bus.Publishes<NobodyListens>(DeskClosed,
            publication => publication.Public(message => new PublicEvent($"desk/{message.Id}", new { deskId = message.Id })));
        await MigrateAsync(both);
        await WatchAsync("integrator", BusNames.PublicExchange, "#");
        var service = NewService(both, dispatches: false);
        await service.PublishAsync(new NobodyListens { Id = Guid.CreateVersion7() });
        await service.DispatchAllAsync();

        (await DepthAsync("integrator")).ShouldBe(1u);
        var kept = await service.QueryAsync(db => db.Set<OutboxMessage>().SingleAsync());
        kept.Subject.ShouldBeNull();
        kept.LastError.ShouldBe("no queue takes it");
    }
}
