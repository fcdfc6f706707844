using PatientHub.Testing;

namespace PatientHub.PostalFallback.Tests.Support;

/// <summary>One PostgreSQL and one broker for the assembly.</summary>
public sealed class Servers : IAsyncLifetime
{
    public PostgresServer Postgres { get; } = new();
    public RabbitMqServer RabbitMq { get; } = new();

    public async ValueTask InitializeAsync() => await Task.WhenAll(Postgres.StartAsync(), RabbitMq.StartAsync());

    public async ValueTask DisposeAsync()
    {
        await Postgres.DisposeAsync();
        await RabbitMq.DisposeAsync();
    }
}
