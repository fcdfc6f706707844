using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Appointments.Tests.Integration;
using PatientHub.Fhir;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults;
using PatientHub.Testing;
using FhirAppointment = Hl7.Fhir.Model.Appointment;
using Task = System.Threading.Tasks.Task;

[assembly: AssemblyFixture(typeof(AppointmentsSystem))]

namespace PatientHub.Appointments.Tests.Integration;

/// <summary>The whole service over HTTP and the broker, with real PostgreSQL and RabbitMQ; every test brings patients, clinics and appointments of its own.</summary>
public sealed class AppointmentsSystem : IAsyncLifetime
{
    public const string BookingPhone = "0113 518 1823";
    public static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web) { Converters = { new JsonStringEnumConverter() } };

    private readonly PostgresServer postgres = new();
    private readonly RabbitMqServer rabbit = new();
    private readonly ConcurrentQueue<object> events = new();
    private readonly ConcurrentQueue<string> log = new();
    private TestTokenAuthority? tokens;
    private WebApplication? app;
    private WebApplication? identity;
    private readonly List<WebApplication> others = [];
    private ServiceProvider? probe;
    private Dictionary<string, string?> settings = [];

    public string RabbitMq { get; private set; } = "";

    /// <summary>How Identity says a record stands; whoever is not here is an adult who may sign in.</summary>
    public ConcurrentDictionary<Guid, PatientStanding?> Standing { get; } = new();

    /// <summary>Identity is down: it answers 503.</summary>
    public ConcurrentDictionary<Guid, bool> IdentityFailsFor { get; } = new();

    /// <summary>What Letters, Notifications and PostalFallback say of an appointment, by service and id; whatever is not here they know as it stands, and its patient was invited.</summary>
    public ConcurrentDictionary<(string Service, Guid AppointmentId), Func<KnownAppointment, KnownAppointment?>> KnownElsewhere { get; } = new();

    /// <summary>It refuses to answer: nobody tries that again at once, as they would a 503.</summary>
    public ConcurrentDictionary<string, bool> IsDown { get; } = new();

    public string SettingsFolder { get; } = Directory.CreateTempSubdirectory("patienthub-appointments").FullName;

    /// <summary>Every log line of the service, with its scopes and values.</summary>
    public IReadOnlyCollection<string> Log => log;

    public async ValueTask InitializeAsync()
    {
        await Task.WhenAll(((IAsyncLifetime)postgres).InitializeAsync().AsTask(), ((IAsyncLifetime)rabbit).InitializeAsync().AsTask());
        tokens = await TestTokenAuthority.StartAsync();
        RabbitMq = await rabbit.CreateVirtualHostAsync("appointments");
        await StartIdentityAsync();
        settings = new Dictionary<string, string?>
        {
            ["ConnectionStrings:appointmentsdb"] = await postgres.CreateDatabaseAsync("appointments"),
            ["ConnectionStrings:rabbitmq"] = RabbitMq,
            ["SourceIds:Key"] = Convert.ToBase64String(new byte[32]),
            ["Auth:Authority"] = tokens.Address.ToString(),
            ["Auth:ClientId"] = "appointments",
            ["Auth:ClientSecret"] = "secret",
            ["services:identity:http:0"] = identity!.Urls.First(),
            ["services:letters:http:0"] = await StartOtherAsync("letters"),
            ["services:notifications:http:0"] = await StartOtherAsync("notifications"),
            ["services:postal:http:0"] = await StartOtherAsync("postal"),
            // Counted by the tests that ask for it, at any hour.
            ["Reconciliation:Every"] = "01:00:00",
            ["Reconciliation:At"] = "00:00:00",
            ["Reconciliation:LookAgainAfter"] = "00:00:00.100",
            ["PublicBaseUrl"] = "https://hub.example/",
            ["Appointments:SettingsFile"] = Path.Combine(SettingsFolder, "settings.json"),
            ["Urls"] = "http://127.0.0.1:0",
            ["Appointments:LookEvery"] = "00:00:00.500",
            ["Messaging:PollInterval"] = "00:00:00.200",
        };
        await File.WriteAllTextAsync(settings["Appointments:SettingsFile"]!, """
            {
              "clinics": { "seeded-clinic": { "displayName": "Seeded clinic", "mode": "AcceptOnly", "modeSince": "2020-01-01T00:00:00Z", "phone": "0113 496 0001" } },
              "sites": { "seeded-site": { "displayName": "Seeded hospital", "parking": "Behind the building" } }
            }
            """);
        await MigrateAsync();
        await StartProbeAsync();
        app = Build();
        app.MapServiceDefaults();
        app.MapAppointments();
        await app.StartAsync();
        await Eventually.True(async () => (await Client(null).GetAsync("/health")).IsSuccessStatusCode, "the service was never healthy", TimeSpan.FromMinutes(1));
    }

    /// <summary>The verb --migrate, as the AppHost runs it.</summary>
    public Task MigrateAsync() => Build().RunOrMigrateAsync(["--migrate"]);

    private WebApplication Build()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development, ApplicationName = typeof(AppointmentsOptions).Assembly.GetName().Name });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.ClearProviders().AddProvider(new QueueLogger(log));
        builder.AddServiceDefaults();
        builder.AddAppointments();
        return builder.Build();
    }

    // Identity's one answer that this service asks for.
    private async Task StartIdentityAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        identity = builder.Build();
        identity.MapPost("/internal/patients/standing", (PatientQuery query) => query.PatientIds.Any(IdentityFailsFor.ContainsKey)
            ? Results.StatusCode(StatusCodes.Status503ServiceUnavailable)
            : Results.Json(query.PatientIds.Select(id => Standing.GetValueOrDefault(id, new PatientStanding { PatientId = id, MaySignIn = true, ThroughParent = false })).OfType<PatientStanding>()));
        await identity.StartAsync();
    }

    // The nightly count asks three services.
    private async Task<string> StartOtherAsync(string service)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var other = builder.Build();
        other.MapPost("/internal/appointments/known", async (KnownAppointmentsQuery query) =>
            IsDown.ContainsKey(service) ? Results.StatusCode(StatusCodes.Status403Forbidden) : Results.Json(await KnownAsync(service, query.AppointmentIds)));
        others.Add(other);
        await other.StartAsync();
        return other.Urls.First();
    }

    private async Task<List<KnownAppointment>> KnownAsync(string service, IReadOnlyList<Guid> ids)
    {
        var known = new List<KnownAppointment>();
        await using var source = OpenDatabase();
        await using var command = source.CreateCommand("select id, version, revision, pas_status from appointment where id = any($1)");
        command.Parameters.AddWithValue(ids.ToArray());
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var one = new KnownAppointment { AppointmentId = reader.GetGuid(0), Version = reader.GetInt32(1), Revision = reader.GetInt32(2), PasStatus = Enum.Parse<PasStatus>(reader.GetString(3)), Telling = service == "notifications" ? TellingProgress.Invited : TellingProgress.None };
            if ((KnownElsewhere.TryGetValue((service, one.AppointmentId), out var says) ? says(one) : one) is { } said) known.Add(said);
        }

        return known;
    }

    // Stands in for the other services: takes every event, and sends theirs.
    private async Task StartProbeAsync()
    {
        probe = new ServiceCollection().AddLogging().AddSingleton(events).AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.AddConsumer<Probe>();
            bus.UsingRabbitMq((context, configure) =>
            {
                configure.Host(new Uri(RabbitMq));
                configure.ReceiveEndpoint("probe", endpoint => endpoint.ConfigureConsumer<Probe>(context));
            });
        }).BuildServiceProvider();
        await probe.GetRequiredService<IBusControl>().StartAsync();
    }

    public Task SendAsync<T>(T message, Guid? messageId = null) where T : class =>
        probe!.GetRequiredService<IBusControl>().Publish(message, context => context.MessageId = messageId ?? context.MessageId);

    public IReadOnlyList<T> Events<T>() => [.. events.OfType<T>()];

    /// <summary>Waits for an event that the service published through outbox and broker.</summary>
    public Task<T> EventAsync<T>(Func<T, bool> which) where T : class =>
        Eventually.NotNull(() => Task.FromResult(events.OfType<T>().FirstOrDefault(which)), $"{typeof(T).Name} never arrived");

    public HttpClient Client(string? token)
    {
        var client = new HttpClient { BaseAddress = new Uri(app!.Urls.First()) };
        if (token is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public HttpClient Pas => Client(tokens!.MachineToken("pas", "fhir.write"));
    public HttpClient Desk => Client(tokens!.MachineToken("booking-centre", "tasks"));
    public HttpClient TrustAdmin => Client(tokens!.MachineToken("trust-admin", "trust.admin"));
    public HttpClient Machine(string scopes) => Client(tokens!.MachineToken("somebody", scopes));
    public HttpClient Staff(string id, string name, bool supervisor = false) => Client(tokens!.StaffToken(id, name, supervisor));
    public HttpClient Patient(Guid patientId) => Client(tokens!.PatientToken(patientId));

    public IServiceProvider Services => app!.Services;

    public SourceIds Ids => app!.Services.GetRequiredService<SourceIds>();

    public async Task<long> CountAsync(string sql)
    {
        await using var source = OpenDatabase();
        await using var command = source.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }

    public NpgsqlDataSource OpenDatabase() => NpgsqlDataSource.Create(settings["ConnectionStrings:appointmentsdb"]!);

    /// <summary>What only time can do otherwise.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var source = OpenDatabase();
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>A clinic with its settings and a booked appointment in it, as the PAS sends them.</summary>
    public async Task<Booking> BookAsync(
        TimeSpan? ahead = null, ClinicMode mode = ClinicMode.Full, bool desk = true, string? patient = null, Action<FhirAppointment>? change = null, bool letter = true)
    {
        var name = Guid.CreateVersion7().ToString("N");
        var booking = new Booking(this, name, patient ?? $"p-{name}", $"c-{name}");
        (await TrustAdmin.PutAsJsonAsync($"/api/clinics/{booking.Clinic}/settings", new ClinicSettings
        {
            DisplayName = "Fracture clinic",
            Mode = mode,
            ModeSince = DateTimeOffset.UtcNow.AddDays(-1),
            Phone = "0113 496 0000",
            DeskConfigured = desk,
        }, Json)).EnsureSuccessStatusCode();
        var now = DateTimeOffset.UtcNow;
        var start = now.Add(ahead ?? TimeSpan.FromDays(30));
        booking.Resource.Start = new DateTimeOffset(start.Ticks - (start.Ticks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        change?.Invoke(booking.Resource);
        (await booking.SendAsync()).EnsureSuccessStatusCode();
        if (letter) await booking.LetterReadyAsync();
        return booking;
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null) await app.DisposeAsync();
        if (identity is not null) await identity.DisposeAsync();
        foreach (var other in others) await other.DisposeAsync();
        if (probe is not null)
        {
            await probe.GetRequiredService<IBusControl>().StopAsync();
            await probe.DisposeAsync();
        }

        if (tokens is not null) await tokens.DisposeAsync();
        await rabbit.DisposeAsync();
        await postgres.DisposeAsync();
        Directory.Delete(SettingsFolder, recursive: true);
    }

    internal sealed class Probe(ConcurrentQueue<object> events) :
        IConsumer<AppointmentBooked>, IConsumer<AppointmentChanged>, IConsumer<AppointmentCancelledByHospital>, IConsumer<AppointmentCompleted>, IConsumer<AppointmentAccepted>,
        IConsumer<RebookRequested>, IConsumer<CancellationRequested>, IConsumer<RequestWithdrawn>, IConsumer<TaskClosed>
    {
        public Task Consume(ConsumeContext<AppointmentBooked> context) => Take(context.Message);
        public Task Consume(ConsumeContext<AppointmentChanged> context) => Take(context.Message);
        public Task Consume(ConsumeContext<AppointmentCancelledByHospital> context) => Take(context.Message);
        public Task Consume(ConsumeContext<AppointmentCompleted> context) => Take(context.Message);
        public Task Consume(ConsumeContext<AppointmentAccepted> context) => Take(context.Message);
        public Task Consume(ConsumeContext<RebookRequested> context) => Take(context.Message);
        public Task Consume(ConsumeContext<CancellationRequested> context) => Take(context.Message);
        public Task Consume(ConsumeContext<RequestWithdrawn> context) => Take(context.Message);
        public Task Consume(ConsumeContext<TaskClosed> context) => Take(context.Message);

        private Task Take(object message)
        {
            events.Enqueue(message);
            return Task.CompletedTask;
        }
    }

    private sealed class QueueLogger(ConcurrentQueue<string> log) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Enqueue($"{logLevel} {formatter(state, exception)} {(state is IEnumerable<KeyValuePair<string, object?>> values ? string.Join(' ', values) : "")} {exception}");

        public void Dispose()
        {
        }
    }
}

/// <summary>One appointment from the PAS's side and its patient's.</summary>
public sealed class Booking
{
    public const string Secret = "Zephyrine Quillfeather";
    private readonly AppointmentsSystem system;

    public Booking(AppointmentsSystem system, string sourceId, string patient, string clinic)
    {
        (this.system, SourceId, Clinic) = (system, sourceId, clinic);
        Resource = new FhirAppointment
        {
            Id = sourceId,
            Status = FhirAppointment.AppointmentStatus.Booked,
            MinutesDuration = 20,
            Description = $"{Secret} description",
            Comment = $"{Secret} comment",
            ReasonCode = [new CodeableConcept { Text = $"{Secret} reason" }],
            Participant =
            [
                Participant("Patient", patient, Secret),
                Participant("HealthcareService", clinic, null),
                Participant("Location", "site-1", null),
            ],
        };
    }

    public string SourceId { get; }
    public string Clinic { get; }
    public FhirAppointment Resource { get; }
    public Guid Id => system.Ids.Appointment("pas", SourceId);
    public Guid PatientId => system.Ids.Patient("pas", Resource.Participant[0].Actor!.Reference!.Split('/')[1]);
    public Guid LetterId { get; } = Guid.CreateVersion7();
    public HttpClient Patient => system.Patient(PatientId);
    public string Path => $"/api/me/appointments/{Id}";

    public static FhirAppointment.ParticipantComponent Participant(string type, string id, string? display) =>
        new() { Actor = new ResourceReference($"{type}/{id}") { Display = display }, Status = ParticipationStatus.Accepted };

    public Task<HttpResponseMessage> SendAsync() =>
        system.Pas.PutAsync($"/fhir/Appointment/{SourceId}", new StringContent(FhirJsonSerializer.Default.SerializeToString(Resource), Encoding.UTF8, "application/fhir+json"));

    public async Task<MyAppointment> ReadAsync()
    {
        var response = await Patient.GetAsync(Path);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<MyAppointment>(AppointmentsSystem.Json))!;
    }

    /// <summary>Letters says that the letter is ready, and the service has heard it.</summary>
    public async Task LetterReadyAsync(int version = 1, int revision = 0)
    {
        await system.SendAsync(new PatientHub.Letters.Contracts.LetterReady
        {
            LetterId = LetterId,
            PatientId = PatientId,
            AppointmentId = Id,
            Revision = revision,
            LetterVersion = version,
            Ladder = true,
            LetterDate = new DateOnly(2026, 11, 23),
            OccurredAt = DateTimeOffset.UtcNow,
        });
        await Eventually.True(async () => await system.CountAsync($"select count(*) from appointment_letter where appointment_id = '{Id}' and letter_version = {version}") == 1, "the letter was never heard of");
    }

    public Task<HttpResponseMessage> AcceptAsync(int revision = 0, int letterVersion = 1, int? version = null) =>
        Post("accept", new AcceptAppointment { Revision = revision, LetterId = LetterId, LetterVersion = letterVersion, Version = version });

    public Task<HttpResponseMessage> RebookAsync(int revision = 0, int? version = null, string? unsuitable = null) =>
        Post("rebook", new RequestRebook { Revision = revision, Version = version, UnsuitableTimes = unsuitable });

    public Task<HttpResponseMessage> CancelAsync(int revision = 0, int? version = null, string? reason = null) =>
        Post("cancel", new RequestCancellation { Revision = revision, Version = version, Reason = reason });

    public Task<HttpResponseMessage> WithdrawAsync(int revision = 0) => Post("withdraw", new WithdrawRequest { Revision = revision });

    private Task<HttpResponseMessage> Post<T>(string action, T body) => Patient.PostAsJsonAsync($"{Path}/{action}", body, AppointmentsSystem.Json);
}
