using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using PatientHub.ServiceDefaults.Auth;

namespace PatientHub.Identity.Tests;

/// <summary>A good token is remembered until it ends, and nothing else is.</summary>
public sealed class ValidatedTokensTests : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly ValidatedTokens _tokens;
    private int _keysAskedFor;

    public ValidatedTokensTests() => _tokens = new ValidatedTokens(_time) { MapInboundClaims = false };

    [Fact]
    public async Task A_good_token_is_checked_once_until_it_ends()
    {
        var token = Token(TimeSpan.FromSeconds(60));
        (await ValidateAsync(token)).ClaimsIdentity.FindFirst("sub")!.Value.ShouldBe("one");
        (await ValidateAsync(token)).IsValid.ShouldBeTrue();
        _keysAskedFor.ShouldBe(1);
        _time.Advance(TimeSpan.FromSeconds(61));
        await ValidateAsync(token);
        _keysAskedFor.ShouldBe(2, "after its end it is looked at again, and refused by the check of lifetime");
    }

    [Fact]
    public async Task A_long_token_is_checked_again_after_five_minutes()
    {
        var token = Token(TimeSpan.FromHours(1));
        await ValidateAsync(token);
        _time.Advance(TimeSpan.FromMinutes(5));
        await ValidateAsync(token);
        _keysAskedFor.ShouldBe(2);
    }

    [Fact]
    public async Task A_changed_token_is_refused_although_the_true_one_is_known()
    {
        var token = Token(TimeSpan.FromSeconds(60));
        (await ValidateAsync(token)).IsValid.ShouldBeTrue();
        var parts = token.Split('.');
        var other = Token(TimeSpan.FromSeconds(60), "two").Split('.');
        (await ValidateAsync($"{parts[0]}.{other[1]}.{parts[2]}")).IsValid.ShouldBeFalse();
        (await ValidateAsync($"{parts[0]}.{parts[1]}.")).IsValid.ShouldBeFalse();
    }

    [Fact]
    public async Task What_was_refused_is_not_remembered()
    {
        var token = Token(TimeSpan.FromSeconds(60));
        (await ValidateAsync(token, audience: "somebody else")).IsValid.ShouldBeFalse();
        (await ValidateAsync(token)).IsValid.ShouldBeTrue();
    }

    public void Dispose()
    {
        _tokens.Dispose();
        _key.Dispose();
    }

    private string Token(TimeSpan life, string subject = "one") => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = "https://hub.example",
        Audience = "hub",
        Claims = new Dictionary<string, object> { ["sub"] = subject },
        Expires = (TimeProvider.System.GetUtcNow() + life).UtcDateTime,
        SigningCredentials = new SigningCredentials(new ECDsaSecurityKey(_key), SecurityAlgorithms.EcdsaSha256),
    });

    private Task<TokenValidationResult> ValidateAsync(string token, string audience = "hub") => _tokens.ValidateTokenAsync(token, new TokenValidationParameters
    {
        ValidIssuer = "https://hub.example",
        ValidAudience = audience,
        IssuerSigningKeyResolver = (_, _, _, _) =>
        {
            _keysAskedFor++;
            return [new ECDsaSecurityKey(_key)];
        },
    });
}
