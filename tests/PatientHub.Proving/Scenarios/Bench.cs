using System.Net.Sockets;
using System.Text;
using Npgsql;
using PatientHub.AppHost.Local.Servers;
using PatientHub.Proving.Checking;
using PatientHub.Proving.Rig;
using PatientHub.Testing;
using RabbitMQ.Client;

namespace PatientHub.Proving.Scenarios;

/// <summary>Hands on the parts under the hub, past its services: what an operator, or bad luck, could do to them.</summary>
public static class Bench
{
    /// <summary>SQL against a service's database, as its owner.</summary>
    public static async Task SqlAsync(this Scene scene, string database, string sql)
    {
        await using var connection = new NpgsqlConnection(scene.Hub.ConnectionString(database) + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>A Redis command, its words separated by spaces; its first line of answer.</summary>
    public static async Task<string> RedisAsync(this Scene scene, string command)
    {
        var parts = scene.Hub.ConnectionString("redis").Split(',');
        var address = parts[0].Split(':');
        using var client = new TcpClient();
        await client.ConnectAsync(address[0], int.Parse(address[1], System.Globalization.CultureInfo.InvariantCulture));
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"AUTH {parts[1]["password=".Length..]}\r\n{command}\r\n"));
        using var reader = new StreamReader(stream, Encoding.ASCII);
        await reader.ReadLineAsync();
        return await reader.ReadLineAsync() ?? "";
    }

    /// <summary>A connection to the broker itself, not through its proxy.</summary>
    public static Task<IConnection> BrokerAsync(this Scene scene) =>
        new ConnectionFactory { Uri = new Uri(scene.Hub.ConnectionString("rabbitmq")), AutomaticRecoveryEnabled = false }.CreateConnectionAsync();

    /// <summary>A call to the broker's management API.</summary>
    public static async Task<HttpResponseMessage> ManageAsync(this Scene scene, HttpMethod method, string path)
    {
        using var http = BrokerConsole.Open(scene.Access.Broker, scene.Access.BrokerManagement);
        return await http.SendAsync(new HttpRequestMessage(method, path));
    }

    /// <summary>Everything that comes to an exchange from now on, kept beside the services' own queues.</summary>
    public static async Task<Tap> TapAsync(this Scene scene, params string[] exchanges)
    {
        var connection = await scene.BrokerAsync();
        var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        var queue = $"proving.tap-{Guid.CreateVersion7():n}";
        await channel.QueueDeclareAsync(queue, durable: false, exclusive: true, autoDelete: true);
        foreach (var exchange in exchanges)
            await channel.QueueBindAsync(queue, exchange, "");
        return new Tap(connection, channel, queue);
    }

    /// <summary>A command of <c>rabbitmqctl</c> to this hub's own broker.</summary>
    public static Task BrokerControlAsync(this HubUnderTest hub, params string[] command) =>
        ChildProcess.RunAsync(new ChildCommand("/usr/lib/rabbitmq/bin/rabbitmqctl", ["--quiet", .. command]) { Environment = hub.Processes.EnvironmentOf("rabbitmq") });

    /// <summary>Takes a service's line away and kills it, so that what it held is redelivered; waits until it is back.</summary>
    public static async Task KillAndAwaitAsync(this Scene scene, string resource)
    {
        await scene.Hub.Processes.KillAsync(resource);
        await scene.Hub.Processes.RestartedAsync(resource);
    }

    /// <summary>Nobody reaches it: open connections are cut, new ones refused.</summary>
    public static void Cut(this Scene scene, string resource)
    {
        scene.Hub.Proxies[resource].Refuse();
        scene.Hub.Proxies[resource].CutAll();
    }

    public static void Mend(this Scene scene, string resource) => scene.Hub.Proxies[resource].Accept();

    /// <summary>Waits until the outbox of a service holds something.</summary>
    public static Task OutboxHoldsAsync(this Scene scene, string database) => Eventually.True(
        async () => (await scene.Db.OutboxesAsync()).Single(o => o.Service == database).Waiting > 0, $"the outbox of {database} never grew");
}

/// <summary>Messages that were overheard at the broker.</summary>
public sealed class Tap(IConnection connection, IChannel channel, string queue) : IAsyncDisposable
{
    public IChannel Channel => channel;

    /// <summary>Waits for so many, and takes them.</summary>
    public async Task<IReadOnlyList<BasicGetResult>> TakeAsync(int count)
    {
        var taken = new List<BasicGetResult>();
        await Eventually.True(
            async () =>
            {
                while (await channel.BasicGetAsync(queue, autoAck: true) is { } message)
                    taken.Add(message);
                return taken.Count >= count;
            },
            $"{count} messages were expected at the broker, {taken.Count} came", TimeSpan.FromSeconds(60));
        return taken;
    }

    /// <summary>Publishes a message again, as it was; with another id it counts as new to every inbox.</summary>
    public Task AgainAsync(BasicGetResult message, Guid? newId = null) => PublishAsync(message, message.Body.ToArray(), newId);

    /// <summary>Publishes a message with another body.</summary>
    public async Task PublishAsync(BasicGetResult message, byte[] body, Guid? newId = null)
    {
        var properties = new BasicProperties(message.BasicProperties);
        if (newId is { } id)
        {
            var old = properties.MessageId!;
            properties.MessageId = id.ToString();
            body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body).Replace(old, id.ToString(), StringComparison.OrdinalIgnoreCase));
        }

        await channel.BasicPublishAsync(message.Exchange, message.RoutingKey, mandatory: false, properties, body);
    }

    public async ValueTask DisposeAsync()
    {
        await channel.DisposeAsync();
        await connection.DisposeAsync();
    }
}
