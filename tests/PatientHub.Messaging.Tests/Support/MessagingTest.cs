using Npgsql;
using PatientHub.Messaging.Tests.Contracts;
using PatientHub.Testing;
using RabbitMQ.Client;

namespace PatientHub.Messaging.Tests;

/// <summary>A database and a virtual host per test, on the assembly's one PostgreSQL and one RabbitMQ.</summary>
public abstract class MessagingTest(RabbitMqServer rabbit, PostgresServer postgres) : IAsyncLifetime
{
    public const string NoteTakenName = "uk.nhs.patienthub.note.taken.v1";
    public const string NoteFiledName = "uk.nhs.patienthub.note.filed.v1";

    private readonly string _name = $"t{Guid.CreateVersion7():n}";
    private readonly List<TestService> _services = [];
    private IConnection? _connection;

    protected RabbitMqServer Rabbit => rabbit;

    protected PostgresServer Postgres => postgres;

    protected string Database { get; private set; } = "";

    protected string Broker { get; private set; } = "";

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    public virtual async ValueTask InitializeAsync()
    {
        Database = await postgres.CreateDatabaseAsync(_name);
        Broker = await rabbit.CreateVirtualHostAsync(_name);
    }

    public async ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            foreach (var line in _services.SelectMany(service => service.Logs).Where(line => !line.StartsWith("Debug", StringComparison.Ordinal)).TakeLast(40))
            {
                TestContext.Current.TestOutputHelper?.WriteLine(line);
            }
        }

        foreach (var service in _services)
        {
            await service.DisposeAsync();
        }

        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }

        await rabbit.DeleteVirtualHostAsync(_name);
        await postgres.DropDatabaseAsync(_name);
        GC.SuppressFinalize(this);
    }

    protected static Action<MessagingBuilder> Catalogue(Action<MessagingBuilder>? more = null) => bus =>
    {
        bus.Publishes<NoteTaken>(NoteTakenName);
        bus.Publishes<NoteFiled>(NoteFiledName, filed => filed.WithoutConsumers());
        bus.Publishes<DeskChanged>("uk.nhs.patienthub.desk.changed.v1");
        more?.Invoke(bus);
    };

    protected TestService NewService(Action<MessagingBuilder>? more = null, bool dispatches = true, string? broker = null, string? database = null, params (string Key, string Value)[] settings)
    {
        var service = TestService.Create(database ?? Database, broker ?? Broker, Catalogue(more), dispatches,
            settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value));
        _services.Add(service);
        return service;
    }

    /// <summary>As in life: migrate first (tables, topology), then start.</summary>
    protected async Task<TestService> StartServiceAsync(Action<MessagingBuilder>? more = null, bool dispatches = true, params (string Key, string Value)[] settings)
    {
        await MigrateAsync(more);
        var service = NewService(more, dispatches, settings: settings);
        await service.StartAsync();
        await service.ReadyAsync();
        return service;
    }

    protected async Task MigrateAsync(Action<MessagingBuilder>? more = null)
    {
        await using var migration = TestService.Create(Database, Broker, Catalogue(more));
        await migration.CreateTablesAsync();
        await migration.DeployTopologyAsync();
    }

    /// <summary>A channel of the test's own, to look at the broker from outside. A publish ends with the broker's confirm: without it a quorum queue that is just being made may lose the message.</summary>
    protected async Task<IChannel> ChannelAsync()
    {
        if (_connection is not { IsOpen: true })
        {
            _connection = await new ConnectionFactory { Uri = new Uri(Broker), AutomaticRecoveryEnabled = false }.CreateConnectionAsync(Ct);
        }

        return await _connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), Ct);
    }

    /// <summary>A durable queue beside our consumers that sees everything of an exchange.</summary>
    protected async Task WatchAsync(string queue, string exchange, string routingKey = "", Dictionary<string, object?>? arguments = null)
    {
        await using var channel = await ChannelAsync();
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: Ct);
        await channel.QueueBindAsync(queue, exchange, routingKey, cancellationToken: Ct);
    }

    /// <summary>Takes everything that is in the queue now.</summary>
    protected async Task<List<BasicGetResult>> DrainAsync(string queue)
    {
        await using var channel = await ChannelAsync();
        List<BasicGetResult> messages = [];
        while (await channel.BasicGetAsync(queue, autoAck: true, Ct) is { } message)
        {
            messages.Add(message);
        }

        return messages;
    }

    /// <summary>Messages ready in a queue; null when there is no such queue.</summary>
    protected async Task<uint?> DepthAsync(string queue)
    {
        try
        {
            await using var channel = await ChannelAsync();
            return (await channel.QueueDeclarePassiveAsync(queue, Ct)).MessageCount;
        }
        catch (RabbitMQ.Client.Exceptions.OperationInterruptedException missing) when (missing.ShutdownReason?.ReplyCode == 404)
        {
            return null;
        }
    }

    /// <summary>Nothing was ever moved to the error queue (it exists only from its first message on).</summary>
    protected async Task ErrorQueueIsEmptyAsync(string queue) => (await DepthAsync(queue + "_error") ?? 0).ShouldBe(0u);

    protected async Task SqlAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Database);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Ct);
    }

    protected static NoteTaken[] Notes(int count) => [.. Enumerable.Range(1, count).Select(number => new NoteTaken { NoteId = Guid.CreateVersion7(), Number = number })];
}
