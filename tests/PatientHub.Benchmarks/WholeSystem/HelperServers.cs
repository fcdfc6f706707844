using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;

namespace PatientHub.Benchmarks.WholeSystem;

/// <summary>What this program is when <see cref="HelperProcess"/> starts it.</summary>
internal static class HelperServers
{
    public const string Verb = "serve";

    private static readonly byte[] Document = "{\"messages\":[],\"text\":\"A document of a few hundred bytes, as most answers are.................................................................\"}"u8.ToArray();

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is ["bare-home" or "recorded" or "recorded-bare", var of])
        {
            await (arguments[0] == "bare-home" ? BareHomePage.Build(new Uri(of)) : RecordedServices.Build(of, asServices: arguments[0] == "recorded")).RunAsync();
            return 0;
        }
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (arguments is ["bare-yarp", var to])
            builder.Services.AddReverseProxy().LoadFromMemory(
                [new RouteConfig { RouteId = "all", ClusterId = "to", Match = new RouteMatch { Path = "{**rest}" } }],
                [new ClusterConfig { ClusterId = "to", Destinations = new Dictionary<string, DestinationConfig> { ["to"] = new() { Address = to } } }]);
        var app = builder.Build();
        switch (arguments)
        {
            case ["bare-yarp", _]:
                app.MapReverseProxy();
                break;
            case ["nothing"]:
                app.Run(http =>
                {
                    http.Response.ContentType = "application/json";
                    http.Response.ContentLength = Document.Length;
                    return http.Response.Body.WriteAsync(Document).AsTask();
                });
                break;
            case ["drain"]:
                app.Run(async http =>
                {
                    await http.Request.Body.CopyToAsync(Stream.Null);
                    http.Response.ContentType = "application/x-protobuf";
                });
                break;
            default:
                throw new ArgumentException($"No such server: {string.Join(' ', arguments)}");
        }
        await app.RunAsync();
        return 0;
    }
}
