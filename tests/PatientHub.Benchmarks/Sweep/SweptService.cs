using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using PatientHub.Messaging;
using PatientHub.Notifications;
using PatientHub.Notifications.Workers;
using PatientHub.PostalFallback;
using PatientHub.PostalFallback.Workers;
using PatientHub.ServiceDefaults;
using PatientHub.Testing;

namespace PatientHub.Benchmarks.Sweep;

/// <summary>A service with its own database and schema, put together as it runs and not started: its sweeps are called from here.</summary>
/// <param name="ClaimAsync">Claims up to 500 of what is due at an instant, by the service's own statement.</param>
/// <param name="SettleAsync">What was claimed is on its way, as it is in life before the next claim comes; not timed.</param>
/// <param name="PassAsync">One whole pass of the worker, at the present instant.</param>
internal sealed record SweptService(WebApplication App, Func<DateTimeOffset, Task<int>> ClaimAsync, Func<Task> SettleAsync, Func<Task<int>> PassAsync) : IAsyncDisposable
{
    public const int ClaimSize = 500;

    /// <summary>In milliseconds; on a busy machine it says more about the statements than the median does.</summary>
    public double FastestPass { get; set; } = double.MaxValue;

    public static async Task<SweptService> NotificationsAsync(PostgresServer postgres, string name)
    {
        var app = Build(await postgres.CreateDatabaseAsync(name), builder => builder.AddNotifications());
        await MigrateAsync(app);
        var steps = app.Services.GetRequiredService<DueSteps>();
        var database = app.Services.GetRequiredService<NpgsqlDataSource>();
        return new SweptService(app, async now => (await steps.ClaimAsync(now, CancellationToken.None)).Count, async () =>
        {
            await using var sending = database.CreateCommand("update journey_step set state = 'Sending' where state = 'Open' and next_at <= (select max(next_at) from journey_step where claimed_until is not null and state = 'Open') and claimed_until is not null");
            await sending.ExecuteNonQueryAsync();
        }, () => steps.RunOnceAsync(CancellationToken.None));
    }

    public static async Task<SweptService> PostalFallbackAsync(PostgresServer postgres, string database)
    {
        var app = Build(await postgres.CreateDatabaseAsync(database), builder => builder.AddPostalFallback());
        await MigrateAsync(app);
        var deadlines = app.Services.GetRequiredService<DueDeadlines>();
        var (run, overdue) = (app.Services.GetRequiredService<PostRun>(), app.Services.GetRequiredService<OverduePost>());
        var rows = app.Services.GetRequiredService<NpgsqlDataSource>();
        return new SweptService(app, async now => (await deadlines.LeaseAsync(now, now, TimeSpan.FromMinutes(5), ClaimSize, CancellationToken.None)).Count,
            async () =>
            {
                await using var posted = rows.CreateCommand("update deadline set state = 'Posted', lease_until = null where state = 'Waiting' and due_at <= now() + interval '1 day' and lease_until is not null");
                await posted.ExecuteNonQueryAsync();
            },
            async () =>
            {
                var posted = await run.RunOnceAsync(CancellationToken.None);
                await overdue.AlarmAsync(CancellationToken.None);
                return posted;
            });
    }

    public ValueTask DisposeAsync() => App.DisposeAsync();

    /// <summary>Neither broker nor other services nor providers are asked: nothing is due when a pass runs.</summary>
    private static WebApplication Build(string database, Action<WebApplicationBuilder> add)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:notificationsdb"] = database,
            ["ConnectionStrings:postaldb"] = database,
            ["ConnectionStrings:rabbitmq"] = "amqp://127.0.0.1:1",
            ["Auth:Authority"] = "http://127.0.0.1:1",
            ["PublicBaseUrl"] = "https://hub.example.nhs.uk",
            ["Twilio:AccountSid"] = "AC00000000000000000000000000000000",
            ["Twilio:AuthToken"] = "token",
            ["SendGrid:ApiKey"] = "key",
            ["SendGrid:WebhookPublicKey"] = "key",
            ["Sending:BatchSize"] = "500",
            ["Batches:AtOnce"] = "true",
            ["Print:SpoolFolder"] = Path.Combine(Path.GetTempPath(), $"patienthub-sweep-{Environment.ProcessId}"),
        });
        builder.AddServiceDefaults();
        add(builder);
        builder.Logging.ClearProviders();
        return builder.Build();
    }

    private static Task MigrateAsync(WebApplication app) =>
        app.Services.GetServices<IMigrationStep>().First(step => step.Name.StartsWith("schema", StringComparison.Ordinal)).RunAsync(CancellationToken.None);
}
