using System.Text;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using PatientHub.Messaging.Tests.Contracts;
using PatientHub.Testing;
using RabbitMQ.Client;

namespace PatientHub.Messaging.Tests;

public sealed class BatchInboxTests(RabbitMqServer rabbit, PostgresServer postgres) : MessagingTest(rabbit, postgres)
{
    private const string Queue = "notes.note-batch";

    private static readonly Action<MessagingBuilder> Batches = bus => bus.ConsumesBatch<NoteTaken, NoteBatchConsumer>(batch =>
    {
        batch.MessageLimit = 20;
        batch.TimeLimit = TimeSpan.FromMilliseconds(300);
    });

    [Fact]
    public async Task Duplicates_inside_a_batch_and_across_batches_have_one_effect()
    {
        await MigrateAsync(Batches);
        var old = Guid.CreateVersion7();
        var twice = Guid.CreateVersion7();
        await SqlAsync($"insert into inbox_message (message_id, endpoint) values ('{old}', '{Queue}')");

        // All in the queue before the consumer starts, so that they are one batch: one known for long, one there twice, and good ones around them.
        Guid[] good = [.. Enumerable.Range(0, 10).Select(_ => Guid.CreateVersion7())];
        await SendAsync([.. good[..5], old, twice, twice, .. good[5..]]);
        await Eventually.True(async () => await DepthAsync(Queue) == 13, "the messages never reached the queue");

        // Twelve different ids: the batch is full with the last of them, however slowly they come.
        var service = NewService(bus => bus.ConsumesBatch<NoteTaken, NoteBatchConsumer>(batch =>
        {
            batch.MessageLimit = 12;
            batch.TimeLimit = TimeSpan.FromSeconds(20);
        }));
        await service.StartAsync();
        await Eventually.True(async () => await service.EffectCountAsync() >= 11, "the batch had no effect");
        await service.StopAsync();

        (await service.QueryAsync(db => db.Effects.Select(effect => effect.NoteId).Distinct().ToListAsync())).ShouldBe([.. good, twice], ignoreOrder: true);
        (await service.EffectCountAsync()).ShouldBe(11);
        service.Script.Calls.ShouldBe(1, "it was one batch");

        // The second of the two can come when its batch is already full. Then it is back in the queue now, and the next process drops it.
        var next = NewService(bus => bus.ConsumesBatch<NoteTaken, NoteBatchConsumer>(batch => batch.TimeLimit = TimeSpan.FromMilliseconds(100)));
        await next.StartAsync();
        await SendAsync([old, Guid.CreateVersion7()]);
        await Eventually.True(async () => await next.EffectCountAsync() >= 12, "what came after the repeats was never taken");
        await next.StopAsync();
        (await next.EffectCountAsync()).ShouldBe(12);
        (await DepthAsync(Queue)).ShouldBe(0u);
        (await DepthAsync(Queue + "_skipped")).ShouldBeNull();
        await ErrorQueueIsEmptyAsync(Queue);
    }

    [Fact]
    public async Task Batch_of_nothing_but_duplicates_never_reaches_the_consumer()
    {
        await MigrateAsync(Batches);
        Guid[] known = [.. Enumerable.Range(0, 5).Select(_ => Guid.CreateVersion7())];
        foreach (var id in known)
        {
            await SqlAsync($"insert into inbox_message (message_id, endpoint) values ('{id}', '{Queue}')");
        }

        await SendAsync(known);
        var service = NewService(Batches);
        await service.StartAsync();
        await service.ReadyAsync();
        await SendAsync([Guid.CreateVersion7()]);
        await Eventually.True(async () => await service.EffectCountAsync() == 1, "the fresh message was never consumed");
        await service.StopAsync();
        (await service.EffectCountAsync()).ShouldBe(1);
        (await DepthAsync(Queue)).ShouldBe(0u);
        (await DepthAsync(Queue + "_skipped")).ShouldBeNull();
    }

    [Fact]
    public async Task One_bad_message_takes_no_other_of_its_batch_to_the_error_queue()
    {
        await MigrateAsync(Batches);
        Guid[] ids = [.. Enumerable.Range(0, 15).Select(_ => Guid.CreateVersion7())];
        await SendAsync(ids);
        await Eventually.True(async () => await DepthAsync(Queue) == 15, "the messages never reached the queue");

        var service = NewService(Batches);
        service.Script.BeforeSave = note => note == ids[7] ? throw new InvalidOperationException("this one is bad") : Task.CompletedTask;
        await service.StartAsync();

        await Eventually.True(async () => await service.EffectCountAsync() == 14, "the good messages of the batch were lost with the bad one");
        await Eventually.True(async () => await DepthAsync(Queue + "_error") == 1, "the bad message is not in the error queue");
        await service.StopAsync();
        (await DepthAsync(Queue + "_error")).ShouldBe(1u);
        (await service.EffectCountAsync()).ShouldBe(14);
        (await DepthAsync(Queue)).ShouldBe(0u);
    }

    [Fact]
    public async Task Batches_carry_a_campaign_each_message_once()
    {
        var service = await StartServiceAsync(bus => bus.ConsumesBatch<NoteTaken, NoteBatchConsumer>());
        await service.PublishAsync(Notes(2_000));
        await Eventually.True(async () => await service.EffectCountAsync() >= 2_000, "the campaign was not consumed");
        await service.StopAsync();
        (await service.EffectCountAsync()).ShouldBe(2_000);
        service.Script.Calls.ShouldBeLessThan(1_000, "they came in batches");
        await ErrorQueueIsEmptyAsync(Queue);
    }

    /// <summary>Each id is message and note at once.</summary>
    private async Task SendAsync(IEnumerable<Guid> ids)
    {
        await using var channel = await ChannelAsync();
        foreach (var id in ids)
        {
            var body = Encoding.UTF8.GetBytes($$"""
                {"messageId":"{{id}}","conversationId":"{{id}}","messageType":["{{MessageUrn.ForTypeString<NoteTaken>()}}"],"message":{"noteId":"{{id}}","number":1},"headers":{} }
                """);
            await channel.BasicPublishAsync(BusNames.Exchange(typeof(NoteTaken)), "", mandatory: true,
                new BasicProperties { ContentType = Wire.EnvelopeContentType, MessageId = id.ToString(), DeliveryMode = DeliveryModes.Persistent }, body, Ct);
        }
    }
}
