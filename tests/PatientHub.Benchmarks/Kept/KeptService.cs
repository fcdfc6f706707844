using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using PatientHub.Appointments;
using PatientHub.Letters;
using PatientHub.Messaging;
using PatientHub.Notifications;
using PatientHub.ServiceDefaults;
using PatientHub.Testing;

namespace PatientHub.Benchmarks.Kept;

/// <summary>
/// A service that keeps copies for 24 months, with its own database and schema. It answers patients over HTTP; its workers do not run, so that nothing but the measured
/// retention is at work beside them. Other services are one that knows no appointment any more, as Appointments does after its own retention.
/// </summary>
internal sealed class KeptService : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly WebApplication _others;
    private readonly TestTokenAuthority _authority;

    private KeptService(WebApplication app, WebApplication others, TestTokenAuthority authority) => (_app, _others, _authority) = (app, others, authority);

    public static readonly string[] Names = ["letters", "notifications", "appointments"];

    public NpgsqlDataSource Database => _app.Services.GetRequiredService<NpgsqlDataSource>();

    public IRetention Retention => _app.Services.GetRequiredService<IRetention>();

    public required HttpClient Patients { get; init; }

    /// <summary>What the patient's page asks this service for.</summary>
    public required string List { get; init; }

    public string TokenOf(Guid patientId) => _authority.PatientToken(patientId, life: TimeSpan.FromHours(1));

    public static async Task<KeptService> StartAsync(PostgresServer postgres, string name)
    {
        var (add, map, list) = name switch
        {
            "letters" => ((Action<WebApplicationBuilder>)(builder => builder.AddLetters()), (Action<WebApplication>)(app => app.MapLetters()), "/api/me/letters"),
            "notifications" => (builder => builder.AddNotifications(), app => app.MapNotifications(), "/api/me/messages"),
            "appointments" => (builder => builder.AddAppointments(), app => app.MapAppointments(), "/api/me/appointments"),
            _ => throw new ArgumentException($"{name} keeps no copies for 24 months"),
        };
        var authority = await TestTokenAuthority.StartAsync();
        var others = await OthersAsync();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            [$"ConnectionStrings:{name}db"] = await postgres.CreateDatabaseAsync("kept_" + name),
            ["ConnectionStrings:rabbitmq"] = "amqp://127.0.0.1:1",
            ["Auth:Authority"] = authority.Address.ToString(),
            ["Auth:ClientId"] = name,
            ["Auth:ClientSecret"] = "secret",
            ["services:appointments:http:0"] = others.Urls.First(),
            ["SourceIds:Key"] = Convert.ToBase64String(new byte[32]),
            ["PublicBaseUrl"] = "https://hub.example.nhs.uk",
            ["Twilio:AccountSid"] = "AC00000000000000000000000000000000",
            ["Twilio:AuthToken"] = "token",
            ["SendGrid:ApiKey"] = "key",
            ["SendGrid:WebhookPublicKey"] = "key",
        });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddServiceDefaults();
        add(builder);
        builder.Logging.ClearProviders();
        builder.Services.RemoveAll<IHostedService>();
        var app = builder.Build();
        await app.Services.GetServices<IMigrationStep>().First(step => step.Name.StartsWith("schema", StringComparison.Ordinal)).RunAsync(CancellationToken.None);
        app.MapServiceDefaults();
        map(app);
        await app.StartAsync();
        return new KeptService(app, others, authority) { Patients = new HttpClient { BaseAddress = new Uri(app.Urls.First()) }, List = list };
    }

    public async ValueTask DisposeAsync()
    {
        Patients.Dispose();
        await _app.DisposeAsync();
        await _others.DisposeAsync();
        await _authority.DisposeAsync();
    }

    /// <summary>How these appointments stand? None is there.</summary>
    private static async Task<WebApplication> OthersAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var others = builder.Build();
        others.MapPost("/internal/appointments/standing", async (HttpRequest request) =>
        {
            await JsonSerializer.DeserializeAsync<JsonNode>(request.Body);
            return Results.Json(Array.Empty<object>());
        });
        await others.StartAsync();
        return others;
    }
}
