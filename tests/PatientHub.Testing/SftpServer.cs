using System.Net.Sockets;
using System.Text;
using PatientHub.AppHost.Local.Servers;
using Xunit;

namespace PatientHub.Testing;

/// <summary>A real OpenSSH server that speaks SFTP only, with a host key and one user key of its own; its two folders are <c>in</c> and <c>out</c>. It dies with the test process.</summary>
public sealed class SftpServer : IAsyncLifetime
{
    private readonly Sshd _process = new(TestFolder.New("sftp"));

    public int Port => _process.Port;

    /// <summary>The account that tests run as: without root, sshd lets in nobody else.</summary>
    public string UserName => Environment.UserName;

    public string PrivateKeyFile => _process.UserKey;

    /// <summary>As <c>ssh-keygen -lf</c> prints it.</summary>
    public string HostKeySha256 { get; private set; } = "";

    /// <summary>Where clients put files.</summary>
    public string In => Directory.CreateDirectory(Path.Combine(_process.Home, "in")).FullName;

    /// <summary>Where clients find files.</summary>
    public string Out => Directory.CreateDirectory(Path.Combine(_process.Home, "out")).FullName;

    async ValueTask IAsyncLifetime.InitializeAsync() => await StartAsync();

    /// <summary>Starts it, or starts it again on the same port with the same keys. Installs it when it is missing and we may.</summary>
    public async Task StartAsync()
    {
        await Packages.EnsureAsync([NeededPackage.OpenSsh], Console.Error.WriteLine);
        await _process.StartAsync();
        (_, _) = (In, Out);
        HostKeySha256 = (await Sshd.FingerprintAsync(_process.HostKey)).Split(' ')[1];
    }

    /// <summary>kill -9.</summary>
    public Task KillAsync() => _process.KillAsync();

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        TestFolder.Delete(_process.Folder);
    }

    private sealed class Sshd(string folder) : ServerProcess(folder, onLine: null)
    {
        protected override string Name => "sshd";

        public string HostKey => Path.Combine(Folder, "host_key");

        public string UserKey => Path.Combine(Folder, "user_key");

        public string Home => Path.Combine(Folder, "home");

        public static async Task<string> FingerprintAsync(string key)
        {
            var lines = new StringBuilder();
            using var keygen = await ChildProcess.StartAsync(new ChildCommand("/usr/bin/ssh-keygen", "-lf", key), line => lines.AppendLine(line));
            await keygen.Exited;
            await keygen.Output;
            return lines.ToString();
        }

        protected override async Task PrepareAsync(CancellationToken ct)
        {
            Directory.CreateDirectory(Home);
            // Where it hides its unprivileged half; Debian makes it at boot.
            if (Environment.IsPrivilegedProcess)
                Directory.CreateDirectory("/run/sshd");
            foreach (var key in (string[])[HostKey, UserKey])
                if (!File.Exists(key))
                    await ChildProcess.RunAsync(new ChildCommand("/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", key), ct);
            File.Copy(UserKey + ".pub", Path.Combine(Folder, "authorized_keys"), overwrite: true);
            await WriteSecretAsync(Path.Combine(Folder, "sshd_config"), $"""
                Port {Port}
                ListenAddress 127.0.0.1
                HostKey {HostKey}
                PidFile {Path.Combine(Folder, "sshd.pid")}
                AuthorizedKeysFile {Path.Combine(Folder, "authorized_keys")}
                StrictModes no
                UsePAM no
                PasswordAuthentication no
                KbdInteractiveAuthentication no
                PermitRootLogin prohibit-password
                Subsystem sftp internal-sftp
                ForceCommand internal-sftp -d {Home}
                MaxStartups 100
                """ + "\n", ct);
        }

        protected override ChildCommand Command() => new(NeededPackage.OpenSsh.Find()!, "-D", "-e", "-f", Path.Combine(Folder, "sshd_config")) { WorkingDirectory = Folder };

        protected override async Task<bool> AnswersAsync(CancellationToken ct)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", Port, ct);
                using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
                return (await reader.ReadLineAsync(ct))?.StartsWith("SSH-2.0-OpenSSH", StringComparison.Ordinal) == true;
            }
            catch (Exception fault) when (fault is SocketException or IOException)
            {
                return false;
            }
        }
    }
}
