using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace PatientHub.ServiceDefaults.Auth;

internal static class TokenValidationExtensions
{
    public static void AddTokenValidation(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<AuthOptions>().BindConfiguration(AuthOptions.Section)
            .PostConfigure<IConfiguration>((auth, configuration) => auth.Authority ??= configuration["services:identity:http:0"] is { Length: > 0 } identity ? new Uri(identity) : null);
        builder.Services.AddSingleton<ClientCredentialsTokens>();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(services => new ValidatedTokens(services.GetRequiredService<TimeProvider>()) { MapInboundClaims = false });
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        builder.Services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme).Configure<IOptions<AuthOptions>, ValidatedTokens>((jwt, auth, tokens) =>
        {
            jwt.TokenHandlers.Clear();
            jwt.TokenHandlers.Add(tokens);
            // Inside the cluster Identity speaks plain http, as every service does; its address is configuration, never taken from a request.
            jwt.RequireHttpsMetadata = false;
            if (auth.Value.Authority is { } authority)
                jwt.MetadataAddress = new Uri(authority, "/.well-known/openid-configuration").ToString();
            jwt.RefreshInterval = TimeSpan.FromSeconds(30);
            jwt.TokenValidationParameters.ValidIssuer = auth.Value.Issuer;
            jwt.TokenValidationParameters.ValidAudience = AuthOptions.Audience;
            jwt.TokenValidationParameters.ValidTypes = ["at+jwt"];
            jwt.TokenValidationParameters.ValidAlgorithms = ["ES256"];
            jwt.TokenValidationParameters.ClockSkew = TimeSpan.FromSeconds(5);
            jwt.TokenValidationParameters.NameClaimType = "sub";
        });
        builder.Services.AddAuthorization(Policies.Register);
    }
}
