using System.IO.Compression;
using System.Text.Json.Nodes;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Identity.Contracts;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Letters.Contracts;
using PatientHub.Letters.Contracts.Http;
using PatientHub.Messaging;
using PatientHub.PostalFallback.Contracts;
using PatientHub.PostalFallback.Workers;
using PatientHub.ServiceDefaults;
using PatientHub.Testing;

namespace PatientHub.PostalFallback.Tests.Support;

/// <summary>The real service on its real database and broker, with its neighbours over HTTP; and a bus of the test's own that plays the other services.</summary>
public sealed class Post : IAsyncDisposable
{
    private readonly string[] _settings;
    private readonly IBusControl _bus;
    private WebApplication _app;

    private Post(WebApplication app, IBusControl bus, string[] settings, Neighbours neighbours, TestTokenAuthority tokens, string spool, NpgsqlDataSource database, Heard heard) =>
        (_app, _bus, _settings, Neighbours, Tokens, Spool, Database, Heard) = (app, bus, settings, neighbours, tokens, spool, database, heard);

    public Neighbours Neighbours { get; }
    public TestTokenAuthority Tokens { get; }
    public string Spool { get; }
    public NpgsqlDataSource Database { get; }
    public Heard Heard { get; }

    /// <summary>Where the service itself listens.</summary>
    public Uri Address => new(_app.Urls.First());

    /// <param name="servers">The assembly's servers.</param>
    /// <param name="working">False: no worker of its own; the test runs a pass when it wants one.</param>
    /// <param name="ladder">72 h and 96 h, shortened.</param>
    /// <param name="more">Further settings, <c>--Name=value</c>.</param>
    public static async Task<Post> StartAsync(Servers servers, bool working = true, (TimeSpan Invitation, TimeSpan Booking)? ladder = null, params string[] more)
    {
        var name = "post" + Guid.CreateVersion7().ToString("N")[20..];
        var database = await servers.Postgres.CreateDatabaseAsync(name);
        var broker = await servers.RabbitMq.CreateVirtualHostAsync(name);
        var neighbours = await Neighbours.StartAsync();
        var tokens = await TestTokenAuthority.StartAsync();
        var spool = Directory.CreateTempSubdirectory("patienthub-spool-").FullName;
        var times = ladder ?? (TimeSpan.FromHours(72), TimeSpan.FromHours(96));
        string[] settings =
        [
            $"--ConnectionStrings:postaldb={database}", $"--ConnectionStrings:rabbitmq={broker}", $"--Auth:Authority={tokens.Address}", "--Auth:ClientId=postal", "--Auth:ClientSecret=s",
            $"--services:appointments:http:0={neighbours.Address}", $"--services:letters:http:0={neighbours.Address}", $"--services:identity:http:0={neighbours.Address}",
            $"--Print:SpoolFolder={spool}", "--Batches:AtOnce=true", working ? "--Batches:Every=00:00:00.100" : "--Batches:Every=01:00:00", "--Batches:Rest=00:00:00.300",
            $"--Print:AnswersEvery={(working ? "00:00:00.200" : "01:00:00")}", "--Print:AnswerWithin=1.00:00:00",
            $"--Ladder:PostAfterInvitation={times.Item1}", $"--Ladder:PostAfterBooking={times.Item2}", "--environment=Development", "--urls=http://127.0.0.1:0", .. more,
        ];
        await Build(settings).RunOrMigrateAsync(["--migrate"]);

        // MassTransit keeps the logger of the last host in a static, and that host is gone.
        LogContext.ConfigureCurrentLogContext(Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);
        var heard = new Heard();
        var bus = Bus.Factory.CreateUsingRabbitMq(rabbit =>
        {
            rabbit.Host(new Uri(broker));
            rabbit.ReceiveEndpoint("test.heard", endpoint =>
            {
                endpoint.Handler<LetterPostScheduled>(context => heard.Add(context.Message));
                endpoint.Handler<LetterPosted>(context => heard.Add(context.Message));
                endpoint.Handler<LetterReturned>(context => heard.Add(context.Message));
                endpoint.Handler<RaiseTask>(context => heard.Add(context.Message));
                endpoint.Handler<RecordStaffAct>(context => heard.Add(context.Message));
            });
        });
        await bus.StartAsync();
        var app = Build(settings);
        await app.StartAsync();
        return new Post(app, bus, settings, neighbours, tokens, spool, NpgsqlDataSource.Create(database), heard);
    }

