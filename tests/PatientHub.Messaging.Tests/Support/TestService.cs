using System.Collections.Concurrent;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PatientHub.Testing;

namespace PatientHub.Messaging.Tests;

/// <summary>A service as any other, with a database and a virtual host of its own test.</summary>
public sealed class TestService : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly LogList _logs;

    private TestService(IHost host, LogList logs) => (_host, _logs, Dispatcher) = (host, logs, host.Services.GetRequiredService<OutboxDispatcher>());

    public IServiceProvider Services => _host.Services;

    public Script Script => _host.Services.GetRequiredService<Script>();

    public IReadOnlyCollection<string> Logs => _logs.Lines;

    /// <summary>One of the test's own, beside those of the worker.</summary>
    internal OutboxDispatcher Dispatcher { get; }

    /// <param name="dispatches">False: the outbox stays as it is until the test calls the dispatcher.</param>
    public static TestService Create(string database, string broker, Action<MessagingBuilder> configure, bool dispatches = true,
        Dictionary<string, string?>? settings = null)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, EnvironmentName = Environments.Development });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:notesdb"] = database,
            ["ConnectionStrings:rabbitmq"] = broker,
            // The machine may be busy with other things.
            ["Messaging:PublishTimeout"] = "00:00:30",
            ["Messaging:FirstRetryDelay"] = "00:00:00.100",
            ["Messaging:MaxRetryDelay"] = "00:00:01",
        });
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        var logs = new LogList();
        builder.Logging.SetMinimumLevel(LogLevel.Debug).AddProvider(logs);
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<Script>();
        builder.AddServiceDatabase<NotesDbContext>("notesdb");
        builder.AddMessaging<NotesDbContext>("notes", configure);
        if (!dispatches)
        {
            builder.Services.Remove(builder.Services.Single(service => service.ImplementationType == typeof(OutboxDispatcherWorker)));
        }

        return new TestService(builder.Build(), logs);
    }

    /// <summary>What <c>--migrate</c> does to the broker. On another instance than the running one, as in life.</summary>
    public async Task DeployTopologyAsync() =>
        await Services.GetServices<IMigrationStep>().OfType<TopologyMigration>().Single().RunAsync(TestContext.Current.CancellationToken);

    public async Task CreateTablesAsync()
    {
        await using var scope = Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<NotesDbContext>().Database.EnsureCreatedAsync(TestContext.Current.CancellationToken);
    }

    public async Task StartAsync() => await _host.StartAsync(TestContext.Current.CancellationToken);

    public async Task StopAsync() => await _host.StopAsync(TestContext.Current.CancellationToken);

    public Task ReadyAsync() => Eventually.True(async () => await HealthAsync() == HealthStatus.Healthy, "the bus never became healthy", TimeSpan.FromSeconds(60));

    public async Task<HealthStatus> HealthAsync() =>
        (await Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken)).Status;

    /// <summary>A request: adds the messages and saves once.</summary>
    public async Task PublishAsync<T>(params IEnumerable<T> messages) where T : class
    {
        await using var scope = Services.CreateAsyncScope();
        var outbox = scope.ServiceProvider.GetRequiredService<IOutbox>();
        foreach (var message in messages)
        {
            outbox.Add(message);
        }

        await scope.ServiceProvider.GetRequiredService<NotesDbContext>().SaveChangesAsync(TestContext.Current.CancellationToken);
    }

    public async Task<TResult> QueryAsync<TResult>(Func<NotesDbContext, Task<TResult>> query)
    {
        await using var scope = Services.CreateAsyncScope();
        return await query(scope.ServiceProvider.GetRequiredService<NotesDbContext>());
    }

    public Task<int> OutboxCountAsync() => QueryAsync(db => db.Set<OutboxMessage>().CountAsync());

    public Task<int> EffectCountAsync() => QueryAsync(db => db.Effects.CountAsync());

    /// <summary>Rounds of the dispatcher until one finds less than a full batch.</summary>
    public async Task DispatchAllAsync()
    {
        while (await Dispatcher.DispatchAsync(TestContext.Current.CancellationToken))
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        // A bus that has lost its broker must not hold up the test.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        try
        {
            await _host.StopAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
        }

        await ((IAsyncDisposable)_host).DisposeAsync();
    }

    private sealed class LogList : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = [];

        public IReadOnlyCollection<string> Lines => _lines;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception?.GetType().Name} {exception?.Message}");

        public void Dispose()
        {
        }
    }
}
