using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.StackExchangeRedis;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace PatientHub.Gateway.Session;

/// <summary>Redis: sessions, and the keys of anti-forgery tokens, which all replicas share.</summary>
internal static class RedisHosting
{
    public static void AddSessions(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IConnectionMultiplexer>(_ => ConnectionMultiplexer.Connect(Options(builder.Configuration)));
        builder.Services.AddSingleton<SessionStore>();
        builder.Services.AddSingleton<KeptAnswers>();
        builder.Services.AddDataProtection().SetApplicationName("patienthub-gateway");
        builder.Services.AddOptions<KeyManagementOptions>().Configure<IConnectionMultiplexer>((keys, redis) =>
            keys.XmlRepository = new RedisXmlRepository(() => redis.GetDatabase(), "gateway:data-protection"));
        // Degraded, not unhealthy: without Redis there is still the page that says so, with the telephone number.
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration("redis", services => new RedisCheck(services.GetRequiredService<IConnectionMultiplexer>()), HealthStatus.Degraded, null));
    }

    private static ConfigurationOptions Options(IConfiguration configuration)
    {
        var options = ConfigurationOptions.Parse(configuration.GetConnectionString("redis") is { Length: > 0 } connection
            ? connection
            : throw new InvalidOperationException("ConnectionStrings:redis is missing."));
        // The gateway starts without Redis and answers 503 pages until it is there; a page never waits long for it.
        options.AbortOnConnectFail = false;
        options.ConnectTimeout = 2_000;
        options.AsyncTimeout = 2_000;
        options.SyncTimeout = 2_000;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        // However long it was away: found again within a second. The default waits ever longer, up to a minute of needless 503 pages.
        options.ReconnectRetryPolicy = new LinearRetry(500);
        return options;
    }

    private sealed class RedisCheck(IConnectionMultiplexer redis) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            await redis.GetDatabase().PingAsync();
            return HealthCheckResult.Healthy();
        }
    }
}
