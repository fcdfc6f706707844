using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace PatientHub.Messaging;

/// <summary>Whether the bus is to declare its topology and no more.</summary>
internal sealed class BusMode
{
    public bool DeployTopologyOnly { get; set; }
}

/// <summary>
/// One receive endpoint per consumer. A message passes, in this order: retry in place while a transient fault lasts; five tries at a clash with a parallel
/// transaction; the inbox (transaction, insert, consumer, commit); the consumer. What comes out at the top as an exception goes to the queue <c>…_error</c>.
/// </summary>
internal static class BusConfiguration
{
    // RabbitMQ 4 would give up after 20 deliveries; 3.10 loses the message with -1. Redelivery happens here only when a process or connection dies.
    private const int DeliveryLimit = 1_000_000;

    public static void Apply(IBusRegistrationContext context, IRabbitMqBusFactoryConfigurator rabbit, MessagingBuilder messaging, MessagingOptions options)
    {
        rabbit.Host(context.GetRequiredService<IConfiguration>().BrokerAddress());
        rabbit.DeployTopologyOnly = context.GetRequiredService<BusMode>().DeployTopologyOnly;
        rabbit.ConfigureJsonSerializerOptions(json =>
        {
            MessageJson.Apply(json);
            return json;
        });

        foreach (var consumer in messaging.Consumers)
        {
            rabbit.ReceiveEndpoint(consumer.Queue, endpoint => Configure(context, endpoint, consumer, messaging, options));
        }
    }

    private static void Configure(IBusRegistrationContext context, IRabbitMqReceiveEndpointConfigurator endpoint, ConsumerRegistration consumer,
        MessagingBuilder messaging, MessagingOptions options)
    {
        endpoint.SetQuorumQueue();
        endpoint.SetQueueArgument("x-delivery-limit", DeliveryLimit);
        var deadLetter = BusNames.DeadLetter(messaging.ServiceName);
        endpoint.BindDeadLetterQueue(deadLetter, deadLetter, queue => queue.SetQueueArgument("x-queue-type", "quorum"));
        endpoint.PublishFaults = false;
        endpoint.PrefetchCount = consumer.Prefetch;
        endpoint.ConcurrentMessageLimit = consumer.Concurrency;

        endpoint.UseMessageRetry(retry =>
        {
            retry.Handle<Exception>(TransientFaults.IsTransient);
            retry.Exponential(int.MaxValue, options.FirstRetryDelay, options.MaxRetryDelay, options.FirstRetryDelay);
        });
        endpoint.UseMessageRetry(retry =>
        {
            retry.Handle<Exception>(TransientFaults.IsClash);
            retry.Intervals(20, 50, 100, 200, 400);
        });
        if (messaging.HasInbox)
        {
            consumer.UseInbox(endpoint, context);
        }

        endpoint.ConfigureConsumer(context, consumer.ConsumerType);
    }
}
