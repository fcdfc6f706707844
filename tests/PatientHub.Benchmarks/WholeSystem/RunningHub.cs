using System.Runtime.CompilerServices;
using PatientHub.AppHost.Local.Engine;
using PatientHub.AppHost.Local.Servers;
using PatientHub.Benchmarks.Frame;
using PatientHub.Testing;

namespace PatientHub.Benchmarks.WholeSystem;

/// <summary>The whole system as README starts it, in processes and stores of its own, with empty data that is removed at the end.</summary>
internal sealed class RunningHub : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly ChildProcess _local;
    private readonly List<HelperProcess> _helpers = [];

    private RunningHub(DirectoryInfo folder, ChildProcess local, ReadyReport ready) => (_folder, _local, Ready) = (folder, local, ready);

    public ReadyReport Ready { get; }

    public Uri Gateway => Url("gateway");

    public Uri MachineDoor => Url("gateway", "machine");

    /// <param name="settings">Environment of every process, beside what the AppHost gives them.</param>
    public static async Task<RunningHub> StartAsync(Dictionary<string, string?>? settings = null)
    {
        var folder = Directory.CreateTempSubdirectory("patienthub-bench-");
        var readyFile = Path.Combine(folder.FullName, "ready.json");
        var program = Path.Combine(Root(), "PatientHub.AppHost", "Local", "bin", LocalOptions.Configuration, LocalOptions.Framework, "PatientHub.AppHost.Local.dll");
        var local = await ChildProcess.StartAsync(
            new ChildCommand("dotnet", program, "--fresh", "--no-build", "--ready-file", readyFile, "--instance", folder.Name) { WorkingDirectory = Root(), Environment = settings ?? [] });
        await Eventually.True(() => File.Exists(readyFile) || local.HasExited, "the system never became ready", TimeSpan.FromMinutes(5));
        if (local.HasExited)
            throw new InvalidOperationException("The system ended instead of becoming ready:\n" + string.Join('\n', local.LastLines));
        var hub = new RunningHub(folder, local, ReadyReport.FromJson(await File.ReadAllTextAsync(readyFile)));
        await hub.FeedIsDoneAsync();
        return hub;
    }

    public Uri Url(string resource, string endpoint = "http") => new(Ready.Resources[resource].Urls![endpoint]);

    public string Database(string name) => Ready.Resources[name].ConnectionString!;

    public Worker Worker(string resource) => new(resource, Ready.Resources[resource].ProcessId!.Value);

    /// <summary>One more process of a service, on a port of its own and otherwise with the very environment of the running one.</summary>
    public async Task<HelperProcess> ReplicaAsync(string resource, string name, Dictionary<string, string?> changes)
    {
        var replica = await HelperProcess.StartAsync(name, Replica.Of(Ready.Resources[resource].ProcessId!.Value, changes).Command, "/health");
        _helpers.Add(replica);
        return replica;
    }

    /// <summary>How the runtime of this resource is set: memory and garbage collection.</summary>
    public Dictionary<string, string?> RuntimeSettings(string resource) =>
        Replica.EnvironmentOf(Ready.Resources[resource].ProcessId!.Value).Where(pair => pair.Key.StartsWith("DOTNET_", StringComparison.Ordinal) || pair.Key.StartsWith("MALLOC_", StringComparison.Ordinal)).Append(new("DOTNET_gcServer", "0")).DistinctBy(pair => pair.Key).ToDictionary();

    public async ValueTask DisposeAsync()
    {
        foreach (var helper in _helpers)
            await helper.DisposeAsync();
        // As Ctrl-C: it stops what it started and removes its data.
        await _local.StopAsync(Signals.Terminate, TimeSpan.FromSeconds(60));
        _local.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task FeedIsDoneAsync()
    {
        using var http = new HttpClient { BaseAddress = Url("simulators") };
        await Eventually.True(async () => (await http.GetStringAsync("/api/feed")).Contains("\"Done\"", StringComparison.Ordinal), "the PAS was never fed", TimeSpan.FromMinutes(3));
    }

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
