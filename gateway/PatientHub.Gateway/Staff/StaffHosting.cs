using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using PatientHub.Gateway.Clients;
using PatientHub.Gateway.Edge;
using PatientHub.Gateway.Session;
using PatientHub.ServiceDefaults.Auth;
using Polly.CircuitBreaker;
using Polly.Timeout;
using StackExchange.Redis;

namespace PatientHub.Gateway.Staff;

/// <summary>
/// The desk: pages below <c>/staff</c> behind the hospital's own sign-in (OpenID Connect, authorization code with PKCE), with a cookie and sessions of their own. A patient's session
/// opens nothing here, and the other way round.
/// </summary>
internal static class StaffHosting
{
    /// <summary>Policy of the desk's pages: signed in, with a role at the desk.</summary>
    public const string Policy = "at-the-desk";

    /// <summary>Claim with the role at the desk, as this process names it, whatever the provider calls it.</summary>
    public const string RoleClaim = "desk-role";

    public const string Agent = "agent";
    public const string Supervisor = "supervisor";
    /// <summary>Scheme of the desk's sessions, and type of the identity that they give.</summary>
    public const string Cookie = "Staff";

    private const string Provider = "StaffProvider";

    public static bool IsStaffs(PageApplicationModel page) => page.ViewEnginePath.StartsWith("/Staff/", StringComparison.Ordinal);

    public static void AddStaff(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<StaffOptions>().BindConfiguration(StaffOptions.Section).ValidateDataAnnotations()
            .Validate(staff => staff.Authority is null || staff is { ClientId.Length: > 0, ClientSecret.Length: > 0 }, "Staff:Authority needs Staff:ClientId and Staff:ClientSecret.")
            .Validate(staff => staff.Authority is null || staff.Authority.Scheme == Uri.UriSchemeHttps || staff.Authority.IsLoopback, "Staff:Authority must be https, except on loopback.")
            .ValidateOnStart();
        if (!IsThere(builder.Configuration))
            return;
        services.AddSingleton<StaffSessions>();
        services.AddScoped<CurrentStaff>();
        services.AddAuthentication().AddCookie(Cookie).AddOpenIdConnect(Provider, _ => { });
        services.AddOptions<CookieAuthenticationOptions>(Cookie).Configure<StaffSessions, IOptions<StaffOptions>>(UseCookie);
        services.AddOptions<OpenIdConnectOptions>(Provider).Configure<PublicAddress, IOptions<StaffOptions>>(UseProvider);
        services.AddAuthorizationBuilder().AddPolicy(Policy, policy => policy.AddAuthenticationSchemes(Cookie).RequireClaim(RoleClaim, Agent, Supervisor));
        builder.AddPatientClient<StaffTokens>("identity")
            .ConfigureHttpClient((provider, http) => http.BaseAddress = provider.GetRequiredService<IOptions<AuthOptions>>().Value.Authority ?? http.BaseAddress);
        builder.AddPatientClient<DeskClient>("appointments");
        builder.AddPatientClient<DeskPatientsClient>("identity");
        builder.AddPatientClient<DeskMessagesClient>("notifications");
        builder.AddPatientClient<DeskPostClient>("postal");
    }

    /// <summary>Without a provider nobody could sign in: then the pages are not there.</summary>
    public static void UseStaff(this Microsoft.AspNetCore.Mvc.RazorPages.RazorPagesOptions pages, IConfiguration configuration)
    {
        if (!IsThere(configuration))
        {
            pages.Conventions.AddFolderRouteModelConvention("/Staff", page => page.Selectors.Clear());
            return;
        }
        foreach (var open in (string[])["/Staff/SignedOut", "/Staff/NoAccess", "/Staff/SignOut"])
            pages.Conventions.AllowAnonymousToPage(open);
    }

    public static Task SignOutAsync(HttpContext http) => http.SignOutAsync(Cookie);

    private static bool IsThere(IConfiguration configuration) => configuration[$"{StaffOptions.Section}:Authority"] is { Length: > 0 };

