using System.Net.Http.Json;
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
public sealed partial class HubUnderTest : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(90);

    private readonly HubOptions _options;
    private readonly InstancePlace _place = InstancePlace.Take();
    private readonly TextWriter? _console;
    private readonly Dictionary<string, TcpProxy> _proxies = [];
    private readonly Dictionary<string, ShiftableClock> _clocks = [];
    private ChildProcess? _local;

    private HubUnderTest(HubOptions options)
    {
        _options = options;
        _console = options.ConsoleFile is { } path ? TextWriter.Synchronized(new StreamWriter(path) { AutoFlush = true }) : null;
        (Processes, Disks) = (new ProcessFaults(this), new SmallDisks(this));
    }

    /// <summary>Addresses, connection strings (always the real ones), process ids, secrets: as they are now.</summary>
    public ReadyReport Ready => ReadyReport.FromJson(File.ReadAllText(_place.ReadyFile));

    /// <summary>kill -9, SIGSTOP, SIGCONT, SIGTERM by resource name.</summary>
    public ProcessFaults Processes { get; }

    /// <summary>How it was started.</summary>
    public HubOptions Options => _options;

    /// <summary>By the names of <see cref="HubOptions.Proxied"/>.</summary>
    public IReadOnlyDictionary<string, TcpProxy> Proxies => _proxies;

    /// <summary>By the names of <see cref="HubOptions.ShiftableClocks"/>.</summary>
    public IReadOnlyDictionary<string, ShiftableClock> Clocks => _clocks;

    /// <summary>Needs <see cref="HubOptions.SmallDisks"/>.</summary>
    public SmallDisks Disks { get; }

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
        catch (Exception fault)
        {
            var tail = hub.Tail();
            await hub.DisposeAsync();
            throw new InvalidOperationException($"The hub did not start: {fault.Message}\n{tail}", fault);
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

    public async ValueTask DisposeAsync()
    {
        if (_local is { } local)
        {
            Processes.ResumeAll();
            await Disks.UnmountAllAsync();
            // As Ctrl-C: Local stops what it started and removes its data.
            await local.StopAsync(Signals.Terminate, StopPatience);
            await Task.WhenAny(local.Output, Task.Delay(TimeSpan.FromSeconds(5)));
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
        // Two proxies before databases of one server have the same port behind them.
        var listens = _options.Proxied.Select(LocalCommand.ListenerOf).Distinct().ToDictionary(listener => listener, _ => FreePort.Next());
        foreach (var name in _options.Proxied)
        {
            _proxies[name] = new TcpProxy(listens[LocalCommand.ListenerOf(name)], FreePort.Next(), _options.Seed + (2 * _proxies.Count));
        }
        if (_options.ShiftableClocks.Count > 0)
        {
            await ShiftableClock.EnsureInstalledAsync();
        }
        foreach (var name in _options.ShiftableClocks)
        {
            _clocks[name] = new ShiftableClock(_place.FileFor($"{name}.clock"));
        }
        _local = await ChildProcess.StartAsync(LocalCommand.For(_options, _place, _proxies, _clocks), line => _console?.WriteLine(line));

        await Eventually.True(() => File.Exists(_place.ReadyFile) || _local.HasExited, "it never became ready", StartPatience);
        if (_local.HasExited)
        {
            throw new InvalidOperationException("it ended instead of becoming ready");
        }
        PublicUri = Reach("gateway", Address("gateway"));
        MachineUri = Reach("gateway/machine", Address("gateway", "machine"));
        Simulators.BaseAddress = Address("simulators");
        await ToldHistory.KeepAsync(this);
        Ids = new SourceIds(Microsoft.Extensions.Options.Options.Create(new SourceIdsOptions { Key = Ready.Parameters["source-id-key"] }));
        await Eventually.True(
            async () => (await Simulators.GetFromJsonAsync<JsonNode>("/api/feed"))!["state"]?.GetValue<string>() is "Done",
            "the clinics were never fed", StartPatience);
    }

    private Uri Reach(string name, Uri address) =>
        _proxies.TryGetValue(name, out var proxy) ? new UriBuilder(address) { Port = proxy.Port }.Uri : address;
}