    /// <summary>One pass of each worker.</summary>
    public async Task<int> RunAsync()
    {
        var posted = await _app.Services.GetRequiredService<PostRun>().RunOnceAsync(CancellationToken.None);
        await _app.Services.GetRequiredService<OverduePost>().AlarmAsync(CancellationToken.None);
        return posted;
    }

    /// <summary>One look at what the print house has answered.</summary>
    public Task<int> ReadAnswersAsync() => _app.Services.GetRequiredService<AnswersRun>().RunOnceAsync(CancellationToken.None);

    /// <summary>What the print house would write into its answers folder.</summary>
    public async Task<string> AnswerAsync(string batch, IEnumerable<(Guid LetterId, string Status, string? Reason)> letters, string? folder = null)
    {
        var path = Path.Combine(folder ?? Path.Combine(Spool, "answers"), $"{Guid.CreateVersion7():N}.csv");
        await File.WriteAllTextAsync(path + ".tmp", "batch,letter_id,letter_version,status,reason_code\r\n" + string.Concat(letters.Select(letter => $"{batch},{letter.LetterId},1,{letter.Status},{letter.Reason}\r\n")));
        File.Move(path + ".tmp", path);
        return path;
    }

    public async Task<string> BatchOfAsync(Guid letterId)
    {
        await using var command = Database.CreateCommand("select name from batch where batch_id = (select batch_id from deadline where letter_id = $1 and batch_id is not null order by posted_at desc limit 1)");
        command.Parameters.Add(new NpgsqlParameter { Value = letterId });
        return (string)(await command.ExecuteScalarAsync())!;
    }

    public T Service<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    public Task PublishAsync<T>(T message) where T : class => _bus.Publish(message);

