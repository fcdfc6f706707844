using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace PatientHub.Messaging;

/// <summary>What a service removes for good after 24 months (A16).</summary>
public interface IRetention
{
    /// <summary>Removes everything that is old at this instant, in batches. Starting again where it stopped changes nothing.</summary>
    /// <param name="now">The present instant (UTC, by the database).</param>
    /// <param name="ct">Stops between batches.</param>
    /// <returns>How many things of the service's main kind are gone.</returns>
    Task<int> RunOnceAsync(DateTimeOffset now, CancellationToken ct);
}

/// <summary>Registers a service's retention.</summary>
public static class RetentionHosting
{
    /// <summary>Registers <typeparamref name="TRetention"/> (singleton) and the worker that runs it every six hours; not right after the start, when everybody else has more urgent work.</summary>
    /// <param name="services">The service's registrations; <see cref="DatabaseClock"/> is among them.</param>
    public static IServiceCollection AddRetention<TRetention>(this IServiceCollection services) where TRetention : class, IRetention
    {
        services.AddSingleton<TRetention>().AddSingleton<IRetention>(provider => provider.GetRequiredService<TRetention>());
        return services.AddHostedService<RetentionWorker>();
    }
}

internal sealed partial class RetentionWorker(IRetention retention, DatabaseClock clock, TimeProvider time, ILogger<RetentionWorker> log) : BackgroundService
{
    private static readonly TimeSpan First = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Interval = TimeSpan.FromHours(6);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var wait = First; !stoppingToken.IsCancellationRequested; wait = Interval)
        {
            await Task.Delay(wait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            try
            {
                await retention.RunOnceAsync(await clock.UtcNowAsync(stoppingToken), stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                Log.NextTime(log, fault);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "What is old could not be removed; the next round tries again")]
        public static partial void NextTime(ILogger logger, Exception fault);
    }
}
