using PatientHub.Testing;

namespace PatientHub.Benchmarks.Frame;

/// <summary>PostgreSQL (flushing to disk, as in production) and RabbitMQ of the measurement's own, as child processes.</summary>
internal sealed class Servers : IAsyncDisposable
{
    public PostgresServer Postgres { get; } = new() { FlushesToDisk = true };

    public RabbitMqServer Rabbit { get; } = new();

    /// <summary>This process, the broker and the database.</summary>
    public IReadOnlyList<Worker> Workers => [Worker.Here, new("RabbitMQ", Rabbit.ProcessId!.Value), new("PostgreSQL", Postgres.ProcessId!.Value)];

    public static async Task<Servers> StartAsync()
    {
        var servers = new Servers();
        await Task.WhenAll(servers.Postgres.StartAsync(), servers.Rabbit.StartAsync());
        return servers;
    }

    public async ValueTask DisposeAsync()
    {
        await Rabbit.DisposeAsync();
        await Postgres.DisposeAsync();
    }
}