    public async Task RestartAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _app = Build(_settings);
        await _app.StartAsync();
    }

    /// <summary>A patient with an address; the flags say what Identity would.</summary>
    public async Task<Guid> PatientAsync(bool hasContact = true, bool deceased = false, bool accessible = false, PrintFormat format = PrintFormat.Standard, string[]? lines = null)
    {
        var id = Guid.CreateVersion7();
        Neighbours.Addresses[id] = new PatientAddress { PatientId = id, MayPrint = !deceased, FullName = "Test Patient", Lines = lines ?? ["Mx Test Patient", "1 Example Road", "Leeds", "LS9 7TF"], Format = format, AddressId = AddressOf(id) };
        await PublishAsync(new PatientRegistered { Patient = State(id, 1, hasContact, deceased, accessible), OccurredAt = DateTimeOffset.UtcNow });
        await Eventually.True(async () => await CountAsync($"select count(*) from patient where patient_id = '{id}' and version = 1") == 1, "the patient's flags were never taken");
        return id;
    }

    public static Guid AddressOf(Guid patientId) => new([.. patientId.ToByteArray().Reverse()]);

    public static PatientState State(Guid id, int version, bool hasContact = true, bool deceased = false, bool accessible = false) => new()
    {
        PatientId = id,
        HasMobile = hasContact,
        HasEmail = false,
        LettersOnly = false,
        Deceased = deceased,
        Restricted = false,
        NeedsAccessibleFormat = accessible,
        Active = true,
        Version = version,
    };

    public static AppointmentState Appointment(Guid patientId, int version = 1, int revision = 0, TimeSpan? startsIn = null, bool requestOpen = false, Guid? id = null, PasStatus status = PasStatus.Booked, bool invites = true) => new()
    {
        AppointmentId = id ?? Guid.CreateVersion7(),
        PatientId = patientId,
        ClinicId = Guid.CreateVersion7(),
        SourceSystem = "pas",
        SourceId = "a",
        PasStatus = status,
        PatientRequest = requestOpen ? PatientRequest.RebookRequested : PatientRequest.None,
        RequestOpen = requestOpen,
        Start = DateTimeOffset.UtcNow + (startsIn ?? TimeSpan.FromDays(60)),
        Medium = AppointmentMedium.FaceToFace,
        ClinicMode = ClinicMode.Full,
        Invites = invites,
        LetterSource = LetterSource.Template,
        PostalNoticeDays = 0,
        BookedAt = DateTimeOffset.UtcNow,
        Version = version,
        Revision = revision,
    };

    /// <summary>Books an appointment, with its letter ready, and waits until the deadline aims at it.</summary>
    public async Task<(AppointmentState Appointment, LetterReady Letter)> BookAsync(Guid patientId, AppointmentState? appointment = null)
    {
        appointment ??= Appointment(patientId);
        Stand(appointment);
        var letter = Letter(appointment);
        await PublishAsync(new AppointmentBooked { Appointment = appointment, OccurredAt = DateTimeOffset.UtcNow });
        await PublishAsync(letter);
        await Eventually.True(async () => await CountAsync($"select count(*) from deadline where letter_id = '{letter.LetterId}'") == 1, "the deadline never aimed at the letter");
        return (appointment, letter);
    }

    public LetterReady Letter(AppointmentState appointment, Guid? letterId = null, int version = 1)
    {
        var letter = new LetterReady
        {
            LetterId = letterId ?? Guid.CreateVersion7(),
            PatientId = appointment.PatientId,
            AppointmentId = appointment.AppointmentId,
            Revision = appointment.Revision,
            LetterVersion = version,
            Ladder = true,
            LetterDate = DateOnly.FromDateTime(DateTime.UtcNow),
            OccurredAt = DateTimeOffset.UtcNow,
        };
        Neighbours.Letters[letter.LetterId] = new LetterStanding { LetterId = letter.LetterId, PatientId = letter.PatientId, LetterVersion = version, Opened = false, Withdrawn = false, AppointmentId = letter.AppointmentId, Revision = letter.Revision };
        return letter;
    }

    public void Stand(AppointmentState appointment) => Neighbours.Appointments[appointment.AppointmentId] = new AppointmentStanding
    {
        Appointment = appointment,
        SiteAddress = [],
        ClinicName = "Clinic",
        ClinicPhone = "0113 496 0000",
        OffersChanges = true,
    };

    public static LetterOpened Opened(LetterReady letter) => new()
    {
        LetterId = letter.LetterId,
        PatientId = letter.PatientId,
        LetterVersion = letter.LetterVersion,
        AppointmentId = letter.AppointmentId,
        Revision = letter.Revision,
        OccurredAt = DateTimeOffset.UtcNow,
    };

    public async Task<string?> StateAsync(Guid letterId)
    {
        await using var command = Database.CreateCommand("select state from deadline where letter_id = $1 order by created_at desc limit 1");
        command.Parameters.Add(new NpgsqlParameter { Value = letterId });
        return (string?)await command.ExecuteScalarAsync();
    }

    public async Task<DateTimeOffset> DueAsync(Guid appointmentId)
    {
        await using var command = Database.CreateCommand("select due_at from deadline where appointment_id = $1 order by created_at desc limit 1");
        command.Parameters.Add(new NpgsqlParameter { Value = appointmentId });
        return new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync())!, TimeSpan.Zero);
    }

    public Task BecomesAsync(Guid letterId, string state) => Eventually.True(async () => await StateAsync(letterId) == state, $"the deadline never became {state}");

    public async Task<long> CountAsync(string sql) => (long)(await Database.CreateCommand(sql).ExecuteScalarAsync())!;

    public Task ExecuteAsync(string sql) => Database.CreateCommand(sql).ExecuteNonQueryAsync();

    /// <summary>Manifest lines of all batches that the print house may take.</summary>
    /// <param name="folder">Null: the spool; else where a print house has put what it took.</param>
    public List<JsonNode> Manifests(string? folder = null)
    {
        var lines = new List<JsonNode>();
        foreach (var ok in Directory.EnumerateFiles(folder ?? Spool, "*.ok"))
        {
            using var zip = ZipFile.OpenRead(Path.ChangeExtension(ok, "zip"));
            using var manifest = zip.GetEntry("manifest.json")!.Open();
            lines.AddRange(JsonNode.Parse(manifest)!["letters"]!.AsArray().Select(letter => letter!.DeepClone()));
        }

        return lines;
    }

    public IEnumerable<JsonNode> ManifestsOf(Guid letterId) => Manifests().Where(line => line["letterId"]!.GetValue<Guid>() == letterId);

    public async ValueTask DisposeAsync()
    {
        await _bus.StopAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await Database.DisposeAsync();
        await Neighbours.DisposeAsync();
        await Tokens.DisposeAsync();
        Directory.Delete(Spool, recursive: true);
    }

    private static WebApplication Build(string[] settings)
    {
        var builder = WebApplication.CreateBuilder(settings);
        builder.AddServiceDefaults();
        builder.AddPostalFallback();
        var app = builder.Build();
        app.MapServiceDefaults();
        app.MapPostalFallback();
        return app;
    }
}

/// <summary>What the service published.</summary>
public sealed class Heard
{
    private readonly List<object> _messages = [];

    public Task Add(object message)
    {
        lock (_messages)
            _messages.Add(message);
        return Task.CompletedTask;
    }

    public List<T> Of<T>()
    {
        lock (_messages)
            return [.. _messages.OfType<T>()];
    }
}
