using System.Globalization;
using System.Net;
using System.Net.Sockets;
using PatientHub.AppHost.Local.Servers;
using PatientHub.Benchmarks.Frame;
using PatientHub.Testing;

namespace PatientHub.Benchmarks.WholeSystem;

/// <summary>A web server beside the system, as a process of its own, so that its CPU time is its own too.</summary>
internal sealed class HelperProcess : IAsyncDisposable
{
    private readonly ChildProcess _child;

    private HelperProcess(string name, ChildProcess child, Uri address) => (_child, Address, Worker) = (child, address, new Worker(name, child.Id));

    public Uri Address { get; }

    public Worker Worker { get; }

    /// <summary>Answers every request at once with a small JSON document.</summary>
    public static Task<HelperProcess> NothingAsync() => OwnAsync("no-op", "nothing");

    /// <summary>YARP with one route and nothing else.</summary>
    public static Task<HelperProcess> BareYarpAsync(string name, Uri to) => OwnAsync(name, "bare-yarp", to.ToString());

    /// <summary>Takes telemetry (OTLP over HTTP) and forgets it.</summary>
    public static Task<HelperProcess> DrainAsync() => OwnAsync("telemetry sink", "drain");

    /// <summary>The home page by itself (<see cref="BareHomePage"/>).</summary>
    public static Task<HelperProcess> BareHomeAsync(Uri services, Dictionary<string, string?> environment) => OwnAsync("bare page", environment, "bare-home", services.ToString());

    /// <summary>Answers what the services answered once, from a folder; behind tokens and with telemetry, as services are, or bare.</summary>
    public static Task<HelperProcess> RecordedAsync(string name, string folder, bool asServices, Dictionary<string, string?> environment) => OwnAsync(name, environment, asServices ? "recorded" : "recorded-bare", folder);

    public static async Task<HelperProcess> StartAsync(string name, ChildCommand command, string health)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        command.Environment["ASPNETCORE_URLS"] = address.GetLeftPart(UriPartial.Authority);
        var child = await ChildProcess.StartAsync(command);
        using var http = new HttpClient { BaseAddress = address };
        await Eventually.True(() => child.HasExited ? throw new InvalidOperationException($"{name} ended:\n{string.Join('\n', child.LastLines)}") : AnswersAsync(http, health),
            $"{name} never answered", TimeSpan.FromMinutes(3));
        return new HelperProcess(name, child, address);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        await _child.StopAsync(Signals.Terminate, TimeSpan.FromSeconds(15));
        _child.Dispose();
    }

    // The server's garbage collection, as web projects have it unless they say otherwise.
    private static Task<HelperProcess> OwnAsync(string name, params string[] arguments) => OwnAsync(name, new() { ["DOTNET_gcServer"] = "1" }, arguments);

    private static Task<HelperProcess> OwnAsync(string name, Dictionary<string, string?> environment, params string[] arguments)
    {
        string[] program = Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet" ? [Environment.ProcessPath!, typeof(HelperProcess).Assembly.Location] : [Environment.ProcessPath!];
        var command = new ChildCommand(program[0], [.. program[1..], HelperServers.Verb, .. arguments]) { Environment = new(environment) };
        return StartAsync(name, command, "/");
    }

    private static async Task<bool> AnswersAsync(HttpClient http, string path)
    {
        try
        {
            using var answer = await http.GetAsync(path);
            return true;
        }
        catch (HttpRequestException)
        {
            return false; // Not yet listening.
        }
    }
}
