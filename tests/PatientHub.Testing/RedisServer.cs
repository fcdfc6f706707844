using PatientHub.AppHost.Local.Servers;
using Xunit;

namespace PatientHub.Testing;

/// <summary>A real Redis (append-only file on) for one test assembly: <c>[assembly: AssemblyFixture(typeof(RedisServer))]</c>. It dies with the test process.</summary>
public sealed class RedisServer : IAsyncLifetime
{
    private readonly RedisProcess _process = new(TestFolder.New("redis"));

    public int Port => _process.Port;

    /// <summary>Null while it does not run.</summary>
    public int? ProcessId => _process.ProcessId;

    public bool IsRunning => _process.IsRunning;

    /// <summary>For StackExchange.Redis.</summary>
    public string ConnectionString => _process.ConnectionString;

    async ValueTask IAsyncLifetime.InitializeAsync() => await StartAsync();

    /// <summary>Starts it, or starts it again on the same port and data. Installs it when it is missing and we may.</summary>
    public async Task StartAsync()
    {
        await Packages.EnsureAsync([NeededPackage.Redis], Console.Error.WriteLine);
        await _process.StartAsync();
    }

    /// <summary>kill -9.</summary>
    public Task KillAsync() => _process.KillAsync();

    public Task StopAsync() => _process.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        TestFolder.Delete(_process.Folder);
    }
}
