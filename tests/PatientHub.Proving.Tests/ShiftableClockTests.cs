using System.Runtime.CompilerServices;
using PatientHub.AppHost.Local.Engine;
using PatientHub.AppHost.Local.Servers;
using PatientHub.Proving.Rig;
using PatientHub.Testing;

namespace PatientHub.Proving.Tests;

/// <summary>On a real process of ours: the simulators tell the time in every answer.</summary>
public sealed class ShiftableClockTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("patienthub-clock-");
    private readonly int _port = FreePort.Next();
    private readonly HttpClient _http = new();
    private ShiftableClock _clock = null!;
    private ChildProcess _process = null!;

    public async ValueTask InitializeAsync()
    {
        await ShiftableClock.EnsureInstalledAsync();
        _clock = new ShiftableClock(Path.Combine(_folder.FullName, "clock"));
        var command = new ChildCommand("dotnet", Program(), "--urls", $"http://127.0.0.1:{_port}", "--Twilio:AuthToken", "t", "--SendGrid:ApiKey", "k")
        {
            Environment = { ["ASPNETCORE_ENVIRONMENT"] = "Development" },
            WorkingDirectory = Path.GetDirectoryName(Program()),
        };
        foreach (var (name, value) in _clock.Environment)
        {
            command.Environment[name] = value;
        }
        _process = await ChildProcess.StartAsync(command);
        await Eventually.True(async () => await TimeAsync() is not null || _process.HasExited, "the process never answered", TimeSpan.FromMinutes(2));
    }

    public async ValueTask DisposeAsync()
    {
        await _process.KillAsync();
        _process.Dispose();
        _http.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task The_clock_of_one_process_jumps_while_it_runs_and_comes_back()
    {
        await ShouldBeOffByAsync(TimeSpan.Zero);
        foreach (var offset in (TimeSpan[])[TimeSpan.FromHours(1), TimeSpan.FromHours(-25), TimeSpan.FromDays(400), TimeSpan.Zero])
        {
            _clock.Shift(offset);
            await ShouldBeOffByAsync(offset);
        }
        _process.HasExited.ShouldBeFalse();
    }

    private Task ShouldBeOffByAsync(TimeSpan offset) => Eventually.True(
        async () => await TimeAsync() is { } time && (time - DateTimeOffset.UtcNow - offset).Duration() < TimeSpan.FromSeconds(10), $"the process was never {offset} off");

    private async Task<DateTimeOffset?> TimeAsync()
    {
        try
        {
            using var answer = await _http.GetAsync($"http://127.0.0.1:{_port}/health", TestContext.Current.CancellationToken);
            return answer.Headers.Date;
        }
        catch (HttpRequestException)
        {
            return null; // It does not listen yet.
        }
    }

    private static string Program([CallerFilePath] string here = "") => Path.GetFullPath(
        Path.Combine(Path.GetDirectoryName(here)!, "..", "PatientHub.Simulators", "bin", LocalOptions.Configuration, LocalOptions.Framework, "PatientHub.Simulators.dll"));
}
