using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using PatientHub.Gateway.Session;

namespace PatientHub.Gateway.Edge;

/// <summary>Rate limits of the public door: 429 with Retry-After. The providers' callbacks and machines are not limited here; their tokens and signatures are checked.</summary>
internal static class RateLimits
{
    public static void Configure(RateLimiterOptions limiter, IOptions<LimitOptions> options)
    {
        var limits = options.Value;
        limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limiter.OnRejected = async (rejected, _) =>
        {
            var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
            var http = rejected.HttpContext;
            http.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            await http.RequestServices.GetRequiredService<IProblemDetailsService>().TryWriteAsync(new ProblemDetailsContext
            {
                HttpContext = http,
                ProblemDetails = { Status = StatusCodes.Status429TooManyRequests, Detail = "Too many requests. Wait a little and try again." },
            });
        };
        limiter.GlobalLimiter = PartitionedRateLimiter.CreateChained(
            Limiter(http => IsLimited(http) ? AddressOf(http) : null, limits.PerAddress, limits.PerAddressBurst),
            Limiter(http => IsLimited(http) && IsSignIn(http) ? AddressOf(http) : null, limits.SignInPerAddress, limits.SignInPerAddressBurst),
            Limiter(http => IsLimited(http) && IsSignIn(http) ? "all" : null, limits.SignIn, limits.SignInBurst),
            Limiter(http => IsLimited(http) && http.Request.Path.StartsWithSegments("/calendar-feed") ? AddressOf(http) : null, limits.FeedPerAddress, limits.FeedPerAddressBurst),
            Limiter(http => IsLimited(http) ? http.Request.Cookies[Cookies.Session] : null, limits.PerSession, limits.PerSessionBurst));
    }

    private static PartitionedRateLimiter<HttpContext> Limiter(Func<HttpContext, string?> partition, int perSecond, int burst) =>
        PartitionedRateLimiter.Create<HttpContext, string>(http => partition(http) is { Length: > 0 } key
            ? RateLimitPartition.GetTokenBucketLimiter(key, _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = Math.Max(burst, perSecond),
                TokensPerPeriod = perSecond,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                AutoReplenishment = true,
            })
            : RateLimitPartition.GetNoLimiter(""));

    private static bool IsLimited(HttpContext http) =>
        DoorsMiddleware.Of(http) == Door.Public && !http.Request.Path.StartsWithSegments("/webhooks")
        && !http.Request.Path.StartsWithSegments("/health") && !http.Request.Path.StartsWithSegments("/alive");

    private static bool IsSignIn(HttpContext http) => HttpMethods.IsPost(http.Request.Method) && http.Request.Path.StartsWithSegments("/sign-in");

    /// <summary>An IPv6 customer has a whole /64.</summary>
    private static string AddressOf(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)) : address.ToString();
    }
}
