using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using PatientHub.Notifications.Tests.Support;
using PatientHub.Testing;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace PatientHub.Notifications.Tests;

/// <summary>What an integrator hears without our code: thin CloudEvents under the names of EVENTS.md.</summary>
public sealed class PublicEventTests(SystemFixture fixture) : IClassFixture<SystemFixture>
{
    private readonly NotificationsSystem _system = fixture.System;

    [Fact]
    public async Task An_integrator_hears_the_invitation_and_its_delivery()
    {
        var heard = new ConcurrentBag<(string Key, string Id, JsonElement Body)>();
        await using var connection = await new ConnectionFactory { Uri = new Uri(_system.Broker) }.CreateConnectionAsync(TestContext.Current.CancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: TestContext.Current.CancellationToken);
        var queue = (await channel.QueueDeclareAsync(cancellationToken: TestContext.Current.CancellationToken)).QueueName;
        await channel.QueueBindAsync(queue, "patienthub.events", "uk.nhs.patienthub.#", cancellationToken: TestContext.Current.CancellationToken);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            heard.Add((delivery.RoutingKey, delivery.BasicProperties.MessageId ?? "", JsonDocument.Parse(Encoding.UTF8.GetString(delivery.Body.Span)).RootElement));
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue, autoAck: true, consumer, TestContext.Current.CancellationToken);

        var story = await new Story(_system).BeginAsync();
        await Eventually.True(() => heard.Any(e => e.Key == "uk.nhs.patienthub.notification.delivered.v1"), "the delivery was never told to integrators");
        var invitation = heard.Single(e => e.Key == "uk.nhs.patienthub.invitation.sent.v1").Body;
        invitation.EnumerateObject().Select(member => member.Name).ShouldBe(["letterId", "letterVersion", "appointmentId", "revision", "occurredAt"], ignoreOrder: true);
        invitation.GetProperty("letterId").GetGuid().ShouldBe(story.LetterId);
        var delivered = heard.Single(e => e.Key == "uk.nhs.patienthub.notification.delivered.v1").Body;
        delivered.EnumerateObject().Select(member => member.Name).ShouldBe(["messageId", "patientId", "channel", "occurredAt"], ignoreOrder: true);
        delivered.GetProperty("channel").GetString().ShouldBe("Sms");
        heard.ShouldAllBe(e => !e.Body.ToString().Contains(story.Mobile) && !e.Body.ToString().Contains(story.LinkToken));
    }
}
