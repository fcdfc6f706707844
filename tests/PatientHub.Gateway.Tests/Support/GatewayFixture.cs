using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using PatientHub.AppHost.Local.Servers;
using PatientHub.ServiceDefaults;
using PatientHub.Testing;

namespace PatientHub.Gateway.Tests.Support;

/// <summary>The gateway on two loopback ports, as its Program starts it, with real Redis and the services behind it as stubs over HTTP.</summary>
public class GatewayFixture(RedisServer redis) : IAsyncLifetime
{
    private WebApplication? _app;
    private TestTokenAuthority? _tokens;

    /// <summary>Begins two weeks before the appointment of <see cref="Samples"/>.</summary>
    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 23, 20, 0, 0, TimeSpan.Zero));

    public StubIdentity Identity { get; private set; } = null!;

    public StubService Appointments { get; } = new();

    public StubService Letters { get; } = new();

    public StubService Notifications { get; } = new();

    public StubService Postal { get; } = new();

    public string PublicUrl { get; private set; } = "";

    public string MachineUrl { get; private set; } = "";

    public RedisServer Redis => redis;

    public IServiceProvider Services => _app!.Services;

    /// <summary>Further settings, as <c>Limits:SignInPerAddress</c>.</summary>
    protected virtual IEnumerable<(string Name, string Value)> Settings => [];

    /// <summary>The system's own where retries and time-outs have to run: they wait by the same clock.</summary>
    protected virtual TimeProvider Clock => Time;

    protected virtual string RabbitMq => "amqp://guest:guest@127.0.0.1:1/";

    public virtual async ValueTask InitializeAsync()
    {
        _tokens = await TestTokenAuthority.StartAsync();
        Identity = new StubIdentity(_tokens, Clock);
        Identity.UseContracts();
        foreach (var service in new[] { Identity, Appointments, Letters, Notifications, Postal })
            await service.StartAsync();
        var (publicPort, machinePort) = (FreePort.Next(), FreePort.Next());
        (PublicUrl, MachineUrl) = ($"http://127.0.0.1:{publicPort}", $"http://127.0.0.1:{machinePort}");
        (string, string)[] settings =
        [
            ("urls", PublicUrl), ("PublicBaseUrl", PublicUrl), ("Gateway:MachineUrl", MachineUrl),
            ("ConnectionStrings:redis", Redis.ConnectionString), ("ConnectionStrings:rabbitmq", RabbitMq),
            ("services:identity:http:0", Identity.Address), ("services:appointments:http:0", Appointments.Address),
            ("services:letters:http:0", Letters.Address), ("services:notifications:http:0", Notifications.Address), ("services:postal:http:0", Postal.Address),
            ("Auth:ClientId", "gateway"), ("Auth:ClientSecret", "secret"),
            ("Limits:PerSession", "1000"), ("Limits:PerSessionBurst", "1000"),
            .. Settings,
        ];
        var builder = WebApplication.CreateBuilder(GatewayHosting.Options([.. settings.Select(setting => $"--{setting.Item1}={setting.Item2}")]));
        builder.Services.AddSingleton(Clock);
        builder.AddServiceDefaults();
        builder.AddGateway();
        builder.Logging.ClearProviders();
        Configure(builder);
        _app = builder.Build();
        _app.UseEdge();
        _app.MapServiceDefaults();
        _app.MapGateway();
        await _app.StartAsync();
    }

    protected virtual void Configure(WebApplicationBuilder builder) { }

    public Browser NewBrowser() => new(PublicUrl);

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        foreach (var service in new StubService?[] { Identity, Appointments, Letters, Notifications, Postal })
            if (service is not null)
                await service.DisposeAsync();
        if (_tokens is not null)
            await _tokens.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
