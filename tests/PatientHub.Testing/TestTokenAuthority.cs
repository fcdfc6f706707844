using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PatientHub.Testing;

/// <summary>
/// A token service on a loopback port for tests of one service: discovery document, keys and client credentials over HTTP, as Identity serves them.
/// Point <c>Auth:Authority</c> at <see cref="Address"/>; nothing in the product knows that it is a test.
/// </summary>
public sealed class TestTokenAuthority : IAsyncDisposable
{
    public const string Issuer = "https://patienthub.example/identity/";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly WebApplication _app;

    private TestTokenAuthority(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    public static async Task<TestTokenAuthority> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var authority = new TestTokenAuthority(app);
        app.MapGet("/.well-known/openid-configuration", () => Results.Json(new { issuer = Issuer, jwks_uri = new Uri(authority.Address, "/jwks").ToString(), token_endpoint = new Uri(authority.Address, "/connect/token").ToString() }));
        app.MapGet("/jwks", authority.Keys);
        app.MapPost("/connect/token", async (HttpRequest request) =>
        {
            var form = await request.ReadFormAsync();
            return Results.Json(new { access_token = authority.MachineToken(form["client_id"].ToString(), form["scope"].ToString()), token_type = "Bearer", expires_in = 300 });
        });
        await app.StartAsync();
        return authority;
    }

    /// <summary>A signed-in patient's token.</summary>
    public string PatientToken(Guid patientId, Guid? sessionId = null, TimeSpan? life = null) => Sign(new Dictionary<string, object>
    {
        ["sub"] = patientId.ToString(),
        ["sid"] = (sessionId ?? Guid.CreateVersion7()).ToString(),
        ["scope"] = "patient",
    }, life ?? TimeSpan.FromMinutes(10));

    /// <summary>A machine's token with space-separated scopes.</summary>
    public string MachineToken(string clientId, string scopes, TimeSpan? life = null) => Sign(new Dictionary<string, object>
    {
        ["sub"] = clientId,
        ["client_id"] = clientId,
        ["scope"] = scopes,
    }, life ?? TimeSpan.FromMinutes(10));

    /// <summary>A member of staff's token, as Identity gives it to the gateway.</summary>
    public string StaffToken(string id, string name, bool supervisor = false, TimeSpan? life = null) => Sign(new Dictionary<string, object>
    {
        ["sub"] = id,
        ["staff_name"] = name,
        ["client_id"] = "gateway",
        ["scope"] = supervisor ? "desk desk.supervise" : "desk",
    }, life ?? TimeSpan.FromMinutes(10));

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
    }

    private IResult Keys()
    {
        var q = _key.ExportParameters(false).Q;
        return Results.Json(new { keys = new[] { new { kty = "EC", crv = "P-256", use = "sig", alg = "ES256", kid = "test", x = Base64Url(q.X!), y = Base64Url(q.Y!) } } });
    }

    private string Sign(Dictionary<string, object> claims, TimeSpan life)
    {
        var now = DateTimeOffset.UtcNow;
        claims["iss"] = Issuer;
        claims["aud"] = "patienthub";
        claims["iat"] = now.ToUnixTimeSeconds();
        claims["exp"] = (now + life).ToUnixTimeSeconds();
        claims["jti"] = Guid.CreateVersion7().ToString();
        var content = Base64Url(JsonSerializer.SerializeToUtf8Bytes(new { alg = "ES256", typ = "at+jwt", kid = "test" })) + "." + Base64Url(JsonSerializer.SerializeToUtf8Bytes(claims));
        return content + "." + Base64Url(_key.SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256));
    }

    private static string Base64Url(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
