using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PatientHub.Simulators.Tests;

/// <summary>The hub's side of a webhook: takes every call and keeps it.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<Call> calls = new();

    private WebhookReceiver(WebApplication app) => this.app = app;

    public sealed record Call(string Url, IReadOnlyDictionary<string, string> Headers, byte[] Body, IReadOnlyDictionary<string, string> Form);

    public IReadOnlyList<Call> Calls => [.. calls];

    /// <summary>What it answers.</summary>
    public int Answer { get; set; } = 204;

    public string Url(string pathAndQuery) => app.Urls.Single() + pathAndQuery;

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new WebhookReceiver(app);
        app.Run(receiver.TakeAsync);
        await app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        context.Request.EnableBuffering();
        await context.Request.Body.CopyToAsync(body);
        context.Request.Body.Position = 0;
        var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync() : FormCollection.Empty;
        calls.Enqueue(new Call(
            Url($"{context.Request.Path}{context.Request.QueryString}"),
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.ToArray(),
            form.ToDictionary(field => field.Key, field => field.Value.ToString())));
        context.Response.StatusCode = Answer;
    }
}
