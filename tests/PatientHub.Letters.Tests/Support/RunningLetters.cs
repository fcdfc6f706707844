using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using PatientHub.Appointments.Contracts;
using PatientHub.Fhir;
using PatientHub.Letters.Contracts;
using PatientHub.Letters.Contracts.Http;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults;
using PatientHub.Testing;

namespace PatientHub.Letters.Tests.Support;

/// <summary>
/// Letters as it runs in life: its own database and virtual host, HTTP on a loopback port, tokens of an authority, Appointments as a stub over HTTP, and the rest of the
/// system as a bus that publishes events and keeps what Letters publishes. The tests share it; each uses patients and appointments of its own.
/// </summary>
public sealed class RunningLetters : IAsyncLifetime
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    private readonly RabbitMqServer rabbit = new();
    private readonly PostgresServer postgres = new();
    private WebApplication app = null!;
    private IBusControl outside = null!;
    private NpgsqlDataSource database = null!;

    public TestTokenAuthority Authority { get; private set; } = null!;

    public StubAppointments Appointments { get; private set; } = null!;

    /// <summary>Everything that Letters has published, in order of arrival.</summary>
    public ConcurrentQueue<object> Published { get; } = [];

    public ConcurrentQueue<string> Logs { get; } = [];

    public SourceIds Ids => app.Services.GetRequiredService<SourceIds>();

    public IServiceProvider Services => app.Services;

    public async ValueTask InitializeAsync()
    {
        await Task.WhenAll(rabbit.StartAsync(), postgres.StartAsync());
        var name = $"letters{Guid.CreateVersion7():n}";
        var connection = await postgres.CreateDatabaseAsync(name);
        var broker = await rabbit.CreateVirtualHostAsync(name);
        database = NpgsqlDataSource.Create(connection);
        Authority = await TestTokenAuthority.StartAsync();
        Appointments = await StubAppointments.StartAsync();

        await using (var migration = Build(connection, broker))
            foreach (var step in migration.Services.GetServices<IMigrationStep>()) await step.RunAsync(CancellationToken.None);

        outside = Bus.Factory.CreateUsingRabbitMq(bus =>
        {
            bus.Host(new Uri(broker));
            bus.ReceiveEndpoint("outside", queue =>
            {
                Keep<LetterReady>(queue);
                Keep<LetterSuperseded>(queue);
                Keep<LetterOpened>(queue);
                Keep<RaiseTask>(queue);
            });
        });
        await outside.StartAsync();

        app = Build(connection, broker);
        app.MapServiceDefaults();
        app.MapLetters();
        await app.StartAsync();

        void Keep<T>(IReceiveEndpointConfigurator queue) where T : class => queue.Handler<T>(context =>
        {
            Published.Enqueue(context.Message);
            return Task.CompletedTask;
        });
    }

    private WebApplication Build(string connection, string broker)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:lettersdb"] = connection,
            ["ConnectionStrings:rabbitmq"] = broker,
            ["Auth:Authority"] = Authority.Address.ToString(),
            ["Auth:ClientId"] = "letters",
            ["Auth:ClientSecret"] = "secret",
            ["services:appointments:http:0"] = Appointments.Address.ToString(),
            ["SourceIds:Key"] = Convert.ToBase64String(new byte[32]),
            ["PublicBaseUrl"] = "https://hub.example",
            ["Letters:PollInterval"] = "00:00:00.100",
            ["Messaging:PollInterval"] = "00:00:00.100",
        });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddProvider(new LogQueue(Logs));
        builder.AddServiceDefaults();
        builder.AddLetters();
        return builder.Build();
    }

    public Task PublishAsync<T>(T message) where T : class => outside.Publish(message, TestContext.Current.CancellationToken);

    public HttpClient ClientOf(Guid patientId) => Client(Authority.PatientToken(patientId));

    public HttpClient Machine(string scope, string client = "pas") => Client(Authority.MachineToken(client, scope));

    public HttpClient Client(string? token)
    {
        var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        if (token is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public async Task<List<MyLetter>> LettersOfAsync(Guid patientId)
    {
        using var client = ClientOf(patientId);
        return (await client.GetFromJsonAsync<List<MyLetter>>("/api/me/letters", Json, TestContext.Current.CancellationToken))!;
    }

    /// <summary>Waits for an event about something: long, because a campaign and a dozen pages of Chromium run beside it.</summary>
    public Task<T> EventAsync<T>(Func<T, bool> which, string whatNeverCame) where T : class =>
        Eventually.NotNull(() => Task.FromResult(Published.OfType<T>().FirstOrDefault(which)), whatNeverCame, TimeSpan.FromSeconds(90));

    /// <summary>One round of the watch over overdue letters, which in life comes twice a minute.</summary>
    public async Task WatchAsync()
    {
        await using var scope = app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<Features.WatchLetters>().RunOnceAsync(TestContext.Current.CancellationToken);
    }

    public async Task<int> SqlAsync(string sql)
    {
        await using var command = database.CreateCommand(sql);
        return await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public async Task<T?> ScalarAsync<T>(string sql)
    {
        await using var command = database.CreateCommand(sql);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken) is T value ? value : default;
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await app.StopAsync(patience.Token);
        await app.DisposeAsync();
        await outside.StopAsync(patience.Token);
        await Appointments.DisposeAsync();
        await Authority.DisposeAsync();
        await database.DisposeAsync();
        await rabbit.DisposeAsync();
        await postgres.DisposeAsync();
    }

    private sealed class LogQueue(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
