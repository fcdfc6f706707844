using System.Globalization;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using PatientHub.AppHost.Local.Engine;
using PatientHub.AppHost.Local.Servers;
using PatientHub.Fhir;
using PatientHub.Testing;

namespace PatientHub.Proving.Rig;

/// <summary>
/// The whole system as README starts it, as a child process with empty data, and what can be done to it from outside: addresses, proxies, signals.
/// Nothing of it outlives <see cref="DisposeAsync"/>, nor the kill of this process.
/// </summary>
public sealed class HubUnderTest : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(90);

    private readonly HubOptions _options;
    private readonly InstancePlace _place = InstancePlace.Take();
    private readonly StreamWriter? _console;
    private readonly Dictionary<string, TcpProxy> _proxies = [];
    private ChildProcess? _local;

    private HubUnderTest(HubOptions options)
    {
        _options = options;
        _console = options.ConsoleFile is { } path ? new StreamWriter(path) { AutoFlush = true } : null;
        Processes = new ProcessFaults(this);
    }

    /// <summary>Addresses, connection strings (always the real ones), process ids, secrets: as they are now.</summary>
    public ReadyReport Ready => ReadyReport.FromJson(File.ReadAllText(_place.ReadyFile));

    /// <summary>kill -9, SIGSTOP, SIGCONT, SIGTERM by resource name.</summary>
    public ProcessFaults Processes { get; }

    /// <summary>How it was started.</summary>
    public HubOptions Options => _options;

    /// <summary>By the names of <see cref="HubOptions.Proxied"/>.</summary>
    public IReadOnlyDictionary<string, TcpProxy> Proxies => _proxies;

    /// <summary>The patients' door; through its proxy if it has one.</summary>
    public Uri PublicUri { get; private set; } = null!;

    /// <summary>The machines' door: tokens, FHIR, settings.</summary>
    public Uri MachineUri { get; private set; } = null!;

    /// <summary>The outside world's own API: messages, print, behaviour, feed.</summary>
    public HttpClient Simulators { get; } = new();

    /// <summary>Our ids of what the PAS calls by its own.</summary>
    public SourceIds Ids { get; private set; } = null!;

    public string LogFolder => Path.Combine(Ready.DataFolder, "logs");

    public static async Task<HubUnderTest> StartAsync(HubOptions? options = null)
    {
        var hub = new HubUnderTest(options ?? new HubOptions());
        try
        {
            await hub.StartAsync();
            return hub;
        }
        catch
        {
            await hub.DisposeAsync();
            throw;
        }
    }

    /// <summary>What the process of that name has written to its console.</summary>
    public string LogOf(string resource)
    {
        using var file = new FileStream(Path.Combine(LogFolder, resource + ".log"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }

    /// <summary>The last lines of all processes, for a failure.</summary>
    public string Tail() => string.Join('\n', _local?.LastLines.TakeLast(60) ?? []);

    /// <summary>For Npgsql, StackExchange.Redis or RabbitMQ.Client: never through a proxy.</summary>
    public string ConnectionString(string resource) => Ready.Resources[resource].ConnectionString ?? throw new ArgumentException($"'{resource}' has no connection string.", nameof(resource));

    /// <summary>A resource's real address.</summary>
    public Uri Address(string resource, string door = "http") => new(Ready.Resources[resource].Urls![door]);

    public async Task<IReadOnlyList<SeenMessage>> MessagesAsync(string to) =>
        [.. (await Simulators.GetFromJsonAsync<List<SeenMessage>>($"/api/messages?to={Uri.EscapeDataString(to)}", JsonSerializerOptions.Web))!.OrderBy(message => message.CreatedAt)];

    /// <summary>Scripts a number, an address, <c>texts</c> or <c>emails</c>: the words are the simulators' (Behaviour/Behaves.cs).</summary>
    public async Task BehaveAsync(string destination, string behaves, int? times = null)
    {
        using var set = await Simulators.PutAsJsonAsync($"/api/behaviour/{Uri.EscapeDataString(destination)}", new { behaves, times });
        set.EnsureSuccessStatusCode();
    }

    /// <summary>The providers behave well again: one destination, or all.</summary>
    public async Task BehaveWellAsync(string? destination = null)
    {
        using var cleared = await Simulators.DeleteAsync($"/api/behaviour/{(destination is null ? "" : Uri.EscapeDataString(destination))}");
        cleared.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        if (_local is { } local)
        {
            Processes.ResumeAll();
            // As Ctrl-C: Local stops what it started and removes its data.
            await local.StopAsync(Signals.Terminate, StopPatience);
            local.Dispose();
        }
        foreach (var proxy in _proxies.Values)
        {
            await proxy.DisposeAsync();
        }
        Simulators.Dispose();
        _console?.Dispose();
        _place.Dispose();
    }

    private async Task StartAsync()
    {
        var program = Path.Combine(Root(), "PatientHub.AppHost", "Local", "bin", LocalOptions.Configuration, LocalOptions.Framework, "PatientHub.AppHost.Local.dll");
        List<string> arguments = [program, "--fresh", "--no-build", "--instance", _place.Name, "--ready-file", _place.ReadyFile];
        if (_options.RealHours)
        {
            arguments.Add("--real-hours");
        }
        foreach (var name in _options.Proxied)
        {
            var (listens, seed) = (FreePort.Next(), _options.Seed + (2 * _proxies.Count));
            var proxy = _proxies[name] = new TcpProxy(listens, FreePort.Next(), seed);
            // A database listens where its server does.
            var owner = name.EndsWith("db", StringComparison.Ordinal) ? "postgres" : name;
            arguments.AddRange(["--via", $"{name}={proxy.Port}", "--port", $"{owner}={listens}"]);
        }
        foreach (var set in _options.Ladder.Settings().Concat(_options.Sets))
        {
            arguments.AddRange(["--set", set]);
        }
        _local = await ChildProcess.StartAsync(new ChildCommand("dotnet", [.. arguments])
        {
            WorkingDirectory = Root(),
            Environment = { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _options.Otlp?.ToString(), ["OTEL_EXPORTER_OTLP_PROTOCOL"] = _options.Otlp is null ? null : "http/protobuf" },
        }, line => _console?.WriteLine(line));

        await Eventually.True(() => File.Exists(_place.ReadyFile) || _local.HasExited, $"the system never became ready:\n{Tail()}", StartPatience);
        if (_local.HasExited)
        {
            throw new InvalidOperationException($"The system ended instead of becoming ready:\n{Tail()}");
        }
        PublicUri = Reach("gateway", Address("gateway"));
        MachineUri = Reach("gateway/machine", Address("gateway", "machine"));
        Simulators.BaseAddress = Address("simulators");
        Ids = new SourceIds(Microsoft.Extensions.Options.Options.Create(new SourceIdsOptions { Key = Ready.Parameters["source-id-key"] }));
        await Eventually.True(
            async () => (await Simulators.GetFromJsonAsync<JsonNode>("/api/feed"))!["state"]?.GetValue<string>() is "Done",
            $"the clinics were never fed:\n{Tail()}", StartPatience);
    }

    private Uri Reach(string name, Uri address) =>
        _proxies.TryGetValue(name, out var proxy) ? new UriBuilder(address) { Port = proxy.Port }.Uri : address;

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
