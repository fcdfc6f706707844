using System.Net;
using Microsoft.AspNetCore.DataProtection;
using PatientHub.Simulators.Behaviour;
using PatientHub.Simulators.Messages;
using PatientHub.Simulators.Pas;
using PatientHub.Simulators.Print;
using PatientHub.Simulators.SendGrid;
using PatientHub.Simulators.Staff;
using PatientHub.Simulators.Twilio;

namespace PatientHub.Simulators;

/// <summary>
/// The outside world in one process: Twilio, SendGrid, a hospital's PAS, its sign-in for staff, a print house, and a page on which people see what arrived.
/// It speaks the real protocols, so the services use their real adapters against it. Development only, loopback only.
/// </summary>
public static class SimulatorsApp
{
    /// <summary>Builds the process from the command line and environment, as the AppHost starts it.</summary>
    public static WebApplication Build(params string[] args) => Build(new WebApplicationOptions
    {
        Args = args,
        ApplicationName = typeof(SimulatorsApp).Assembly.GetName().Name,
    });

    /// <summary>Builds it inside another process (tests); <see cref="RunningSimulators"/> also starts it.</summary>
    public static WebApplication Build(WebApplicationOptions hosting, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(hosting);
        configure?.Invoke(builder);

        if (!builder.Environment.IsDevelopment())
            throw new SimulatorsRefusedException($"The simulators run in the environment Development only, not in {builder.Environment.EnvironmentName}.");

        builder.WebHost.UseUrls(LoopbackUrls(builder.Configuration));
        builder.AddSimulators(SimulatorsOptions.From(builder.Configuration));
        var app = builder.Build();
        app.MapSimulators();
        return app;
    }

    private static void AddSimulators(this WebApplicationBuilder builder, SimulatorsOptions options)
    {
        // Request lines carry numbers and addresses (`/phone/+4477…`): they stay out of the logs, here as everywhere.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("System.Net.Http.HttpClient", LogLevel.Warning)
            .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);

        var services = builder.Services;
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<MessageBook>();
        services.AddSingleton<BehaviourBook>();
        services.AddSingleton<MessageLives>();
        services.AddSingleton<TwilioPermits>();
        services.AddSingleton<TwilioCallbacks>();
        services.AddSingleton<SendGridEvents>();
        services.AddHttpClient(MessageLives.HttpClientName, client => client.Timeout = TimeSpan.FromSeconds(15))
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false });
        services.AddHttpClient(HubClient.HttpClientName, client => client.Timeout = TimeSpan.FromSeconds(30))
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false });

        services.AddSingleton<PasRegister>();
        services.AddSingleton<FeedBook>();
        services.AddSingleton<HubClient>();
        services.AddSingleton<PasFeed>();
        services.AddHostedService<PasFeedWorker>();

        services.ConfigureHttpJsonOptions(json => SimulatorsJson.Configure(json.SerializerOptions));
        services.AddSingleton<PrintHouse>();
        services.AddSingleton<PrintFloor>();
        services.AddHostedService(provider => provider.GetRequiredService<PrintFloor>());
        services.AddRazorPages();
        services.AddStaffProvider(options);
        services.AddDataProtection().AddKeyManagementOptions(keys => keys.XmlRepository = new KeysInMemory()); // only for the forms of the people's pages
        services.AddHealthChecks();
    }

    private static void MapSimulators(this WebApplication app)
    {
        app.Use(RefuseStrangers);
        app.UseAuthentication();
        app.MapHealthChecks("/health");
        app.MapTwilio();
        app.MapSendGrid();
        app.MapMessages();
        app.MapBehaviour();
        app.MapPas();
        app.MapPrint();
        app.MapRazorPages();
        app.MapGet("/phone.css", () => Results.Stream(typeof(SimulatorsApp).Assembly.GetManifestResourceStream("phone.css")!, "text/css"));
    }

    /// <summary>Nothing here is protected against people on a network, so nothing may be reachable from one.</summary>
    private static string[] LoopbackUrls(IConfiguration configuration)
    {
        var configured = configuration["Urls"] is { Length: > 0 } urls ? urls : "http://127.0.0.1:0";
        var addresses = configured.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var address in addresses)
        {
            var parsed = BindingAddress.Parse(address);
            if (parsed.Host != "localhost" && !(IPAddress.TryParse(parsed.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip)))
                throw new SimulatorsRefusedException($"The simulators listen on loopback only, not on {address}.");
        }

        return addresses;
    }

    // A second lock on the same door: Kestrel can be told to listen elsewhere by settings that LoopbackUrls does not read.
    private static Task RefuseStrangers(HttpContext context, RequestDelegate next)
    {
        if (context.Connection.RemoteIpAddress is { } caller && !IPAddress.IsLoopback(caller))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }

        return next(context);
    }
}
