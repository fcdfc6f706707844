using System.Net.Sockets;
using System.Text;

namespace PatientHub.AppHost.Local.Servers;

/// <summary>A private Redis that writes every change to its append-only file.</summary>
public sealed class RedisProcess(string folder, Action<string>? onLine = null) : ServerProcess(folder, onLine)
{
    protected override string Name => "Redis";

    /// <summary>For StackExchange.Redis.</summary>
    public string ConnectionString => ConnectionStringVia(Port);

    /// <summary>Through another port of loopback that forwards to ours.</summary>
    public string ConnectionStringVia(int port) => $"127.0.0.1:{port},password={Password}";

    private string ConfigurationFile => Path.Combine(Folder, "redis.conf");

    protected override async Task PrepareAsync(CancellationToken ct) =>
        await WriteSecretAsync(
            ConfigurationFile,
            $"""
            bind 127.0.0.1
            port {Port}
            requirepass {Password}
            dir {Folder}
            appendonly yes
            appendfsync everysec
            save ""
            daemonize no
            """ + "\n",
            ct);

    protected override ChildCommand Command() => new(
        NeededPackage.Redis.Find() ?? throw new MissingPackagesException(Packages.Advice([NeededPackage.Redis.Package])), ConfigurationFile)
    {
        WorkingDirectory = Folder,
    };

    protected override async Task<bool> AnswersAsync(CancellationToken ct)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", Port, ct);
            await using var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"AUTH {Password}\r\nPING\r\n"), ct);
            using var reader = new StreamReader(stream, Encoding.ASCII);
            return await reader.ReadLineAsync(ct) == "+OK" && await reader.ReadLineAsync(ct) == "+PONG";
        }
        catch (Exception fault) when (fault is SocketException or IOException)
        {
            return false;
        }
    }
}