    private static void UseCookie(CookieAuthenticationOptions cookie, StaffSessions sessions, IOptions<StaffOptions> options)
    {
        cookie.Cookie = new CookieBuilder { Name = Cookies.Staff, HttpOnly = true, SecurePolicy = CookieSecurePolicy.Always, SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true };
        cookie.SessionStore = sessions;
        // The idle time is the store's; this is the end in any case.
        cookie.ExpireTimeSpan = options.Value.Longest;
        cookie.SlidingExpiration = false;
        cookie.Events.OnRedirectToAccessDenied = context => SeeOther(context.Response, "/staff/no-access");
        // A form's way leads to no other site (Content-Security-Policy, form-action): who was too slow reads that it was not sent, and signs in from there.
        cookie.Events.OnRedirectToLogin = context => HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)
            ? LeadAsync(context.HttpContext)
            : KeepAsync(context.HttpContext);
    }

    /// <summary>What was typed when the time was up waits for the person who typed it.</summary>
    private static async Task KeepAsync(HttpContext http)
    {
        var kept = false;
        if (http.Features.Get<StaffBefore>() is { } before && http.Request.HasFormContentType && http.GetEndpoint()?.Metadata.GetMetadata<PageActionDescriptor>() is not null)
        {
            try
            {
                kept = await http.RequestServices.GetRequiredService<KeptAnswers>().KeepAtDeskAsync(http, PathOf(http.Request), IdentityOf(before.Sub));
            }
            catch (Exception fault) when (fault is InvalidDataException or IOException or RedisException or TimeoutException)
            {
                // A form that cannot be read, or nowhere to keep it.
            }
        }
        await SeeOther(http.Response, kept ? "/staff/signed-out?why=kept" : "/staff/signed-out?why=unsent");
    }

    /// <summary>The page on which the form stands: its address without the button that was pressed and without the last outcome.</summary>
    private static string PathOf(HttpRequest request) =>
        request.Path + QueryString.Create(request.Query.Where(part => part.Key is not ("handler" or "did" or "why")).SelectMany(part => part.Value, (part, value) => KeyValuePair.Create(part.Key, value)));

    private static ClaimsIdentity IdentityOf(string sub) => new([new Claim("sub", sub)], Cookie, "name", RoleClaim);

    private static async Task LeadAsync(HttpContext http)
    {
        try
        {
            await http.ChallengeAsync(Provider, new AuthenticationProperties { RedirectUri = http.Request.Path + http.Request.QueryString });
        }
        catch (Exception fault) when (fault is InvalidOperationException or HttpRequestException or IOException && !http.Response.HasStarted)
        {
            // The provider cannot be reached: its own addresses are not known.
            await SeeOther(http.Response, "/staff/signed-out?why=failed");
        }
    }

    private static void UseProvider(OpenIdConnectOptions oidc, PublicAddress address, IOptions<StaffOptions> options)
    {
        var staff = options.Value;
        oidc.Authority = staff.Authority!.ToString();
        oidc.RequireHttpsMetadata = !staff.Authority.IsLoopback;
        (oidc.ClientId, oidc.ClientSecret) = (staff.ClientId, staff.ClientSecret);
        oidc.ResponseType = OpenIdConnectResponseType.Code;
        // The answer comes as a GET: a form from another site would be refused here.
        oidc.ResponseMode = OpenIdConnectResponseMode.Query;
        oidc.UsePkce = true;
        oidc.SignInScheme = Cookie;
        oidc.CallbackPath = "/staff/signed-in";
        oidc.MapInboundClaims = false;
        oidc.SaveTokens = false;
        oidc.Scope.Clear();
        foreach (var scope in staff.Scopes)
            oidc.Scope.Add(scope);
        foreach (var (cookie, name) in new[] { (oidc.CorrelationCookie, "correlation"), (oidc.NonceCookie, "nonce") })
            (cookie.Name, cookie.Path, cookie.SameSite, cookie.SecurePolicy) = ($"{Cookies.Staff}-{name}.", "/", SameSiteMode.Lax, CookieSecurePolicy.Always);
        oidc.Events.OnRedirectToIdentityProvider = context =>
        {
            // The hub's own address is configuration; requests count as https even where it is plain http on loopback.
            context.ProtocolMessage.RedirectUri = new Uri(address.BaseUrl, "staff/signed-in").ToString();
            // On a shared desk the next person must not be signed in as the last one.
            context.ProtocolMessage.Prompt = OpenIdConnectPrompt.Login;
            return Task.CompletedTask;
        };
        oidc.Events.OnTokenValidated = context =>
        {
            context.Principal = PersonOf(context.Principal!, staff);
            return Task.CompletedTask;
        };
        oidc.Events.OnTicketReceived = async context =>
        {
            try
            {
                await context.HttpContext.RequestServices.GetRequiredService<CurrentStaff>().BeginAsync(context.Principal!, context.HttpContext.RequestAborted);
            }
            catch (Exception fault) when (fault is HttpRequestException or TimeoutRejectedException or BrokenCircuitException)
            {
                // What is not recorded does not begin.
                context.HandleResponse();
                await SeeOther(context.Response, "/staff/signed-out?why=failed");
            }
        };
        oidc.Events.OnRemoteFailure = context =>
        {
            context.HandleResponse();
            return SeeOther(context.Response, "/staff/signed-out?why=failed");
        };
    }

    /// <summary>Three claims are all that the session keeps.</summary>
    private static ClaimsPrincipal PersonOf(ClaimsPrincipal signedIn, StaffOptions staff)
    {
        var identity = IdentityOf(signedIn.FindFirst("sub")?.Value ?? throw new AuthenticationFailureException("The provider names nobody."));
        identity.AddClaim(new Claim("name", signedIn.FindFirst(staff.NameClaim)?.Value is { Length: > 0 } name ? name[..Math.Min(name.Length, 100)] : "Unnamed"));
        var roles = signedIn.FindAll(staff.RoleClaim).Select(role => role.Value).ToHashSet();
        if (roles.Contains(staff.SupervisorRole))
            identity.AddClaim(new Claim(RoleClaim, Supervisor));
        else if (roles.Contains(staff.AgentRole))
            identity.AddClaim(new Claim(RoleClaim, Agent));
        return new ClaimsPrincipal(identity);
    }

    private static Task SeeOther(HttpResponse response, string path)
    {
        response.StatusCode = StatusCodes.Status303SeeOther;
        response.Headers.Location = path;
        return Task.CompletedTask;
    }
}
