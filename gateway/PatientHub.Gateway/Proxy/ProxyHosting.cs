using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Primitives;
using PatientHub.Gateway.Session;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms;

namespace PatientHub.Gateway.Proxy;

/// <summary>YARP: <see cref="Routes"/> to the services' addresses, with an allow-list of headers too.</summary>
internal static class ProxyHosting
{
    // Everything else a client sends stays outside: X-Forwarded-*, cookies, and whatever might once be taken for an identity.
    private static readonly string[] PassedHeaders =
    [
        "Accept", "Accept-Language", "Authorization", "Content-Encoding", "Content-Language", "Content-Length", "Content-Type", "Idempotency-Key", "If-Match", "If-Modified-Since",
        "If-None-Match", "Prefer", "Range", "Sec-Purpose", "User-Agent", "X-Correlation-ID", "X-Request-ID",
        "X-Twilio-Signature", "X-Twilio-Email-Event-Webhook-Signature", "X-Twilio-Email-Event-Webhook-Timestamp",
    ];

    public static void AddProxy(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IdempotencyKeys>();
        var clusters = Routes.All.Select(route => route.ClusterId!).Distinct().Select(service => new ClusterConfig
        {
            ClusterId = service,
            Destinations = new Dictionary<string, DestinationConfig> { [service] = new() { Address = AddressOf(builder.Configuration, service) } },
            HttpRequest = new ForwarderRequestConfig { ActivityTimeout = TimeSpan.FromSeconds(30) },
        });
        builder.Services.AddReverseProxy().LoadFromMemory(Routes.All, [.. clusters]).AddTransforms(transforms =>
        {
            // A calendar that asks for a link which is dead gets the status; a person who opens it in a browser gets a page that says what to do.
            if (transforms.Route.RouteId == "calendar-feed")
                transforms.AddResponseTransform(async response =>
                {
                    var http = response.HttpContext;
                    if (http.Response.StatusCode < 400 || !http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal))
                        return;
                    response.SuppressResponseBody = true;
                    http.Response.Headers.ContentLength = null;
                    http.Response.Headers.ContentType = StringValues.Empty;
                    await http.RequestServices.GetRequiredService<IProblemDetailsService>().TryWriteAsync(new ProblemDetailsContext { HttpContext = http, ProblemDetails = { Status = http.Response.StatusCode } });
                });
            transforms.CopyRequestHeaders = false;
            transforms.UseDefaultForwarders = false;
            transforms.AddRequestTransform(async request =>
            {
                foreach (var name in PassedHeaders)
                    // What is not ASCII cannot be sent on: the whole request would fail for it.
                    if (request.HttpContext.Request.Headers.TryGetValue(name, out var values) && values.All(value => Ascii.IsValid(value)))
                        RequestTransform.AddHeader(request, name, values);
                if (request.HttpContext.Features.Get<PatientSession>() is not null)
                {
                    var patient = request.HttpContext.RequestServices.GetRequiredService<CurrentPatient>();
                    request.ProxyRequest.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await patient.AccessTokenAsync(request.CancellationToken));
                }
            });
        });
    }

    /// <summary>Before forwarding <c>/api/me</c>: a session cookie counts only together with the anti-forgery header, for reading too, because reading a letter opens it.</summary>
    public static void MapProxy(this WebApplication app) => app.MapReverseProxy(proxy => proxy.Use(async (http, next) =>
    {
        if (http.Request.Path.StartsWithSegments("/api/me") && !http.Request.Headers.ContainsKey("Authorization") && http.Request.Cookies.ContainsKey(Cookies.Session))
        {
            var signedIn = await http.AuthenticateAsync(SessionAuthenticationHandler.SchemeName);
            if (!signedIn.Succeeded)
            {
                http.Response.StatusCode = StatusCodes.Status401Unauthorized;
                return;
            }
            http.User = signedIn.Principal;
            var site = http.Request.Headers["Sec-Fetch-Site"].ToString();
            if (site is not ("" or "same-origin") || !await http.RequestServices.GetRequiredService<IAntiforgery>().IsValidAsync(http))
            {
                http.Response.StatusCode = StatusCodes.Status403Forbidden;
                return;
            }
        }
        if (http.Request.Path.StartsWithSegments("/api/me") && await http.RequestServices.GetRequiredService<IdempotencyKeys>().IsTakenAsync(http))
        {
            http.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return;
        }
        await next();
    }));

    private static async Task<bool> IsValidAsync(this IAntiforgery antiforgery, HttpContext http)
    {
        try
        {
            await antiforgery.ValidateRequestAsync(http);
            return true;
        }
        catch (AntiforgeryValidationException)
        {
            return false; // IsRequestValidAsync would let every GET through.
        }
    }

    /// <summary>As service discovery has it; else the service's own name, which a cluster's DNS knows.</summary>
    private static string AddressOf(IConfiguration configuration, string service) => configuration[$"services:{service}:http:0"] is { Length: > 0 } address ? address : $"http://{service}";
}
