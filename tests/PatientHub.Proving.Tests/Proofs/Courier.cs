using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PatientHub.Messaging;
using PatientHub.Proving.Checking;
using PatientHub.Simulators;
using PatientHub.Testing;

namespace PatientHub.Proving.Tests.Proofs;

public sealed record Errand
{
    public required Guid ErrandId { get; init; }

    public required string To { get; init; }
}

/// <summary>What the courier remembers of each text: the reference that the provider has it under.</summary>
public sealed class Delivery
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid Reference { get; init; }
}

public sealed class CourierDbContext(DbContextOptions<CourierDbContext> options) : DbContext(options)
{
    public DbSet<Delivery> Deliveries => Set<Delivery>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddMessagingTables();
}

/// <summary>
/// A consumer with no second net: it sends inside its transaction and trusts the inbox alone. (Our services have keys of their own behind the inbox, so that even without
/// it nothing of theirs is doubled: they cannot show whether the checker sees a missing inbox.)
/// </summary>
public sealed class ErrandConsumer(CourierDbContext db, RunningSimulators outside) : IConsumer<Errand>
{
    public async Task Consume(ConsumeContext<Errand> context)
    {
        using var twilio = new HttpClient();
        twilio.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes($"{outside.Secrets.TwilioAccountSid}:{outside.Secrets.TwilioAuthToken}")));
        using var answer = await twilio.PostAsync($"{outside.TwilioBaseUrl}/2010-04-01/Accounts/{outside.Secrets.TwilioAccountSid}/Messages.json", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["To"] = context.Message.To,
            ["From"] = "PatientHub",
            ["Body"] = "There is a letter for you.",
            ["StatusCallback"] = $"http://127.0.0.1:9/webhooks/twilio/{context.Message.ErrandId}",
        }));
        answer.EnsureSuccessStatusCode();
        db.Deliveries.Add(new Delivery { Reference = context.Message.ErrandId });
        await db.SaveChangesAsync();
    }
}

/// <summary>The courier as a service on real parts: our outbox and inbox, RabbitMQ, PostgreSQL, the simulated Twilio.</summary>
public sealed class Courier(string database, string broker, RunningSimulators outside) : IAsyncDisposable
{
    private readonly IHost _host = Build(database, broker, outside);

    public async Task StartAsync()
    {
        // As in life: what migrates is another process than what runs, and declares the queues only.
        using (var migration = Build(database, broker, outside))
        {
            await using (var scope = migration.Services.CreateAsyncScope())
                await scope.ServiceProvider.GetRequiredService<CourierDbContext>().Database.EnsureCreatedAsync();
            foreach (var step in migration.Services.GetServices<IMigrationStep>())
                await step.RunAsync(CancellationToken.None);
        }

        await _host.StartAsync();
    }

    public async Task<int> DeliveriesAsync()
    {
        await using var scope = _host.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<CourierDbContext>().Deliveries.CountAsync();
    }

    /// <summary>What the checker needs of the courier: its texts, and the attempts that it knows of.</summary>
    public async Task<HubBooks> BooksAsync()
    {
        await using var scope = _host.Services.CreateAsyncScope();
        var references = await scope.ServiceProvider.GetRequiredService<CourierDbContext>().Deliveries.Select(d => d.Reference).Distinct().ToListAsync();
        using var reading = new Reading(new HubAccess { Databases = new Dictionary<string, string>(), Broker = new Uri(broker), BrokerManagement = new Uri("http://127.0.0.1"), Simulators = outside.BaseAddress, Ladder = Rig.Ladder.Demo });
        return HubBooks.Empty with
        {
            Attempts = [.. references.Select(id => new AttemptRow(id, null, [Guid.CreateVersion7()], null, "Sms", "Delivered", DateTimeOffset.UtcNow, null))],
            Taken = await reading.TakenMessagesAsync(),
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private static IHost Build(string database, string broker, RunningSimulators outside)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, EnvironmentName = Environments.Development });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["ConnectionStrings:courierdb"] = database, ["ConnectionStrings:rabbitmq"] = broker });
        builder.Services.AddMetrics();
        builder.Services.AddSingleton(outside);
        builder.AddServiceDatabase<CourierDbContext>("courierdb");
        builder.AddMessaging<CourierDbContext>("courier", bus =>
        {
            bus.Publishes<Errand>("uk.nhs.patienthub.errand.v1");
            bus.Consumes<Errand, ErrandConsumer>();
        });
        return builder.Build();
    }
}
