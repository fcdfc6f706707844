using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace PatientHub.ServiceDefaults.Auth;

/// <summary>
/// Validates access tokens (RFC 9068) and remembers those that were good, by the token's hash, until they end: a page's calls and a client's requests carry the same token many times, and checking
/// its signature is most of what a small request costs. A token that was refused is checked again each time. Withdrawn keys are felt after <see cref="Longest"/> at the latest.
/// </summary>
internal sealed class ValidatedTokens(TimeProvider time) : JsonWebTokenHandler, IDisposable
{
    private const int MostTokens = 20_000;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private readonly MemoryCache _good = new(new MemoryCacheOptions { SizeLimit = MostTokens });

    public override async Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters)
    {
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        if (_good.TryGetValue(hash, out Known? known) && known!.Until > time.GetUtcNow())
            return known.Result;

        var result = await base.ValidateTokenAsync(token, validationParameters);
        if (result.IsValid)
        {
            var (now, ends) = (time.GetUtcNow(), new DateTimeOffset(result.SecurityToken.ValidTo, TimeSpan.Zero));
            var until = ends < now + Longest ? ends : now + Longest;
            if (until > now)
                _good.Set(hash, new Known(result, until), new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = until - now, Size = 1 });
        }

        return result;
    }

    public void Dispose() => _good.Dispose();

    private sealed record Known(TokenValidationResult Result, DateTimeOffset Until);
}
