using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace PatientHub.Identity.Persistence;

/// <summary>Without Redis nobody can sign in (fail closed), so the service is not ready.</summary>
internal sealed class RedisHealthCheck(IConnectionMultiplexer redis) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await redis.GetDatabase().PingAsync();
            return HealthCheckResult.Healthy();
        }
        catch (Exception fault) when (fault is RedisException or TimeoutException)
        {
            return HealthCheckResult.Unhealthy("Redis does not answer.");
        }
    }
}
