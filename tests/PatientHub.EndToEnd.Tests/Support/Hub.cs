using System.Diagnostics;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using PatientHub.Testing;

namespace PatientHub.EndToEnd.Tests.Support;

/// <summary>A text or email as the phone page's API tells it.</summary>
public sealed record PhoneMessage(string Id, string Channel, string To, string From, string? Subject, string Body, string? Html, DateTimeOffset CreatedAt, IReadOnlyList<string> Links, string? Code);

/// <summary>
/// The whole system as README starts it, with the ladder of the demonstration: all processes, the simulated outside world, and a real Chromium.
/// What the processes log and export is kept for the tests to search.
/// </summary>
public sealed class Hub : IAsyncLifetime
{
    private readonly StringBuilder _log = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("patienthub-e2e-");
    private Process? _local;
    private IPlaywright? _playwright;

    public OtlpSink Telemetry { get; private set; } = null!;
    public string Address { get; private set; } = "";
    public string MachineAddress { get; private set; } = "";
    public HttpClient Simulators { get; } = new();
    public IBrowser Browser { get; private set; } = null!;
    public JsonNode Ready { get; private set; } = null!;

    /// <summary>Everything that all processes have written to their consoles.</summary>
    public string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

    public async ValueTask InitializeAsync()
    {
        Telemetry = await OtlpSink.StartAsync();
        var readyFile = Path.Combine(_folder.FullName, "ready.json");
        var configuration = AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";
        var local = Path.Combine(Root(), "PatientHub.AppHost", "Local", "bin", configuration, "net10.0", "PatientHub.AppHost.Local.dll");
        var start = new ProcessStartInfo("dotnet", [local, "--fresh", "--no-build", "--demo", "--ready-file", readyFile, "--instance", _folder.Name])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Root(),
        };
        start.Environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = Telemetry.Address;
        start.Environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        start.Environment["OTEL_BSP_SCHEDULE_DELAY"] = "500";
        start.Environment["OTEL_BLRP_SCHEDULE_DELAY"] = "500";
        _local = new Process { StartInfo = start };
        _local.OutputDataReceived += (_, line) => Keep(line.Data);
        _local.ErrorDataReceived += (_, line) => Keep(line.Data);
        _local.Start();
        _local.BeginOutputReadLine();
        _local.BeginErrorReadLine();

        await Eventually.True(() => File.Exists(readyFile) || _local.HasExited, "the system never became ready:\n" + Tail(), TimeSpan.FromMinutes(4));
        _local.HasExited.ShouldBeFalse("the system ended instead of becoming ready:\n" + Tail());
        Ready = JsonNode.Parse(await File.ReadAllTextAsync(readyFile))!;
        Address = Url("gateway", "http");
        MachineAddress = Url("gateway", "machine");
        Simulators.BaseAddress = new Uri(Url("simulators", "http"));

        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"],
        });
        await FeedIsDoneAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Browser is not null)
            await Browser.DisposeAsync();
        _playwright?.Dispose();
        if (_local is { HasExited: false })
        {
            // As Ctrl-C: Local stops what it started and removes its data.
            using (var kill = Process.Start("kill", ["-TERM", _local.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
                await kill.WaitForExitAsync();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            await _local.WaitForExitAsync(patience.Token);
        }

        _local?.Dispose();
        Simulators.Dispose();
        await Telemetry.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>The last lines of the log, for a failure.</summary>
    public string Tail(int lines = 60) => string.Join('\n', Log.Split('\n').TakeLast(lines));

    public async Task<List<PhoneMessage>> MessagesAsync(string to) =>
        (await Simulators.GetFromJsonAsync<List<PhoneMessage>>($"/api/messages?to={Uri.EscapeDataString(to)}", JsonSerializerOptions.Web))!.OrderBy(message => message.CreatedAt).ToList();

    /// <summary>The first message with a link to the hub that came to this number or address.</summary>
    public async Task<PhoneMessage> InvitationAsync(string to) => await Eventually.NotNull(
        async () => (await MessagesAsync(to)).FirstOrDefault(message => message.Links.Any(link => link.Contains("/p/", StringComparison.Ordinal))),
        $"no invitation ever came to the phone that was watched; log:\n{Tail()}", TimeSpan.FromSeconds(90));

    /// <summary>The newest code that came after an instant.</summary>
    public async Task<string> CodeAsync(string to, DateTimeOffset after) => (await Eventually.NotNull(
        async () => (await MessagesAsync(to)).LastOrDefault(message => message.Code is not null && message.CreatedAt >= after && !message.Body.Contains("/p/", StringComparison.Ordinal)),
        $"no code ever came to the phone that was watched; log:\n{Tail()}", TimeSpan.FromSeconds(60))).Code!;

    public async Task<JsonArray> PrintAsync() => (await Simulators.GetFromJsonAsync<JsonArray>("/api/print"))!;

    public async Task<IBrowserContext> PhoneAsync(bool javaScript = true)
    {
        var phone = await Browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = 390, Height = 844 },
            Locale = "en-GB",
            TimezoneId = "Europe/London",
            JavaScriptEnabled = javaScript,
            BaseURL = Address,
        });
        // A machine that does ten other things at once may need longer than half a minute for a page; nothing here measures time.
        phone.SetDefaultTimeout(90_000);
        return phone;
    }

    private Task FeedIsDoneAsync() => Eventually.True(
        async () => (await Simulators.GetFromJsonAsync<JsonNode>("/api/feed"))!["state"]?.GetValue<string>() is "Done",
        "the PAS was never fed:\n" + Tail(), TimeSpan.FromMinutes(3));

    private string Url(string resource, string endpoint) => Ready["resources"]![resource]!["urls"]![endpoint]!.GetValue<string>();

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (_log)
            _log.Append(line).Append('\n');
    }

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
