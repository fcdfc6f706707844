using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PatientHub.AppHost.Local.Servers;

namespace PatientHub.Gateway.Tests.Support;

/// <summary>A request as a service got it.</summary>
public sealed record Seen(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>One service behind the gateway, over HTTP on a port of its own: what it answers is set by the test, what it was asked is kept.</summary>
public class StubService : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Func<HttpContext, Task<IResult>>> _routes = new();
    private WebApplication? _app;

    public int Port { get; } = FreePort.Next();

    public string Address => $"http://127.0.0.1:{Port}";

    public ConcurrentQueue<Seen> Requests { get; } = new();

    /// <summary>Key: <c>"GET /api/me"</c>; <c>"PUT /acts/*"</c> is whatever begins like that.</summary>
    public void On(string methodAndPath, Func<HttpContext, Task<IResult>> answer) => _routes[methodAndPath] = answer;

    public void On(string methodAndPath, Func<IResult> answer) => On(methodAndPath, _ => Task.FromResult(answer()));

    public void On(string methodAndPath, object json) => On(methodAndPath, () => Results.Json(json));

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(Address);
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Run(async http =>
        {
            http.Request.EnableBuffering();
            using var reader = new StreamReader(http.Request.Body, Encoding.UTF8, leaveOpen: true);
            var body = await reader.ReadToEndAsync();
            http.Request.Body.Position = 0;
            var headers = http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
            Requests.Enqueue(new Seen(http.Request.Method, http.Request.Path, headers, body));
            var asked = $"{http.Request.Method} {http.Request.Path}";
            var answer = _routes.GetValueOrDefault(asked) ?? _routes.FirstOrDefault(route => route.Key.EndsWith('*') && asked.StartsWith(route.Key[..^1], StringComparison.Ordinal)).Value;
            var result = answer is null ? Results.Problem(statusCode: 404) : await answer(http);
            await result.ExecuteAsync(http);
        });
        await _app.StartAsync();
    }

    public async Task StopAsync()
    {
        if (_app is null)
            return;
        await _app.DisposeAsync();
        _app = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        GC.SuppressFinalize(this);
    }
}
