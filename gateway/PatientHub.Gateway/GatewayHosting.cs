using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;
using PatientHub.Gateway.Clients;
using PatientHub.Gateway.Consumers;
using PatientHub.Gateway.Edge;
using PatientHub.Gateway.Look;
using PatientHub.Gateway.Proxy;
using PatientHub.Gateway.Session;
using PatientHub.Gateway.Staff;
using PatientHub.Gateway.Texts;
using PatientHub.Identity.Contracts;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults;
using PatientHub.ServiceDefaults.Auth;

namespace PatientHub.Gateway;

/// <summary>The gateway's only registration file.</summary>
public static class GatewayHosting
{
    private const long LargestForm = 64 * 1024;

    /// <summary>Pages, styles and scripts lie beside the assembly, wherever the process was started.</summary>
    public static WebApplicationOptions Options(string[] args) => new() { Args = args, ApplicationName = "PatientHub.Gateway", ContentRootPath = AppContext.BaseDirectory };

    public static WebApplicationBuilder AddGateway(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<GatewayOptions>().BindConfiguration(GatewayOptions.Section);
        services.AddOptions<LimitOptions>().BindConfiguration(LimitOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<TrustPageOptions>().BindConfiguration(TrustPageOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TrustPageOptions>, TrustPageValidation>();
        services.AddSingleton<Assets>();
        services.AddSingleton<PublicAddress>();
        builder.AddListeners();
        services.AddTexts();
        builder.AddSessions();
        builder.AddClients();
        builder.AddProxy();
        builder.AddMessagingWithoutDatabase("gateway", bus => bus.Consumes<SessionsEnded, SessionsEndedConsumer>());

        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, SessionAuthenticationHandler>(SessionAuthenticationHandler.SchemeName, null);
        services.AddAuthorizationBuilder().AddPolicy(SessionAuthenticationHandler.Policy,
            policy => policy.AddAuthenticationSchemes(SessionAuthenticationHandler.SchemeName).RequireAuthenticatedUser());
        builder.AddStaff();
        services.AddRazorPages(pages =>
        {
            pages.Conventions.AddFolderApplicationModelConvention("/", page => page.EndpointMetadata.Add(new AuthorizeAttribute(StaffHosting.IsStaffs(page) ? StaffHosting.Policy : SessionAuthenticationHandler.Policy)));
            pages.UseStaff(builder.Configuration);
            foreach (var open in (string[])["/Index", "/Language", "/Link", "/Session/Keep", "/SignedOut", "/SignOut", "/Switch"])
                pages.Conventions.AllowAnonymousToPage(open);
            foreach (var open in (string[])["/SignIn", "/Help", "/NotForMe"])
                pages.Conventions.AllowAnonymousToFolder(open);
        }).AddMvcOptions(mvc =>
        {
            mvc.Filters.Add<HandlerFilter>();
            mvc.Filters.Add<KeptAnswersFilter>();
            // jQuery's spelling of names is nothing that our forms have, and its reader throws at a bracket that is not closed.
            mvc.ValueProviderFactories.RemoveType<JQueryFormValueProviderFactory>();
            mvc.ValueProviderFactories.RemoveType<JQueryQueryStringValueProviderFactory>();
        });
        services.Configure<RouteOptions>(routes => routes.LowercaseUrls = true);
        services.AddAntiforgery(antiForgery =>
        {
            antiForgery.Cookie.Name = Cookies.AntiForgery;
            antiForgery.Cookie.HttpOnly = true;
            antiForgery.Cookie.Path = "/";
            antiForgery.Cookie.SameSite = SameSiteMode.Lax;
            antiForgery.Cookie.SecurePolicy = CookieSecurePolicy.Always;
            antiForgery.SuppressXFrameOptionsHeader = true;
        });
        services.Insert(0, ServiceDescriptor.Singleton<IProblemDetailsWriter, HtmlProblems>());
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<LimitOptions>>(RateLimits.Configure);
        return builder;
    }

    /// <summary>What comes before everything else, for every request.</summary>
    public static void UseEdge(this WebApplication app)
    {
        // Without a known proxy the middleware would believe everybody, so it is not there at all.
        if (app.Services.GetRequiredService<IOptions<GatewayOptions>>().Value.TrustedProxies is { Length: > 0 } proxies)
        {
            var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor, ForwardLimit = null };
            forwarded.KnownIPNetworks.Clear();
            forwarded.KnownProxies.Clear();
            foreach (var proxy in proxies)
                forwarded.KnownProxies.Add(IPAddress.Parse(proxy));
            app.UseForwardedHeaders(forwarded);
        }
        app.UseMiddleware<PublicAddressMiddleware>();
        app.UseMiddleware<SecurityHeadersMiddleware>();
        app.UseTexts();
        // Pages are never compressed: a compressed page with a secret and a typed word in it gives away the secret.
        app.UseMiddleware<AssetsMiddleware>();
        app.UseRouting();
        app.UseMiddleware<DoorsMiddleware>();
    }

    public static void MapGateway(this WebApplication app)
    {
        app.UseMiddleware<SessionEndedMiddleware>();
        app.UseRateLimiter();
        app.UseMiddleware<FetchMetadataMiddleware>();
        app.Use((http, next) =>
        {
            // Said before anything is read; without a length Kestrel's own limit cuts the body off.
            if (http.Request.ContentLength > LargestForm && http.GetEndpoint()?.Metadata.GetMetadata<PageActionDescriptor>() is not null)
                throw new BadHttpRequestException("The form is too large.", StatusCodes.Status413PayloadTooLarge);
            return next(http);
        });
        app.MapRazorPages();
        app.MapProxy();
    }

    private static void AddListeners(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = LargestForm;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        });
        var options = builder.Configuration.GetSection(GatewayOptions.Section).Get<GatewayOptions>();
        if ((options?.MachineUrl?.Port ?? options?.MachinePort) is not { } port)
            return;
        var urls = (builder.WebHost.GetSetting(WebHostDefaults.ServerUrlsKey) ?? "http://127.0.0.1:5080").Split(';', StringSplitOptions.RemoveEmptyEntries);
        if (urls.Any(url => BindingAddress.Parse(url).Port == port))
            return;
        var machine = options?.MachineUrl?.GetLeftPart(UriPartial.Authority) ?? $"http://{BindingAddress.Parse(urls[0]).Host}:{port}";
        builder.WebHost.UseUrls([.. urls, machine]);
    }

    private static void AddClients(this WebApplicationBuilder builder)
    {
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddScoped<CurrentPatient>();
        builder.AddServiceClient<IdentitySignInClient>("identity", Scopes.SignIn);
        builder.AddServiceClient<IdentitySessionClient>("identity", Scopes.Session);
        // A repeated try of a code would count twice.
        builder.Services.Configure<HttpStandardResilienceOptions>($"{nameof(IdentitySignInClient)}-standard", resilience => resilience.Retry.DisableForUnsafeHttpMethods());
        builder.Services.AddScoped<SignInFlow>();
        builder.Services.AddScoped<SigningOut>();
        builder.AddPatientClient<IdentityClient>("identity");
        builder.AddPatientClient<AppointmentsClient>("appointments");
        builder.AddPatientClient<LettersClient>("letters");
        builder.AddPatientClient<LetterFilesClient>("letters", TimeSpan.FromSeconds(20));
        builder.AddPatientClient<PostClient>("postal");
        builder.AddPatientClient<NotificationsClient>("notifications");
        builder.AddPatientClient<PatientTokens>("identity")
            .ConfigureHttpClient((services, http) => http.BaseAddress = services.GetRequiredService<IOptions<AuthOptions>>().Value.Authority ?? http.BaseAddress);
    }

    /// <summary>A patient waits for the answer: short time-outs, reads tried again once, decisions never repeated; a slow service opens its circuit and leaves the others alone.</summary>
    internal static IHttpClientBuilder AddPatientClient<TClient>(this WebApplicationBuilder builder, string service, TimeSpan? patience = null) where TClient : class
    {
        var client = builder.Services.AddHttpClient<TClient>(http => http.BaseAddress = new Uri($"http://{service}/"));
        client.AddStandardResilienceHandler(resilience =>
        {
            resilience.AttemptTimeout.Timeout = patience ?? TimeSpan.FromSeconds(4);
            // What failed at once is tried again; what was slow is not: nobody waits for a page longer than five seconds.
            resilience.TotalRequestTimeout.Timeout = resilience.AttemptTimeout.Timeout + TimeSpan.FromMilliseconds(500);
            resilience.Retry.MaxRetryAttempts = 1;
            resilience.Retry.Delay = TimeSpan.FromMilliseconds(100);
            resilience.Retry.DisableForUnsafeHttpMethods();
            resilience.CircuitBreaker.SamplingDuration = 3 * resilience.AttemptTimeout.Timeout;
        });
        return client;
    }
}
