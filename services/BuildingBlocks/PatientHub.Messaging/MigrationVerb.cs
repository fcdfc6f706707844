using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace PatientHub.Messaging;

/// <summary>The verb <c>--migrate</c> that every service has.</summary>
public static partial class MigrationVerb
{
    /// <summary>
    /// Runs the service; or, with <c>--migrate</c> among <paramref name="args"/>, runs every <see cref="IMigrationStep"/> (schema, then topology of the broker) and
    /// returns without serving. No service may start before all services' migrations have completed: a message published before its queue exists is refused.
    /// </summary>
    public static async Task RunOrMigrateAsync(this WebApplication app, string[] args)
    {
        if (!args.Contains("--migrate"))
        {
            await app.RunAsync();
            return;
        }

        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(MigrationVerb));
        await using (app)
        {
            foreach (var step in app.Services.GetServices<IMigrationStep>())
            {
                Log.Running(log, step.Name);
                await step.RunAsync(app.Lifetime.ApplicationStopping);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Migrating: {Step}")]
        public static partial void Running(ILogger logger, string step);
    }
}
