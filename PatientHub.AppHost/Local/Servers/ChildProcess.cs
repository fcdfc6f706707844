using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace PatientHub.AppHost.Local.Servers;

/// <summary>What to start: a program, its arguments, and how its life is tied to ours.</summary>
public sealed record ChildCommand(string Program, params string[] Arguments)
{
    /// <summary>Added to (or, when null, removed from) our own environment.</summary>
    public Dictionary<string, string?> Environment { get; init; } = [];

    public string? WorkingDirectory { get; init; }

    /// <summary>Run as this account; only root can.</summary>
    public string? RunAs { get; init; }
}

/// <summary>
/// A child that dies with us, even when we are killed with -9: the kernel sends it SIGKILL when the thread that started it ends
/// (PR_SET_PDEATHSIG through setpriv). That is the *thread*, not the process, so every child is started by one thread that never ends.
/// It has a session of its own (setsid): Ctrl-C in the terminal reaches us alone, and we stop the children in order.
/// </summary>
public sealed class ChildProcess : IDisposable
{
    private const int KeptLines = 200;
    private static readonly BlockingCollection<Action> Starts = StartThread();

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lastLines = new();
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(Process process, Action<string>? onLine)
    {
        _process = process;
        // Not WaitForExitAsync: it also waits for the end of the output, which a grandchild may hold open.
        // Heard first, raised then: of a child that ended in between nobody would ever hear, and whoever waits for it would wait for ever.
        process.Exited += (_, _) => _exited.TrySetResult(process.ExitCode);
        process.EnableRaisingEvents = true;
        Output = Task.WhenAll(ReadAsync(process.StandardOutput, onLine), ReadAsync(process.StandardError, onLine));
    }

    public int Id => _process.Id;

    /// <summary>The exit code, once it has ended.</summary>
    public Task<int> Exited => _exited.Task;

    public bool HasExited => _exited.Task.IsCompleted;

    /// <summary>Ends when both output streams are closed.</summary>
    public Task Output { get; }

    /// <summary>The last lines of standard output and error, oldest first.</summary>
    public IReadOnlyList<string> LastLines => [.. _lastLines];

    public static async Task<ChildProcess> StartAsync(ChildCommand command, Action<string>? onLine = null)
    {
        var started = new TaskCompletionSource<ChildProcess>(TaskCreationOptions.RunContinuationsAsynchronously);
        Starts.Add(() =>
        {
            try
            {
                started.SetResult(Start(command, onLine));
            }
            catch (Exception fault)
            {
                started.SetException(fault);
            }
        });
        return await started.Task;
    }

    /// <summary>Runs to its end; throws with its last lines unless it ends with 0.</summary>
    public static async Task<string> RunAsync(ChildCommand command, CancellationToken ct = default)
    {
        using var child = await StartAsync(command);
        try
        {
            var code = await child.Exited.WaitAsync(ct);
            // A grandchild may hold the output open: then what has arrived by now is all.
            await Task.WhenAny(child.Output, Task.Delay(TimeSpan.FromSeconds(5), ct));
            var output = string.Join('\n', child.LastLines);
            return code == 0 ? output : throw new InvalidOperationException($"{Path.GetFileName(command.Program)} ended with {code}:\n{output}");
        }
        catch (OperationCanceledException)
        {
            child.Signal(Signals.Kill);
            throw;
        }
    }

    public void Signal(int signal) => Signals.Send(Id, signal);

    /// <summary>SIGKILL, and wait until it is gone.</summary>
    public async Task KillAsync()
    {
        if (!HasExited)
        {
            Signal(Signals.Kill);
        }
        await Exited;
    }

    /// <summary>Asks it to stop; kills it when it has not within the time.</summary>
    public async Task StopAsync(int signal, TimeSpan patience)
    {
        if (HasExited)
        {
            return;
        }
        Signal(signal);
        if (await Task.WhenAny(Exited, Task.Delay(patience)) != Exited)
        {
            await KillAsync();
        }
    }

    public void Dispose()
    {
        if (!HasExited)
        {
            Signal(Signals.Kill);
        }
        _process.Dispose();
    }

    private static ChildProcess Start(ChildCommand command, Action<string>? onLine)
    {
        var start = new ProcessStartInfo("setsid") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        string[] prefix = ["setpriv", "--pdeathsig", "KILL", .. command.RunAs is { } account ? [$"--reuid={account}", $"--regid={account}", "--init-groups"] : Array.Empty<string>(), "--"];
        foreach (var argument in (string[])[.. prefix, command.Program, .. command.Arguments])
        {
            start.ArgumentList.Add(argument);
        }
        foreach (var (name, value) in command.Environment)
        {
            start.Environment[name] = value;
        }
        start.WorkingDirectory = command.WorkingDirectory ?? "/";
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return new ChildProcess(process, onLine);
    }

    private async Task ReadAsync(StreamReader reader, Action<string>? onLine)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            _lastLines.Enqueue(line);
            while (_lastLines.Count > KeptLines)
            {
                _lastLines.TryDequeue(out _);
            }
            onLine?.Invoke(line);
        }
    }

    private static BlockingCollection<Action> StartThread()
    {
        var work = new BlockingCollection<Action>();
        new Thread(() =>
        {
            foreach (var start in work.GetConsumingEnumerable())
            {
                start();
            }
        })
        { IsBackground = true, Name = "starts children" }.Start();
        return work;
    }
}

/// <summary>POSIX signals, which .NET cannot send.</summary>
public static class Signals
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    /// <summary>False when there is no such process any more.</summary>
    public static bool Send(int processId, int signal) => kill(processId, signal) == 0;

    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int pid, int sig);
}
