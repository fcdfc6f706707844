using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace PatientHub.Simulators.Staff;

/// <summary>
/// The hospital's own sign-in for its staff, over the real protocol: OpenID Connect with authorization code and PKCE (OpenIddict). One client, the hub's desk; instead of a
/// password there is a page with the names of <see cref="HospitalStaff"/>.
/// </summary>
internal static class StaffProvider
{
    public const string ClientId = "patienthub-desk";
    private const string CallbackPath = "/staff/signed-in";
    private const string SignedOutPath = "/staff/signed-out";

    public static void AddStaffProvider(this IServiceCollection services, SimulatorsOptions options) => services.AddOpenIddict().AddServer(server =>
    {
        server.EnableDegradedMode();
        server.SetAuthorizationEndpointUris("staff/authorize").SetTokenEndpointUris("staff/token").SetEndSessionEndpointUris("staff/end-session");
        server.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
        server.RegisterScopes(Scopes.Profile, Scopes.Roles);
        // Not RSA: making two such keys took each simulated outside world seconds to start.
        server.AddEncryptionKey(new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32))).AddEphemeralSigningKey(SecurityAlgorithms.EcdsaSha256);
        server.UseAspNetCore().DisableTransportSecurityRequirement().EnableAuthorizationEndpointPassthrough();
        server.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
        {
            if (context.ClientId != ClientId) context.Reject(Errors.InvalidClient, "Only the hub's desk signs in here.");
            else if (!Leads(context.RedirectUri, CallbackPath, options)) context.Reject(Errors.InvalidRequest, "That address is not the hub's.");
            return default;
        }));
        server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(context =>
        {
            if (context.ClientId != ClientId || options.StaffClientSecret is null || !Same(context.ClientSecret, options.StaffClientSecret))
                context.Reject(Errors.InvalidClient, "The client or its secret is wrong.");
            return default;
        }));
        server.AddEventHandler<ValidateEndSessionRequestContext>(handler => handler.UseInlineHandler(context =>
        {
            if (!Leads(context.PostLogoutRedirectUri, SignedOutPath, options)) context.Reject(Errors.InvalidRequest, "That address is not the hub's.");
            return default;
        }));
        // Nobody stays signed in here: each sign-in asks who it is, so there is nothing to end.
        server.AddEventHandler<HandleEndSessionRequestContext>(handler => handler.UseInlineHandler(context =>
        {
            context.SignOut();
            return default;
        }));
    });

    private static bool Leads(string? address, string path, SimulatorsOptions options) => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.AbsolutePath == path
        && (options.HubAddress is { } hub ? uri.Authority == hub.Authority : uri.IsLoopback);

    private static bool Same(string? given, string wanted) => CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given ?? "")), SHA256.HashData(Encoding.UTF8.GetBytes(wanted)));
}
