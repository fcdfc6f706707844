using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;
using PatientHub.Identity.Contracts.Http;
using PatientHub.ServiceDefaults.Auth;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace PatientHub.Identity.Features.Tokens;

/// <summary>
/// The OAuth 2 server: OpenIddict in degraded mode, which means that clients and grants are decided by our two handlers and nothing is stored (no token table: a patient's
/// token lives 60 s). Discovery, keys, request parsing, signing and errors are OpenIddict's. Tokens are ES256 JWTs of type at+jwt (RFC 9068), not encrypted.
/// Identity validates the tokens on its own endpoints with the same JwtBearer as every service, but with its own public key at hand instead of fetching it from itself.
/// </summary>
public static class TokenServer
{
    public static void AddTokenServer(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<TokensOptions>().BindConfiguration(TokensOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<ClientRegistry>();
        builder.Services.AddSingleton<SigningKey>();
        builder.Services.AddOpenIddict().AddServer(server =>
        {
            server.EnableDegradedMode();
            server.SetTokenEndpointUris("connect/token").SetConfigurationEndpointUris(".well-known/openid-configuration").SetJsonWebKeySetEndpointUris(".well-known/jwks");
            server.AllowClientCredentialsFlow().AllowCustomFlow(Grants.ProvenCode).AllowCustomFlow(Grants.Session).AllowCustomFlow(Grants.Staff);
            server.RegisterScopes([.. ClientRegistry.All.SelectMany(c => c.Scopes).Append(Scopes.Patient).Append(Scopes.Desk).Append(Scopes.DeskSupervise).Distinct()]);
            server.DisableAccessTokenEncryption();
            server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseScopedHandler<ClientAuthentication>());
            server.AddEventHandler<HandleTokenRequestContext>(handler => handler.UseScopedHandler<TokenIssuing>());
            // Inside the cluster Identity speaks plain http, as every service does; from outside it is reached through the gateway's machine door.
            server.UseAspNetCore().DisableTransportSecurityRequirement();
        });
        builder.Services.AddOptions<OpenIddictServerOptions>().Configure<SigningKey, IOptions<AuthOptions>>((server, key, auth) =>
        {
            server.Issuer = new Uri(auth.Value.Issuer);
            server.SigningCredentials.Add(key.Credentials);
            server.EncryptionCredentials.Add(key.UnusedEncryption);
        });
        builder.Services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme).Configure<SigningKey, IOptions<AuthOptions>>((jwt, key, auth) =>
        {
            jwt.MetadataAddress = "";
            jwt.Configuration = new OpenIdConnectConfiguration { Issuer = auth.Value.Issuer };
            jwt.Configuration.SigningKeys.Add(key.Credentials.Key);
        });
    }
}

/// <summary>The configured key, with a name that every replica computes alike.</summary>
public sealed class SigningKey : IDisposable
{
    private readonly ECDsa ecdsa = ECDsa.Create();

    public SigningKey(IOptions<TokensOptions> options)
    {
        ecdsa.ImportPkcs8PrivateKey(Convert.FromBase64String(options.Value.SigningKey), out _);
        if (ecdsa.KeySize != 256) throw new InvalidOperationException("Tokens:SigningKey must be an EC key on P-256.");
        var publicKey = ecdsa.ExportSubjectPublicKeyInfo();
        var key = new ECDsaSecurityKey(ecdsa) { KeyId = System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(publicKey)) };
        Credentials = new SigningCredentials(key, SecurityAlgorithms.EcdsaSha256);
        // OpenIddict asks for an encryption key although nothing here is encrypted (no codes, no refresh tokens; access tokens are plain JWTs).
        var unused = new SymmetricSecurityKey(HKDF.DeriveKey(HashAlgorithmName.SHA256, ecdsa.ExportPkcs8PrivateKey(), 32, info: "patienthub/identity/unused-encryption"u8.ToArray()));
        UnusedEncryption = new EncryptingCredentials(unused, SecurityAlgorithms.Aes256KW, SecurityAlgorithms.Aes256CbcHmacSha512);
    }

    public SigningCredentials Credentials { get; }

    public EncryptingCredentials UnusedEncryption { get; }

    public void Dispose() => ecdsa.Dispose();
}
