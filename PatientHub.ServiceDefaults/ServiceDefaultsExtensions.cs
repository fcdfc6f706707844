using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PatientHub.ServiceDefaults.Auth;
using PatientHub.ServiceDefaults.Http;
using PatientHub.ServiceDefaults.Telemetry;

namespace PatientHub.ServiceDefaults;

/// <summary>What every process of PatientHub has in common: telemetry, health, tokens, errors, redaction, HTTP resilience.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>Registers the defaults. Call it first, before the service's own <c>Add…</c>.</summary>
    /// <param name="builder">The application's builder.</param>
    public static WebApplicationBuilder AddServiceDefaults(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.AddTelemetry();
        builder.AddTokenValidation();

        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddOptions<TrustOptions>().BindConfiguration(TrustOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter());
            json.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip;
            json.SerializerOptions.MaxDepth = 16;
        });

        builder.Services.AddProblemDetails(problem => problem.CustomizeProblemDetails = Problems.Complete);
        builder.Services.AddExceptionHandler<OutageExceptionHandler>();
        // Everywhere as in Development: else a body that cannot be read is answered without a word about what is wrong with it.
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);

        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http =>
        {
            http.AddServiceDiscovery();
            // A redirect could carry a token to another host.
            http.ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) });
        });

        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), ["live"]);
        return builder;
    }

    /// <summary>Adds the error handling, authentication and the health endpoints: <c>/alive</c> (the process runs) and <c>/health</c> (it can do its work).</summary>
    /// <param name="app">The application.</param>
    public static WebApplication MapServiceDefaults(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseMiddleware<CharsetMiddleware>();
        app.UseAuthentication();
        app.UseAuthorization();

        app.MapHealthChecks("/health", new HealthCheckOptions { AllowCachingResponses = false }).AllowAnonymous();
        app.MapHealthChecks("/alive", new HealthCheckOptions { Predicate = check => check.Tags.Contains("live") }).AllowAnonymous();
        return app;
    }
}
