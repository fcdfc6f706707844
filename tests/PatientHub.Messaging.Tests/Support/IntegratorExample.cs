using System.Text;
using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace PatientHub.Messaging.Tests;

// The whole of an integrator's program: RabbitMQ's client and nothing of ours. README.md shows it; a test runs it.
public static class IntegratorExample
{
    public static async Task RunAsync(Uri broker, string queue, string[] types, Action<string, string, JsonElement> handle, CancellationToken stop)
    {
        await using var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync(stop);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: stop);
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: stop);
        foreach (var type in types)
        {
            // "uk.nhs.patienthub.appointment.*.v1" or "uk.nhs.patienthub.#" work as well: it is a topic exchange.
            await channel.QueueBindAsync(queue, "patienthub.events", type, cancellationToken: stop);
        }

        var seen = new HashSet<string>(); // yours is a table: delivery is at least once, and the id tells a repeat
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, delivery) =>
        {
            string Attribute(string name) => Encoding.UTF8.GetString((byte[])delivery.BasicProperties.Headers!["cloudEvents_" + name]!);
            if (seen.Add(Attribute("id")))
            {
                using var data = JsonDocument.Parse(delivery.Body);
                handle(Attribute("type"), Attribute("subject"), data.RootElement);
            }

            await channel.BasicAckAsync(delivery.DeliveryTag, multiple: false, stop);
        };
        await channel.BasicQosAsync(0, prefetchCount: 50, global: false, stop);
        await channel.BasicConsumeAsync(queue, autoAck: false, consumer, stop);
        await Task.Delay(Timeout.Infinite, stop).ContinueWith(_ => { }, TaskScheduler.Default);
    }
}
