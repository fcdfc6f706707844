using PatientHub.Messaging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace PatientHub.Benchmarks.Messaging;

/// <summary>RabbitMQ.Client at its best: one channel, confirms, never more than a window of publishes without one, messages made beforehand.</summary>
internal sealed class RawPublisher : IAsyncDisposable
{
    private const int Window = 1_000;

    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly SemaphoreSlim _free = new(Window, Window);
    private readonly bool[] _confirmed = new bool[2 * Window];
    private ulong _lowest = 1;

    private RawPublisher(IConnection connection, IChannel channel)
    {
        (_connection, _channel) = (connection, channel);
        channel.BasicAcksAsync += Confirmed;
        channel.BasicNacksAsync += (_, _) => throw new InvalidOperationException("The broker refused a message.");
    }

    public static async Task<RawPublisher> ConnectAsync(Uri broker)
    {
        var connection = await new ConnectionFactory { Uri = broker, AutomaticRecoveryEnabled = false }.CreateConnectionAsync();
        return new RawPublisher(connection, await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false)));
    }

    /// <summary>Returns when the last confirm is there.</summary>
    public async Task PublishAsync(IReadOnlyList<WireMessage> messages)
    {
        foreach (var message in messages)
        {
            await _free.WaitAsync();
            await _channel.BasicPublishAsync(message.Exchange, message.RoutingKey, message.Mandatory, message.Properties, message.Body);
        }

        for (var i = 0; i < Window; i++)
            await _free.WaitAsync();
        _free.Release(Window);
    }

    public async Task DeclareQueueAsync(string queue, string? exchange = null)
    {
        await _channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
        if (exchange is not null)
            await _channel.QueueBindAsync(queue, exchange, "");
    }

    public Task PurgeAsync(string queue) => _channel.QueuePurgeAsync(queue);

    public Task<uint> DepthAsync(string queue) => _channel.MessageCountAsync(queue);

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
        _free.Dispose();
    }

    private Task Confirmed(object sender, BasicAckEventArgs ack)
    {
        var fresh = 0;
        for (var tag = ack.Multiple ? _lowest : ack.DeliveryTag; tag <= ack.DeliveryTag; tag++)
        {
            ref var confirmed = ref _confirmed[tag % (2 * Window)];
            fresh += confirmed ? 0 : 1;
            confirmed = true;
        }

        for (; _confirmed[_lowest % (2 * Window)]; _lowest++)
            _confirmed[_lowest % (2 * Window)] = false;
        _free.Release(fresh);
        return Task.CompletedTask;
    }
}
