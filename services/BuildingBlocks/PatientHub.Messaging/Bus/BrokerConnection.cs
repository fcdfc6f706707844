using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace PatientHub.Messaging;

/// <summary>
/// The dispatcher's own connection, with one channel at a time. No automatic recovery: after any failure both are thrown away and the next round makes new ones,
/// so that no state of a broken connection is carried over.
/// </summary>
internal sealed partial class BrokerConnection(IConfiguration configuration, Catalogue catalogue, MessagingBuilder messaging, ILogger<BrokerConnection> log)
    : IAsyncDisposable
{
    private IConnection? _connection;
    private ConfirmChannel? _channel;

    public static async Task<IConnection> ConnectAsync(Uri address, string name, CancellationToken ct)
    {
        var factory = new ConnectionFactory
        {
            Uri = address,
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            ClientProvidedName = name,
            RequestedConnectionTimeout = TimeSpan.FromSeconds(5),
            ContinuationTimeout = TimeSpan.FromSeconds(10),
            RequestedHeartbeat = TimeSpan.FromSeconds(10),
        };
        return await factory.CreateConnectionAsync(ct);
    }

    /// <summary>The open channel, or a new one.</summary>
    public async Task<ConfirmChannel> ChannelAsync(CancellationToken ct)
    {
        if (_channel is { IsUsable: true })
        {
            return _channel;
        }

        await CloseAsync();
        _connection = await ConnectAsync(configuration.BrokerAddress(), $"{messaging.ServiceName} outbox", ct);
        await DeclareExchangesAsync(_connection, ct);
        return _channel = new ConfirmChannel(await _connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false), ct));
    }

    public async Task CloseAsync()
    {
        var (channel, connection) = (_channel, _connection);
        (_channel, _connection) = (null, null);
        if (channel is not null)
        {
            await channel.DisposeAsync();
        }

        if (connection is not null)
        {
            // Abort: a broker that hangs must not hang us.
            await connection.CloseAsync(Constants.ReplySuccess, "closed", TimeSpan.FromSeconds(1), abort: true, CancellationToken.None);
            await connection.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    /// <summary>A publish to an exchange that does not exist closes the channel under all other messages; so whatever an operator deleted is made again first.</summary>
    private async Task DeclareExchangesAsync(IConnection connection, CancellationToken ct)
    {
        foreach (var publication in catalogue.Publications)
        {
            // A channel each: one exchange that somebody made otherwise must not keep the others from being declared.
            await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
            try
            {
                await Topology.DeclareAsync(channel, publication, ct);
            }
            catch (OperationInterruptedException refused) when (refused.ShutdownReason?.ReplyCode == Constants.PreconditionFailed)
            {
                Log.MadeOtherwise(log, publication.Exchange);
            }
        }

        await using var last = await connection.CreateChannelAsync(cancellationToken: ct);
        await Topology.DeclarePublicAsync(last, ct);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The exchange {Exchange} exists with other properties than ours")]
        public static partial void MadeOtherwise(ILogger logger, string exchange);
    }
}
