using PatientHub.AppHost.Local.Servers;
using Xunit;

namespace PatientHub.Testing;

/// <summary>
/// A real RabbitMQ for one test assembly: <c>[assembly: AssemblyFixture(typeof(RabbitMqServer))]</c>, a virtual host per test class.
/// It dies with the test process.
/// </summary>
public sealed class RabbitMqServer : IAsyncLifetime
{
    private readonly RabbitMqProcess _process = new(TestFolder.New("rabbitmq"));

    public int Port => _process.Port;

    /// <summary>Null while it does not run.</summary>
    public int? ProcessId => _process.ProcessId;

    public bool IsRunning => _process.IsRunning;

    /// <summary>The virtual host "/"; for one of your own: <see cref="CreateVirtualHostAsync"/>.</summary>
    public Uri Uri => new(_process.ConnectionString);

    /// <summary>As <see cref="Uri"/>: what ConnectionStrings:rabbitmq holds.</summary>
    public string ConnectionString => _process.ConnectionString;

    public string UserName => _process.UserName;

    public string Password => _process.Password;

    public Uri ManagementUri => _process.ManagementUri;

    async ValueTask IAsyncLifetime.InitializeAsync() => await StartAsync();

    /// <summary>Starts it, or starts it again on the same port and data. Installs it when it is missing and we may.</summary>
    public async Task StartAsync()
    {
        await Packages.EnsureAsync([NeededPackage.RabbitMq], Console.Error.WriteLine);
        await _process.StartAsync();
    }

    /// <summary>Creates a virtual host with full rights for our account, and returns its connection string.</summary>
    public async Task<string> CreateVirtualHostAsync(string name)
    {
        await _process.CreateVirtualHostAsync(name);
        return _process.UriOf(name);
    }

    public Task DeleteVirtualHostAsync(string name) => _process.DeleteVirtualHostAsync(name);

    /// <summary>A call to the management API ("/api/queues/{vhost}", ...) with our account.</summary>
    public Task<HttpResponseMessage> ManagementAsync(HttpMethod method, string path, object? body = null) => _process.ApiAsync(method, path, body);

    /// <summary>kill -9.</summary>
    public Task KillAsync() => _process.KillAsync();

    public Task StopAsync() => _process.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        TestFolder.Delete(_process.Folder);
    }
}
