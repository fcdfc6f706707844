namespace PatientHub.AppHost.Local.Servers;

/// <summary>A private PostgreSQL. As root it runs as the account postgres, because PostgreSQL refuses root.</summary>
public sealed class PostgresProcess(string folder, Action<string>? onLine = null) : ServerProcess(folder, onLine)
{
    private static string? Account => Environment.IsPrivilegedProcess ? "postgres" : null;

    private static string Bin => Path.GetDirectoryName(NeededPackage.Postgres.Find() ?? throw new MissingPackagesException(Packages.Advice([NeededPackage.Postgres.Package])))!;

    /// <summary>False only where losing the data at a power cut does not matter (tests): it survives kill -9 all the same.</summary>
    public bool FlushesToDisk { get; set; } = true;

    protected override string Name => "PostgreSQL";

    /// <summary>Fast shutdown: open sessions are ended.</summary>
    protected override int StopSignal => Signals.Interrupt;

    private string Data => Path.Combine(Folder, "data");

    /// <param name="via">Another port of loopback that forwards to ours.</param>
    public string ConnectionString(string database, int? via = null) => $"Host=127.0.0.1;Port={via ?? Port};Username=postgres;Password={Password};Database={database}";

    /// <summary>Creates it unless it is there.</summary>
    public async Task CreateDatabaseAsync(string name, CancellationToken ct = default)
    {
        if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
        {
            throw new ArgumentException("letters, digits, '_' and '-' only", nameof(name));
        }
        if (await SqlAsync($"select 1 from pg_database where datname = '{name}'", ct) is not "1")
        {
            await SqlAsync($"create database \"{name}\"", ct);
        }
    }

    protected override async Task PrepareAsync(CancellationToken ct)
    {
        if (File.Exists(Path.Combine(Data, "PG_VERSION")))
        {
            return;
        }
        if (Directory.Exists(Data))
        {
            Directory.Delete(Data, recursive: true);
        }
        var passwordFile = Path.Combine(Folder, "initdb-password");
        var staging = Data + ".new";
        if (Directory.Exists(staging))
        {
            Directory.Delete(staging, recursive: true);
        }
        Directory.CreateDirectory(staging, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await WriteSecretAsync(passwordFile, Password, ct);
        if (Account is not null)
        {
            await ChildProcess.RunAsync(new ChildCommand("chown", "postgres:", passwordFile, staging), ct);
        }
        await ChildProcess.RunAsync(
            new ChildCommand(Path.Combine(Bin, "initdb"), "-D", staging, "-U", "postgres", "--auth=scram-sha-256", $"--pwfile={passwordFile}", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions") { RunAs = Account },
            ct);
        File.Delete(passwordFile);
        Directory.Move(staging, Data);
    }

    protected override ChildCommand Command() => new(
        Path.Combine(Bin, "postgres"), "-D", Data,
        "-c", $"port={Port}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
        "-c", "max_connections=500", "-c", "shared_buffers=128MB", "-c", "timezone=UTC",
        "-c", FlushesToDisk ? "fsync=on" : "fsync=off")
    {
        RunAs = Account,
        WorkingDirectory = Folder,
    };

    protected override async Task<bool> AnswersAsync(CancellationToken ct)
    {
        if (FreePort.IsFree(Port))
        {
            return false;
        }
        try
        {
            return await SqlAsync("select 1", ct) == "1";
        }
        catch (InvalidOperationException)
        {
            // psql's way of saying "not yet": starting up, or recovering after a kill.
            return false;
        }
    }

    private async Task<string> SqlAsync(string sql, CancellationToken ct) =>
        await ChildProcess.RunAsync(
            new ChildCommand(Path.Combine(Bin, "psql"), "-h", "127.0.0.1", "-p", $"{Port}", "-U", "postgres", "-d", "postgres", "-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1", "-c", sql)
            {
                Environment = { ["PGPASSWORD"] = Password, ["PGCONNECT_TIMEOUT"] = "5" },
            },
            ct);
}
