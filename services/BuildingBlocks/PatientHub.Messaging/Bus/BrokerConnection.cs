using Microsoft.Extensions.Configuration;
using RabbitMQ.Client;

namespace PatientHub.Messaging;

/// <summary>
/// The dispatcher's own connection, with one channel at a time. No automatic recovery: after any failure both are thrown away and the next round makes new ones,
/// so that no state of a broken connection is carried over.
/// </summary>
internal sealed class BrokerConnection(IConfiguration configuration, Catalogue catalogue, MessagingBuilder messaging) : IAsyncDisposable
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
        var channel = await _connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false), ct);

        // A publish to an exchange that does not exist would close the channel under all other messages.
        await Topology.DeclareExchangesAsync(channel, catalogue, ct);
        return _channel = new ConfirmChannel(channel);
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
}
