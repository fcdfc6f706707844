using MassTransit;
using MassTransit.Transports;

namespace PatientHub.Messaging;

/// <summary>Names on the broker that others depend on.</summary>
internal static class BusNames
{
    /// <summary>The topic exchange for integrators.</summary>
    public const string PublicExchange = "patienthub.events";

    /// <summary>Alternate exchange, and its queue, of what no integrator listens to.</summary>
    public const string Unheard = "patienthub.events.unheard";

    // The separators of MassTransit's RabbitMQ transport; a test compares the result with the bus's own topology.
    private static readonly DefaultMessageNameFormatter Formatter = new("::", "--", ":", "-");

    /// <summary>The exchange to which MassTransit binds every queue that consumes <paramref name="type"/>.</summary>
    public static string Exchange(Type type) => Formatter.GetMessageName(type);

    /// <summary>Exchange and queue that take what a queue of the service drops (delivery limit, rejected).</summary>
    public static string DeadLetter(string service) => $"{service}.dead-letter";
}

internal static class QueueNames
{
    /// <summary><c>identity.notification-undeliverable</c> for NotificationUndeliverableConsumer.</summary>
    public static string For(string service, Type consumer)
    {
        var name = consumer.Name.EndsWith("Consumer", StringComparison.Ordinal) ? consumer.Name[..^"Consumer".Length] : consumer.Name;
        return $"{service}.{KebabCaseEndpointNameFormatter.Instance.SanitizeName(name)}";
    }
}
