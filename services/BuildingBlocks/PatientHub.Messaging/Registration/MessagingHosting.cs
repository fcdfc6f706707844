using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace PatientHub.Messaging;

/// <summary>Registers outbox, inbox and bus of a service.</summary>
public static class MessagingHosting
{
    /// <summary>
    /// Registers <see cref="IOutbox"/>, the dispatcher, the consumers with their inbox, the bus's health check and its topology under <c>--migrate</c>. Needs
    /// <c>ConnectionStrings:rabbitmq</c> (amqp://…) and <see cref="ServiceDatabase.AddServiceDatabase{TDbContext}"/> for the same <typeparamref name="TDbContext"/>, whose model calls
    /// <see cref="MessagingTables.AddMessagingTables"/>. The service starts without a broker and catches up when it is there.
    /// </summary>
    /// <param name="builder">The service's host.</param>
    /// <param name="serviceName">Prefix of the service's queues, as <c>identity</c>.</param>
    /// <param name="configure">The catalogue of what the service publishes and consumes.</param>
    public static IHostApplicationBuilder AddMessaging<TDbContext>(this IHostApplicationBuilder builder, string serviceName, Action<MessagingBuilder> configure)
        where TDbContext : DbContext
    {
        var messaging = new MessagingBuilder(serviceName);
        configure(messaging);

        var services = builder.Services;
        services.AddOptions<MessagingOptions>().BindConfiguration(MessagingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(messaging);
        services.AddSingleton(messaging.Catalogue);
        services.AddSingleton<BusMode>();
        services.AddSingleton<MessagingMetrics>();
        services.AddSingleton<OutboxSignal>();
        services.AddSingleton<OutboxCommitInterceptor>();
        services.ConfigureDbContext<TDbContext>((provider, options) => options.AddInterceptors(provider.GetRequiredService<OutboxCommitInterceptor>()), ServiceLifetime.Singleton);
        services.AddScoped<Conversation>();
        services.AddScoped<IOutbox, Outbox>();
        services.AddTransient<BrokerConnection>();
        services.AddTransient<OutboxDispatcher>();
        services.AddHostedService<OutboxDispatcherWorker>();
        services.AddHostedService<OutboxMonitorWorker>();
        services.AddSingleton<DeadLetterSign>();
        services.AddSingleton<DeadLetterWatch>();
        services.AddHostedService<DeadLetterWorker>();
        services.AddHostedService<InboxCleanupWorker>();
        services.AddSingleton<IMigrationStep, TopologyMigration>();

        services.AddBus(messaging);
        return builder;
    }

    internal static void AddBus(this IServiceCollection services, MessagingBuilder messaging)
    {
        // The process is up without its broker; /health says so until the bus is connected.
        services.Configure<MassTransitHostOptions>(options =>
        {
            options.WaitUntilStarted = false;
            options.StartTimeout = null;
            options.StopTimeout = TimeSpan.FromSeconds(20);
            options.ConsumerStopTimeout = TimeSpan.FromSeconds(10);
        });

        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            if (!messaging.HasInbox)
            {
                // It serves pages without its broker, too: nobody is better off when it is taken out of rotation.
                bus.ConfigureHealthCheckOptions(health => health.MinimalFailureStatus = HealthStatus.Degraded);
            }

            foreach (var consumer in messaging.Consumers)
            {
                consumer.Add(bus);
            }

            if (messaging.HasInbox)
            {
                bus.AddReceiveObserver(provider => provider.GetRequiredService<DeadLetterSign>());
            }

            bus.UsingRabbitMq((context, rabbit) => BusConfiguration.Apply(context, rabbit, messaging, context.GetRequiredService<IOptions<MessagingOptions>>().Value));
        });
    }

    internal static Uri BrokerAddress(this IConfiguration configuration) => new(configuration.GetConnectionString("rabbitmq") is { Length: > 0 } address
        ? address
        : throw new InvalidOperationException("ConnectionStrings:rabbitmq is missing."));
}
