using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using PatientHub.AppHost.Local;
using PatientHub.AppHost.Local.Engine;

namespace PatientHub.AppHost.Tests;

/// <summary>A model of tiny programs, run by the real engine inside the test.</summary>
internal sealed class TinySystem : IAsyncDisposable
{
    private static readonly HttpClient Http = new();
    private readonly ConcurrentQueue<string> _said = new();

    public TinySystem(string? instance = null, [CallerFilePath] string file = "")
    {
        Folder = Directory.CreateTempSubdirectory("patienthub-engine-").FullName;
        // PostgreSQL's own account passes through.
        File.SetUnixFileMode(Folder, (UnixFileMode)0b111_001_001);
        Options = new LocalOptions
        {
            AppHostDirectory = Path.GetDirectoryName(file)!,
            Instance = instance,
            DataRoot = Folder,
            NoBuild = true,
            Packages = [],
            ReadyFile = Path.Combine(Folder, "ready.json"),
            Say = _said.Enqueue,
            RestartDelay = TimeSpan.FromMilliseconds(100),
        };
        Builder = DistributedApplication.CreateBuilder(Options);
    }

    /// <summary>With options of the command line.</summary>
    public TinySystem(string[] options) : this()
    {
        var asked = LocalOptions.Parse(options, Options.AppHostDirectory);
        Options = Options with { Ports = asked.Ports, Vias = asked.Vias, Sets = asked.Sets, Parameters = asked.Parameters };
        Builder = DistributedApplication.CreateBuilder(Options);
    }

    public static string TinyProject { get; } = "../PatientHub.AppHost.Tiny/PatientHub.AppHost.Tiny.csproj";

    public string Folder { get; }

    public LocalOptions Options { get; }

    public DistributedApplicationBuilder Builder { get; }

    public LocalEngine? Engine { get; private set; }

    public string Said => string.Join('\n', _said);

    public ReadyReport Report => ReadyReport.FromJson(File.ReadAllText(Options.ReadyFile!));

    public IResourceBuilder<ProjectResource> AddTiny(string name) => Builder.AddProject(name, TinyProject).WithHttpEndpoint().WithHttpHealthCheck("/health");

    public async Task StartAsync()
    {
        Engine = Builder.Build().CreateEngine();
        await Engine.StartAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The environment that a tiny service sees.</summary>
    public async Task<Dictionary<string, string>> EnvironmentOfAsync(string name) =>
        (await Http.GetFromJsonAsync<Dictionary<string, string>>(new Uri(new Uri(Report.Resources[name].Urls!["http"]), "/env"), TestContext.Current.CancellationToken))!;

    public async Task CrashAsync(string name)
    {
        try
        {
            using var answer = await Http.PostAsync(new Uri(new Uri(Report.Resources[name].Urls!["http"]), "/crash"), null);
        }
        catch (HttpRequestException)
        {
            // It ends before it answers: that is what was asked for.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Engine is { } engine)
        {
            await engine.DisposeAsync();
        }
        Directory.Delete(Folder, recursive: true);
    }
}
