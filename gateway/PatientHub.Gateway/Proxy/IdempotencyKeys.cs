using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using PatientHub.Gateway.Session;
using StackExchange.Redis;

namespace PatientHub.Gateway.Proxy;

/// <summary>
/// A client of the patients' API may name a request by <c>Idempotency-Key</c> and send it again when the answer was lost. The services make each decision once, whatever comes; what they cannot see is
/// that one name stands for two different requests, and then the second would be taken for the first. Remembered for a day, as hashes. Without Redis nothing is compared: a decision is still made once.
/// </summary>
internal sealed class IdempotencyKeys(IConnectionMultiplexer redis)
{
    public const string Header = "Idempotency-Key";
    private static readonly TimeSpan Life = TimeSpan.FromDays(1);

    /// <summary>True when this patient has used the same key for something else.</summary>
    public async Task<bool> IsTakenAsync(HttpContext http)
    {
        if (http.Request.Headers[Header].ToString() is not { Length: > 0 } key || HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method))
            return false;
        http.Request.EnableBuffering();
        var body = await SHA256.HashDataAsync(http.Request.Body, http.RequestAborted);
        http.Request.Body.Position = 0;
        var request = Hash($"{http.Request.Method} {http.Request.Path} {Convert.ToHexString(body)}");
        RedisKey name = "idempotency:" + Hash($"{PatientOf(http)} {key}");
        try
        {
            var db = redis.GetDatabase();
            return !await db.StringSetAsync(name, request, Life, When.NotExists) && await db.StringGetAsync(name) is { IsNull: false } before && before != request;
        }
        catch (Exception fault) when (fault is RedisException or TimeoutException)
        {
            return false;
        }
    }

    // The same patient after a minute has another token. Whether it is a good one is not decided here: the name only keeps patients apart.
    private static string PatientOf(HttpContext http)
    {
        if (http.Features.Get<PatientSession>() is { } session)
            return session.PatientId.ToString();
        var token = http.Request.Headers.Authorization.ToString().Split(' ')[^1];
        try
        {
            return new JsonWebTokenHandler().ReadJsonWebToken(token).TryGetPayloadValue<string>("sub", out var patient) ? patient : token;
        }
        catch (Exception noToken) when (noToken is ArgumentException or SecurityTokenException)
        {
            return token; // Three words with dots between them may be anything; the service will refuse it.
        }
    }

    private static string Hash(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
