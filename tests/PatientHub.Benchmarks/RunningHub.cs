using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace PatientHub.Benchmarks;

/// <summary>The whole system, started as README says, with empty data, in this program's own configuration; stopped and removed at the end.</summary>
internal sealed class RunningHub : IAsyncDisposable
{
    private readonly Process _local;
    private readonly JsonNode _ready;

    private RunningHub(Process local, JsonNode ready) => (_local, _ready) = (local, ready);

    public static async Task<RunningHub> StartAsync()
    {
        var configuration = AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";
        var root = Root();
        var readyFile = Path.Combine(Path.GetTempPath(), $"patienthub-benchmark-{Environment.ProcessId}.json");
        var local = Process.Start(new ProcessStartInfo("dotnet",
            [Path.Combine(root, "PatientHub.AppHost", "Local", "bin", configuration, "net10.0", "PatientHub.AppHost.Local.dll"), "--fresh", "--ready-file", readyFile, "--instance", $"benchmark-{Environment.ProcessId}"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = root,
        })!;
        local.OutputDataReceived += static (_, _) => { };
        local.BeginOutputReadLine();
        for (var waited = Stopwatch.StartNew(); !File.Exists(readyFile); await Task.Delay(250))
            if (local.HasExited || waited.Elapsed > TimeSpan.FromMinutes(10))
                throw new InvalidOperationException("The system did not become ready: start it alone with `dotnet run --project PatientHub.AppHost/Local` to see why.");
        var ready = JsonNode.Parse(await File.ReadAllTextAsync(readyFile))!;
        File.Delete(readyFile);
        return new RunningHub(local, ready);
    }

    public Uri Address(string resource, string endpoint = "http") => new(_ready["resources"]![resource]!["urls"]![endpoint]!.GetValue<string>());

    /// <summary>A client of one service with a machine's token.</summary>
    public async Task<HttpClient> ClientAsync(Uri address, string clientId, string secretParameter, string scope)
    {
        var http = new HttpClient { BaseAddress = address };
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = clientId,
            ["client_secret"] = _ready["parameters"]![secretParameter]!.GetValue<string>(),
            ["scope"] = scope,
        });
        using var response = await http.PostAsync(new Uri(Address("identity"), "/connect/token"), form);
        response.EnsureSuccessStatusCode();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await response.Content.ReadFromJsonAsync<JsonNode>())!["access_token"]!.GetValue<string>());
        return http;
    }

    public async ValueTask DisposeAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", _local.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();
        await _local.WaitForExitAsync();
        _local.Dispose();
    }

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
