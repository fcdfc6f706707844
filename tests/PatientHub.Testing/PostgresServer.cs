using Npgsql;
using PatientHub.AppHost.Local.Servers;
using Xunit;

namespace PatientHub.Testing;

/// <summary>
/// A real PostgreSQL for one test assembly: <c>[assembly: AssemblyFixture(typeof(PostgresServer))]</c>, a database per test class.
/// It dies with the test process, and its data with it.
/// </summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private readonly PostgresProcess _process = new(TestFolder.New("postgres")) { FlushesToDisk = false };

    /// <summary>True for measurements: then a commit costs what it costs in production.</summary>
    public bool FlushesToDisk { init => _process.FlushesToDisk = value; }

    public int Port => _process.Port;

    /// <summary>Null while it does not run.</summary>
    public int? ProcessId => _process.ProcessId;

    public bool IsRunning => _process.IsRunning;

    /// <summary>The database "postgres"; for one of your own: <see cref="CreateDatabaseAsync"/>.</summary>
    public string ConnectionString => ConnectionStringOf("postgres");

    public string ConnectionStringOf(string database) => _process.ConnectionString(database);

    async ValueTask IAsyncLifetime.InitializeAsync() => await StartAsync();

    /// <summary>Starts it, or starts it again on the same port and data. Installs it when it is missing and we may.</summary>
    public async Task StartAsync()
    {
        await Packages.EnsureAsync([NeededPackage.Postgres], Console.Error.WriteLine);
        await _process.StartAsync();
    }

    /// <summary>Creates the database unless it is there, and returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync(string name)
    {
        await _process.CreateDatabaseAsync(name);
        return ConnectionStringOf(name);
    }

    /// <summary>Ends every other session and removes the database.</summary>
    public async Task DropDatabaseAsync(string name)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await using var drop = source.CreateCommand($"drop database if exists \"{name}\" with (force)");
        await drop.ExecuteNonQueryAsync();
    }

    /// <summary>kill -9.</summary>
    public Task KillAsync() => _process.KillAsync();

    public Task StopAsync() => _process.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
        TestFolder.Delete(_process.Folder);
    }
}
