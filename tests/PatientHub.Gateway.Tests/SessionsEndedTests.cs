using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using PatientHub.Gateway.Tests.Support;
using PatientHub.Identity.Contracts;
using PatientHub.Messaging;
using PatientHub.Testing;

namespace PatientHub.Gateway.Tests;

/// <summary>With a broker of its own.</summary>
public sealed class WithBroker(RedisServer redis) : GatewayFixture(redis)
{
    public RabbitMqServer Broker { get; } = new();

    protected override string RabbitMq => Broker.ConnectionString;

    public override async ValueTask InitializeAsync()
    {
        await Broker.StartAsync();
        await base.InitializeAsync();
    }
}

public sealed class SessionsEndedTests(WithBroker gateway) : IClassFixture<WithBroker>
{
    [Fact]
    public async Task A24_A30_sessions_end_when_Identity_says_so()
    {
        foreach (var step in gateway.Services.GetServices<IMigrationStep>())
            step.Name.ShouldBe("topology of gateway");
        var (first, second) = (gateway.NewBrowser(), gateway.NewBrowser());
        await first.SignInAsync();
        var firstSession = gateway.Identity.LastSessionId;
        await second.SignInAsync();

        var bus = Bus.Factory.CreateUsingRabbitMq(rabbit => rabbit.Host(gateway.Broker.Uri));
        await bus.StartAsync(TestContext.Current.CancellationToken);
        // Not before the queue is bound: what is published earlier goes nowhere.
        await Eventually.True(async () => await BoundAsync("SessionsEnded", "gateway.sessions-ended") && await BoundAsync("gateway.sessions-ended", "gateway.sessions-ended"), "the gateway's queue was never bound");
        await bus.Publish(new SessionsEnded { PatientId = StubIdentity.PatientId, SessionId = firstSession, OccurredAt = gateway.Time.GetUtcNow() }, TestContext.Current.CancellationToken);
        await Eventually.True(async () => (await first.GetAsync("/home")).Location.StartsWith("/sign", StringComparison.Ordinal), "the session that was named never ended");
        (await second.GetAsync("/home")).Status.ShouldBe(System.Net.HttpStatusCode.OK);

        await bus.Publish(new SessionsEnded { PatientId = StubIdentity.PatientId, OccurredAt = gateway.Time.GetUtcNow().AddSeconds(1) }, TestContext.Current.CancellationToken);
        await Eventually.True(async () => (await second.GetAsync("/home")).Location.StartsWith("/sign", StringComparison.Ordinal), "the patient's other session never ended");
        await bus.StopAsync(TestContext.Current.CancellationToken);
    }

    private async Task<bool> BoundAsync(string source, string destination)
    {
        using var bindings = System.Text.Json.JsonDocument.Parse(await (await gateway.Broker.ManagementAsync(HttpMethod.Get, "/api/bindings/%2F")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return bindings.RootElement.EnumerateArray().Any(binding =>
            binding.GetProperty("source").GetString()!.EndsWith(source, StringComparison.Ordinal) && binding.GetProperty("destination").GetString() == destination);
    }
}
