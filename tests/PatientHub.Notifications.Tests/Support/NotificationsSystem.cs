using System.Collections.Concurrent;
using System.Diagnostics;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OpenTelemetry.Trace;
using PatientHub.AppHost.Local.Servers;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Identity.Contracts;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Letters.Contracts;
using PatientHub.Letters.Contracts.Http;
using PatientHub.Messaging;
using PatientHub.Notifications.Clients;
using PatientHub.Notifications.Contracts;
using PatientHub.ServiceDefaults;
using PatientHub.Simulators;
using PatientHub.Simulators.Messages;
using PatientHub.Testing;

namespace PatientHub.Notifications.Tests.Support;

/// <summary>
/// The service itself on a loopback port, with real PostgreSQL and RabbitMQ, the simulated providers over HTTP, stand-ins for the other services' routes, and a bus that
/// publishes what they would publish and hears what the service says.
/// </summary>
public sealed class NotificationsSystem : IAsyncDisposable
{
    private static int _number;
    private readonly ConcurrentQueue<object> _heard = new();
    private WebApplication _app = null!;
    private IBusControl _bus = null!;

    public required Owners Owners { get; init; }
    public required RunningSimulators Outside { get; init; }
    public required ProviderRequests Requests { get; init; }
    public required TestTokenAuthority Tokens { get; init; }
    public required Uri Address { get; init; }

    /// <summary>The virtual host's address.</summary>
    public required string Broker { get; init; }
    public HttpClient Http { get; } = new(new SocketsHttpHandler { UseProxy = false });
    public CapturedLogs Logs { get; } = new();
    public ConcurrentQueue<Activity> Spans { get; } = new();
    public NpgsqlDataSource Database => _app.Services.GetRequiredService<NpgsqlDataSource>();
    public IServiceProvider Services => _app.Services;

    public static async Task<NotificationsSystem> StartAsync(RabbitMqServer rabbit, PostgresServer postgres, params (string Name, string Value)[] settings)
    {
        var number = Interlocked.Increment(ref _number);
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var requests = new ProviderRequests();
        var system = new NotificationsSystem
        {
            Owners = await Owners.StartAsync(),
            Requests = requests,
            Outside = await RunningSimulators.StartAsync(services => services.AddSingleton<IStartupFilter>(requests), ("SendGrid:WebhookUrl", new Uri(address, "webhooks/sendgrid").ToString()), ("Simulators:StepDelay", "00:00:00.100")),
            Tokens = await TestTokenAuthority.StartAsync(),
            Address = address,
            Broker = await rabbit.CreateVirtualHostAsync($"notifications{number}"),
        };
        var configuration = new Dictionary<string, string?>
        {
            ["Urls"] = address.ToString(),
            ["ConnectionStrings:notificationsdb"] = await postgres.CreateDatabaseAsync($"notifications{number}"),
            ["ConnectionStrings:rabbitmq"] = system.Broker,
            ["Auth:Authority"] = system.Tokens.Address.ToString(),
            ["Auth:ClientId"] = "notifications",
            ["Auth:ClientSecret"] = "secret",
            ["services:identity:http:0"] = system.Owners.Address.ToString(),
            ["services:appointments:http:0"] = system.Owners.Address.ToString(),
            ["services:letters:http:0"] = system.Owners.Address.ToString(),
            ["PublicBaseUrl"] = address.ToString(),
            ["QuietHours:Enabled"] = "false",
            ["Digest:Window"] = "00:00:00",
            ["Twilio:BaseUrl"] = system.Outside.TwilioBaseUrl,
            ["Twilio:AccountSid"] = system.Outside.Secrets.TwilioAccountSid,
            ["Twilio:AuthToken"] = system.Outside.Secrets.TwilioAuthToken,
            ["Twilio:Timeout"] = "00:00:04",
            ["SendGrid:BaseUrl"] = system.Outside.SendGridBaseUrl,
            ["SendGrid:ApiKey"] = system.Outside.Secrets.SendGridApiKey,
            ["SendGrid:WebhookPublicKey"] = system.Outside.Secrets.SendGridWebhookPublicKey,
            ["SendGrid:Timeout"] = "00:00:04",
            ["Sending:PollInterval"] = "00:00:00.100",
            ["Sending:LookAgainAfter"] = "00:00:00.300",
            ["Sending:UnclearSettle"] = "00:00:02",
            ["Sending:UnclearGiveUp"] = "00:00:08",
            ["Sending:RetryAfter"] = "00:00:00.300",
            ["Messaging:PollInterval"] = "00:00:00.100",
            ["Logging:LogLevel:Default"] = "Debug",
        };
        foreach (var (name, value) in settings) configuration[name] = value;

        await using (var migration = system.Build(configuration)) await migration.RunOrMigrateAsync(["--migrate"]);
        await system.StartBusAsync();
        // MassTransit keeps the first bus's loggers in a static: the service's must not be those of the migration, which are gone.
        LogContext.Current = null!;
        system._app = system.Build(configuration);
        await system._app.StartAsync();
        await system.WarmUpAsync();
        return system;
    }

