using System.Diagnostics;
using System.Security.Cryptography;

namespace PatientHub.AppHost.Local.Servers;

/// <summary>
/// A private server as a plain process: a folder of its own, a password of its own, a port on loopback that it keeps over restarts.
/// Another program may take the port between our choice and the server's start; then the first start tries the next one.
/// </summary>
public abstract class ServerProcess(string folder, Action<string>? onLine) : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(120);
    private const int PortTries = 5;

    private ChildProcess? _child;
    private bool _hasStarted;

    public string Folder { get; } = folder;

    /// <summary>0 until it is started for the first time, unless a port is wanted.</summary>
    public int Port { get; set; }

    /// <summary>Others count on this very port: it is taken or the start fails, there is no other.</summary>
    public bool PortIsGiven { get; set; }

    public string Password { get; init; } = NewPassword();

    /// <summary>Put into its environment, so that it is known as ours.</summary>
    public KeyValuePair<string, string>? Mark { get; init; }

    public int? ProcessId => _child is { HasExited: false } child ? child.Id : null;

    public bool IsRunning => ProcessId is not null;

    /// <summary>Ends when the process ends.</summary>
    public Task<int>? Exited => _child?.Exited;

    public IReadOnlyList<string> LastLines => _child?.LastLines ?? [];

    protected abstract string Name { get; }

    /// <summary>Letters and digits: fits into any connection string and address without escapes.</summary>
    public static string NewPassword() => RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 32);

    public async Task StartAsync(CancellationToken ct = default)
    {
        if (IsRunning)
        {
            return;
        }
        // Group and others may pass through, for a server that runs as an account of its own; what it writes is its own.
        Directory.CreateDirectory(Folder, (UnixFileMode)0b111_001_001);
        for (var attempt = 1; ; attempt++)
        {
            Port = _hasStarted || PortIsGiven || (attempt == 1 && Port > 0 && FreePort.IsFree(Port)) ? Port : FreePort.Next();
            await PrepareAsync(ct);
            _child?.Dispose();
            _child = await ChildProcess.StartAsync(Marked(Command()), onLine);
            if (await BecomesReadyAsync(_child, ct))
            {
                _hasStarted = true;
                return;
            }
            if (attempt == PortTries)
            {
                throw new InvalidOperationException($"{Name} did not start on port {Port}. Its last lines:\n{string.Join('\n', _child.LastLines.TakeLast(20))}");
            }
            await Task.Delay(TimeSpan.FromMilliseconds(300 * attempt), ct);
        }
    }

    /// <summary>kill -9, as a machine that loses power would. The data stays; <see cref="StartAsync"/> brings it back.</summary>
    public async Task KillAsync()
    {
        if (_child is { } child)
        {
            await child.KillAsync();
        }
    }

    public virtual async Task StopAsync()
    {
        if (_child is { } child)
        {
            await child.StopAsync(StopSignal, TimeSpan.FromSeconds(20));
        }
    }

    public virtual async ValueTask DisposeAsync()
    {
        await KillAsync();
        _child?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>With <see cref="Mark"/>.</summary>
    protected ChildCommand Marked(ChildCommand command)
    {
        if (Mark is { } mark)
        {
            command.Environment[mark.Key] = mark.Value;
        }
        return command;
    }

    protected virtual int StopSignal => Signals.Terminate;

    /// <summary>Writes configuration and, the first time, creates the data.</summary>
    protected abstract Task PrepareAsync(CancellationToken ct);

    protected abstract ChildCommand Command();

    /// <summary>Answers only if it is this server: with its password.</summary>
    protected abstract Task<bool> AnswersAsync(CancellationToken ct);

    private async Task<bool> BecomesReadyAsync(ChildProcess child, CancellationToken ct)
    {
        var waited = Stopwatch.StartNew();
        while (!child.HasExited)
        {
            if (await AnswersAsync(ct))
            {
                return true;
            }
            if (waited.Elapsed > StartPatience)
            {
                await child.KillAsync();
                return false;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(100), ct);
        }
        return false;
    }

    /// <summary>Written with 0600 from its first byte.</summary>
    protected static async Task WriteSecretAsync(string path, string text, CancellationToken ct)
    {
        File.Delete(path);
        await using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
        await using var writer = new StreamWriter(file);
        await writer.WriteAsync(text.AsMemory(), ct);
    }
}
