using System.Net.Sockets;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace PatientHub.Messaging;

/// <summary>The exchanges that the dispatcher publishes to. MassTransit declares them from the consumers' side only.</summary>
internal static class Topology
{
    public static async Task DeclareAsync(IChannel channel, Publication publication, CancellationToken ct) =>
        await channel.ExchangeDeclareAsync(publication.Exchange, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: ct);

    public static async Task DeclarePublicAsync(IChannel channel, CancellationToken ct)
    {
        await channel.ExchangeDeclareAsync(BusNames.Unheard, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: ct);
        await channel.ExchangeDeclareAsync(BusNames.PublicExchange, ExchangeType.Topic, durable: true, autoDelete: false,
            new Dictionary<string, object?> { ["alternate-exchange"] = BusNames.Unheard }, cancellationToken: ct);
    }

    /// <summary>The last thousand events that nobody listened to: a mandatory message needs a queue even behind an alternate exchange, and they show
    /// an integrator what he is missing.</summary>
    public static async Task DeclareUnheardAsync(IChannel channel, CancellationToken ct)
    {
        await channel.QueueDeclareAsync(BusNames.Unheard, durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?> { ["x-queue-type"] = "quorum", ["x-max-length"] = 1000, ["x-overflow"] = "drop-head" }, cancellationToken: ct);
        await channel.QueueBindAsync(BusNames.Unheard, BusNames.Unheard, string.Empty, cancellationToken: ct);
    }
}

/// <summary>Declares exchanges, queues and bindings before any service starts: a message published before its queue exists would be refused.</summary>
internal sealed partial class TopologyMigration(
    IServiceProvider services, IConfiguration configuration, Catalogue catalogue, MessagingBuilder messaging, BusMode mode, ILogger<TopologyMigration> log)
    : IMigrationStep
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    public string Name => $"topology of {messaging.ServiceName}";

    public async Task RunAsync(CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(Patience);

        await DeclareWhenThereAsync(deadline.Token, ct);

        // Resolved only now: the bus is built at its first use, and reads the mode then.
        mode.DeployTopologyOnly = true;
        var bus = services.GetRequiredService<IBusControl>();
        await bus.StartAsync(deadline.Token).WaitAsync(deadline.Token);
        try
        {
            // Everything is declared. The stop only tidies up, and of a bus that has started in this very moment it sometimes never ends, whatever its token says:
            // a migration that hung there held up the start of the whole system.
            await bus.StopAsync(CancellationToken.None).WaitAsync(StopPatience, ct);
        }
        catch (TimeoutException)
        {
            Log.StopHangs(log, messaging.ServiceName);
        }
    }

    // As a service's start does: a broker that is still starting accepts connections and does not answer them.
    private async Task DeclareWhenThereAsync(CancellationToken deadline, CancellationToken ct)
    {
        var broker = configuration.BrokerAddress();
        while (true)
        {
            try
            {
                await DeclareAsync(broker, deadline);
                return;
            }
            catch (Exception fault) when (!deadline.IsCancellationRequested && IsNotThereYet(fault))
            {
                Log.Waits(log, broker.Host, broker.Port, fault.GetType().Name, Patience);
            }
            catch (Exception fault) when (deadline.IsCancellationRequested && !ct.IsCancellationRequested)
            {
                throw new TimeoutException($"RabbitMQ at {broker.Host}:{broker.Port} did not answer within {Patience}.", fault);
            }

            await Task.Delay(Pause, deadline);
        }
    }

    private async Task DeclareAsync(Uri broker, CancellationToken ct)
    {
        await using var connection = await BrokerConnection.ConnectAsync(broker, $"{messaging.ServiceName} topology", ct);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
        foreach (var publication in catalogue.Publications)
        {
            await Topology.DeclareAsync(channel, publication, ct);
        }

        await Topology.DeclarePublicAsync(channel, ct);
        await Topology.DeclareUnheardAsync(channel, ct);
    }

    // A wrong password, or an exchange that somebody made otherwise, stays as it is however long we wait.
    private static bool IsNotThereYet(Exception fault) => fault switch
    {
        OperationInterruptedException { ShutdownReason.ReplyCode: Constants.PreconditionFailed or Constants.AccessRefused } => false,
        BrokerUnreachableException { InnerException: AuthenticationFailureException } => false,
        RabbitMQClientException or TimeoutException or IOException or SocketException => true,
        OperationCanceledException => true, // The client's own time-out; ours is the deadline.
        _ => false,
    };

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Waiting for RabbitMQ at {Host}:{Port} ({Fault}), for {Patience} in all")]
        public static partial void Waits(ILogger logger, string host, int port, string fault, TimeSpan patience);

        [LoggerMessage(LogLevel.Warning, "The topology of {Service} is declared; its bus did not stop in time and ends with this process")]
        public static partial void StopHangs(ILogger logger, string service);
    }
}