    // A process compiles its way out at the first request. On a busy machine that alone outlasts the short time-outs here, and what is unclear is never sent again.
    private Task WarmUpAsync() => Eventually.True(async () =>
        (await Services.GetRequiredService<ITextProvider>().SendAsync(Guid.CreateVersion7(), "+447700909999", "Warm", TextPurpose.Message, CancellationToken.None)).Outcome == SendOutcome.Accepted
        && (await Services.GetRequiredService<IEmailProvider>().SendAsync(Guid.CreateVersion7(), "warm@zaphod.example", "Warm", "Warm", "<p>Warm</p>", CancellationToken.None)).Outcome == SendOutcome.Accepted,
        "the providers never took anything", TimeSpan.FromMinutes(2));

    private WebApplication Build(Dictionary<string, string?> configuration)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development", ApplicationName = "PatientHub.Notifications" });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(configuration);
        builder.AddServiceDefaults();
        builder.AddNotifications();
        builder.Logging.ClearProviders().AddProvider(Logs);
        builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddInMemoryExporter(new QueueAsCollection(Spans)));
        var app = builder.Build();
        app.MapServiceDefaults();
        app.MapNotifications();
        return app;
    }

    private async Task StartBusAsync()
    {
        LogContext.ConfigureCurrentLogContext(NullLoggerFactory.Instance);
        _bus = Bus.Factory.CreateUsingRabbitMq(rabbit =>
        {
            rabbit.Host(new Uri(Broker));
            rabbit.ReceiveEndpoint("heard", endpoint =>
            {
                Hear<InvitationSent>(endpoint);
                Hear<NotificationDelivered>(endpoint);
                Hear<NotificationUndeliverable>(endpoint);
                Hear<CancellationTold>(endpoint);
                Hear<PatientOptedOut>(endpoint);
                Hear<PatientOptedIn>(endpoint);
                Hear<PreferencesChanged>(endpoint);
                Hear<RaiseTask>(endpoint);
                Hear<RecordStaffAct>(endpoint);
            });
        });
        await _bus.StartAsync();

        void Hear<T>(IReceiveEndpointConfigurator endpoint) where T : class => endpoint.Handler<T>(context =>
        {
            _heard.Enqueue(context.Message);
            return Task.CompletedTask;
        });
    }

    public Task PublishAsync<T>(T message) where T : class => _bus.Publish(message);

    /// <summary>The same message once more, as a broker does that did not hear our acknowledgement.</summary>
    public async Task PublishTimesAsync<T>(T message, int times) where T : class
    {
        var id = NewId.NextGuid();
        for (var i = 0; i < times; i++) await _bus.Publish(message, context => context.MessageId = id);
    }

    public IReadOnlyList<T> Heard<T>() => [.. _heard.OfType<T>()];

    public IReadOnlyList<ReceivedMessage> To(string destination) => Outside.Messages.To(destination);

    public Task<ReceivedMessage> MessageToAsync(string destination, Func<ReceivedMessage, bool>? which = null) =>
        Eventually.NotNull(() => Task.FromResult(To(destination).FirstOrDefault(which ?? (_ => true))), "the message was never sent");

    public async Task<T> ScalarAsync<T>(string sql, params object[] values)
    {
        await using var command = Database.CreateCommand(sql);
        foreach (var value in values) command.Parameters.AddWithValue(value);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public Task<long> StepsAsync(Guid patientId, string condition) => ScalarAsync<long>($"select count(*) from journey_step where patient_id = $1 and ({condition})", patientId);

    /// <summary>Waits until nothing more can happen by itself: no open due step, no attempt under way.</summary>
    public Task QuietAsync(Guid patientId) => Eventually.True(
        async () => await StepsAsync(patientId, "state = 'Sending' or (state = 'Open' and due_at <= now())") == 0, "the patient's journeys never came to rest");

    public async ValueTask DisposeAsync()
    {
        // Shown with a red test only.
        foreach (var line in Logs.Lines.Where(line => line.StartsWith("Warning", StringComparison.Ordinal) || line.StartsWith("Error", StringComparison.Ordinal)).Take(40).Append(Owners.Fault ?? ""))
            TestContext.Current.TestOutputHelper?.WriteLine(line);
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _bus.StopAsync();
        await Outside.DisposeAsync();
        await Owners.DisposeAsync();
        await Tokens.DisposeAsync();
        Http.Dispose();
        Logs.Dispose();
    }

    private sealed class QueueAsCollection(ConcurrentQueue<Activity> queue) : ICollection<Activity>
    {
        public int Count => queue.Count;
        public bool IsReadOnly => false;
        public void Add(Activity item) => queue.Enqueue(item);
        public void Clear() => queue.Clear();
        public bool Contains(Activity item) => queue.Contains(item);
        public void CopyTo(Activity[] array, int arrayIndex) => queue.CopyTo(array, arrayIndex);
        public bool Remove(Activity item) => false;
        public IEnumerator<Activity> GetEnumerator() => queue.GetEnumerator();
        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => queue.GetEnumerator();
    }
}
