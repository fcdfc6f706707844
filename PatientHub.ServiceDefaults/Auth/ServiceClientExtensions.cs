using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;

namespace PatientHub.ServiceDefaults.Auth;

/// <summary>Typed HTTP clients to PatientHub's own services.</summary>
public static class ServiceClientExtensions
{
    /// <summary>
    /// Adds a typed client to another service with this process's token for one scope, and the standard resilience handler
    /// (internal calls that are POSTs by size are reads: they may be retried).
    /// </summary>
    /// <typeparam name="TClient">A class with a constructor that takes <see cref="HttpClient"/>.</typeparam>
    /// <param name="builder">The application's builder.</param>
    /// <param name="service">The service's name as in the AppHost: <c>identity</c>, <c>appointments</c>, <c>letters</c>, <c>notifications</c>, <c>postal</c>.</param>
    /// <param name="scope">One of <see cref="Scopes"/>.</param>
    public static IHttpClientBuilder AddServiceClient<TClient>(this WebApplicationBuilder builder, string service, string scope) where TClient : class
    {
        var client = builder.Services.AddHttpClient<TClient>(http => http.BaseAddress = new Uri($"http://{service}/"));
        client.AddStandardResilienceHandler(resilience =>
        {
            resilience.TotalRequestTimeout.Timeout = TimeSpan.FromSeconds(30);
            resilience.AttemptTimeout.Timeout = TimeSpan.FromSeconds(10);
        });
        client.AddHttpMessageHandler(services => new BearerHandler(services.GetRequiredService<ClientCredentialsTokens>(), scope));
        return client;
    }

    private sealed class BearerHandler(ClientCredentialsTokens tokens, string scope) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await tokens.GetAsync(scope, cancellationToken));
            var response = await base.SendAsync(request, cancellationToken);
            if (response.StatusCode == HttpStatusCode.Unauthorized)
                tokens.Drop(scope);
            return response;
        }
    }
}
