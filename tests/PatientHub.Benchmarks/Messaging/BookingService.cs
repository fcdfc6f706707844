using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PatientHub.Appointments.Contracts;
using PatientHub.Benchmarks.Frame;
using PatientHub.Messaging;
using PatientHub.Notifications.Persistence;
using PatientHub.Testing;

namespace PatientHub.Benchmarks.Messaging;

/// <summary>
/// A service that publishes and, if wanted, consumes the message of a campaign: <see cref="AppointmentBooked"/>, over the tables of Notifications, which its own
/// migrations make. Outbox, dispatcher, inbox and bus are registered as every service registers them.
/// </summary>
internal sealed class BookingService : IAsyncDisposable
{
    public const string TypeName = "uk.nhs.patienthub.appointment.booked.v1";

    private readonly IHost _host;

    private BookingService(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;

    public const string Queue = "bench.booked";

    /// <summary>Migrated (schema and topology), not started.</summary>
    public static async Task<BookingService> CreateAsync(Servers servers, string name, bool consumes)
    {
        var database = await servers.Postgres.CreateDatabaseAsync(name);
        var broker = await servers.Rabbit.CreateVirtualHostAsync(name);
        var migration = Build(database, broker, consumes);
        foreach (var step in migration.Services.GetServices<IMigrationStep>())
            await step.RunAsync(CancellationToken.None);
        await ((IAsyncDisposable)migration).DisposeAsync();
        return new BookingService(Build(database, broker, consumes)) { Database = database, Broker = new Uri(broker) };
    }

    public required string Database { get; init; }

    public required Uri Broker { get; init; }

    public async Task StartAsync()
    {
        await _host.StartAsync();
        await Eventually.True(() => Services.GetRequiredService<IBusControl>().CheckHealth().Status == BusHealthStatus.Healthy, "the bus never became healthy", TimeSpan.FromSeconds(60));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }

    /// <summary>As large as in life, and different each time.</summary>
    public static AppointmentBooked Booking(int number) => new()
    {
        Appointment = new AppointmentState
        {
            AppointmentId = Guid.CreateVersion7(),
            PatientId = Guid.CreateVersion7(),
            ClinicId = Guid.CreateVersion7(),
            SiteId = Guid.CreateVersion7(),
            SourceSystem = "pas",
            SourceId = $"appointment-{number:D8}",
            PasStatus = PasStatus.Booked,
            PatientRequest = PatientRequest.None,
            RequestOpen = false,
            Start = DateTimeOffset.UtcNow.AddDays(30),
            Medium = AppointmentMedium.FaceToFace,
            ClinicMode = ClinicMode.Full,
            Invites = true,
            LetterSource = LetterSource.Template,
            PostalNoticeDays = 3,
            BookedAt = DateTimeOffset.UtcNow,
            Version = 1,
            Revision = 0,
        },
        OccurredAt = DateTimeOffset.UtcNow,
    };

    /// <summary>An outbox row with such a booking and the trace of a request.</summary>
    public static OutboxRow Row(int number) => new(0, Guid.CreateVersion7(), TypeName,
        JsonSerializer.SerializeToUtf8Bytes(Booking(number), MessageJson.Options), Subject: null, ConversationId: null,
        TraceParent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", TraceState: null, DateTime.UtcNow);

    private static IHost Build(string database, string broker, bool consumes)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["ConnectionStrings:bookingdb"] = database, ["ConnectionStrings:rabbitmq"] = broker });
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<Gate>();
        builder.AddServiceDatabase<NotificationsDbContext>("bookingdb");
        builder.AddMessaging<NotificationsDbContext>("bench", bus =>
        {
            bus.Publishes<AppointmentBooked>(TypeName);
            if (consumes)
                bus.ConsumesBatch<AppointmentBooked, BookedConsumer>();
        });
        return builder.Build();
    }
}

/// <summary>The inbox, and one change of state: what a hot consumer of Notifications does with the message, by its own statement.</summary>
internal sealed class BookedConsumer(NotificationsDbContext db, Gate gate) : IConsumer<Batch<AppointmentBooked>>
{
    public async Task Consume(ConsumeContext<Batch<AppointmentBooked>> context)
    {
        await gate.PassAsync();
        await db.UpsertAppointmentsAsync([.. context.Message.Select(message => message.Message.Appointment)], context.CancellationToken);
    }
}
