using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PatientHub.Gateway;
using PatientHub.Gateway.Clients;
using PatientHub.Gateway.Edge;
using PatientHub.Gateway.Look;
using PatientHub.Gateway.Session;
using PatientHub.Gateway.Texts;
using PatientHub.ServiceDefaults;

namespace PatientHub.Benchmarks.WholeSystem;

/// <summary>
/// The gateway's own home page, compiled code and layout, with the same three HTTP calls, time-outs and headers, but without session, token and telemetry: the patient is always the same one,
/// nobody looks into Redis, no token is read or renewed, and nothing is traced, counted or limited.
/// </summary>
internal static class BareHomePage
{
    public static WebApplication Build(Uri services)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "PatientHub.Gateway", ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        foreach (var service in (string[])["appointments", "letters", "notifications"])
            builder.Configuration[$"services:{service}:http:0"] = services.ToString();
        builder.Configuration["PublicBaseUrl"] = "http://127.0.0.1";
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http => http.AddServiceDiscovery());
        builder.Services.AddOptions<GatewayOptions>();
        builder.Services.AddSingleton<PublicAddress>();
        builder.Services.AddOptions<TrustOptions>();
        builder.Services.AddOptions<TrustPageOptions>();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<Assets>();
        builder.Services.AddTexts();
        builder.Services.AddHttpContextAccessor();
        // A token that lasts is never renewed: neither Redis nor Identity is asked.
        builder.Services.AddScoped(scope => new CurrentPatient(scope.GetRequiredService<IHttpContextAccessor>(), sessions: null!, tokens: null!, TimeProvider.System));
        builder.AddPatientClient<AppointmentsClient>("appointments");
        builder.AddPatientClient<LettersClient>("letters");
        builder.AddPatientClient<NotificationsClient>("notifications");
        builder.Services.AddRazorPages();
        var app = builder.Build();
        app.UseEdge();
        var now = TimeProvider.System.GetUtcNow();
        var patient = new PatientSession
        {
            PatientId = Guid.CreateVersion7(),
            SessionId = Guid.CreateVersion7(),
            FullName = "Somebody",
            FirstName = "Somebody",
            AccessToken = "none",
            AccessTokenEndsAt = now.AddDays(1),
            StartedAt = now,
        };
        app.Use((http, next) =>
        {
            http.Features.Set(patient);
            return next(http);
        });
        app.MapRazorPages();
        return app;
    }
}
