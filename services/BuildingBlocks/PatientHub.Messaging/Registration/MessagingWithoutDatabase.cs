using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace PatientHub.Messaging;

/// <summary>Registers the bus of a process that has no database of its own: it listens and publishes nothing.</summary>
public static class MessagingWithoutDatabase
{
    /// <summary>
    /// As <see cref="MessagingHosting.AddMessaging{TDbContext}"/>, but without outbox and inbox: for consumers whose effect is the same however often a message comes.
    /// </summary>
    /// <param name="builder">The process's host.</param>
    /// <param name="serviceName">Prefix of its queues, as <c>gateway</c>.</param>
    /// <param name="configure">What it consumes.</param>
    /// <exception cref="InvalidOperationException">It publishes, or consumes in batches: both need a database.</exception>
    public static IHostApplicationBuilder AddMessagingWithoutDatabase(this IHostApplicationBuilder builder, string serviceName, Action<MessagingBuilder> configure)
    {
        var messaging = new MessagingBuilder(serviceName) { HasInbox = false };
        configure(messaging);
        if (messaging.Catalogue.Publications.Count > 0 || messaging.Consumers.Any(consumer => consumer.IsBatch))
        {
            throw new InvalidOperationException($"{serviceName} has no database: it can neither publish nor consume in batches.");
        }

        var services = builder.Services;
        services.AddOptions<MessagingOptions>().BindConfiguration(MessagingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(messaging);
        services.AddSingleton(messaging.Catalogue);
        services.AddSingleton<BusMode>();
        services.AddSingleton<IMigrationStep, TopologyMigration>();
        services.AddBus(messaging);
        return builder;
    }
}
