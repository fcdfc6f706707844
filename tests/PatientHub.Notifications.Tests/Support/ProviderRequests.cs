using System.Collections.Concurrent;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using PatientHub.Simulators.Tests;

namespace PatientHub.Notifications.Tests.Support;

/// <summary>Every request that came to Twilio and SendGrid, as it came over the wire.</summary>
public sealed class ProviderRequests : IStartupFilter
{
    private readonly ConcurrentQueue<SentRequest> _twilio = new();
    private readonly ConcurrentQueue<SentRequest> _sendGrid = new();

    public IReadOnlyList<SentRequest> Twilio => [.. _twilio];

    public IReadOnlyList<SentRequest> SendGrid => [.. _sendGrid];

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (http, rest) =>
        {
            if (http.Request.Path.StartsWithSegments("/twilio", out var path))
                _twilio.Enqueue(await ReadAsync(http.Request, path));
            else if (http.Request.Path.StartsWithSegments("/sendgrid", out path))
                _sendGrid.Enqueue(await ReadAsync(http.Request, path));
            await rest(http);
        });
        next(app);
    };

    private static async Task<SentRequest> ReadAsync(HttpRequest request, PathString path)
    {
        request.EnableBuffering();
        using var reader = new StreamReader(request.Body, leaveOpen: true);
        var body = await reader.ReadToEndAsync(request.HttpContext.RequestAborted);
        request.Body.Position = 0;
        return new SentRequest(
            request.Method, path, [.. request.Query.SelectMany(pair => pair.Value, (pair, value) => KeyValuePair.Create(pair.Key, value ?? ""))],
            AuthenticationHeaderValue.TryParse(request.Headers[HeaderNames.Authorization], out var authorization) ? authorization.Scheme : null,
            request.GetTypedHeaders().ContentType?.MediaType.Value, body);
    }
}
