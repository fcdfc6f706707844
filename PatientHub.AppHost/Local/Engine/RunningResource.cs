using System.Collections.Concurrent;
using System.Diagnostics;
using PatientHub.AppHost.Local.Servers;

namespace PatientHub.AppHost.Local.Engine;

/// <summary>A resource could not be started, or did not do what others wait for. The message ends with its last lines.</summary>
public sealed class ResourceFailedException(string resource, string message) : Exception(message)
{
    public string Resource => resource;
}

/// <summary>One resource of the model while it runs: others wait for its <see cref="Ready"/> or <see cref="Completed"/>.</summary>
internal abstract class RunningResource(string name, EngineContext engine)
{
    private const int LinesOfACrash = 20;
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CalmAfter = TimeSpan.FromSeconds(60);

    public string Name => name;

    public TaskCompletionSource Ready { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Completed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>True for what runs once (migrations).</summary>
    public virtual bool IsJob => false;

    public virtual int? ProcessId => null;

    /// <summary>For the console and the ready file.</summary>
    public virtual string? Address => null;

    public int Restarts { get; private set; }

    /// <summary>True from its first good answer until it ends; then again.</summary>
    public bool IsUp { get; protected set; }

    protected EngineContext Engine => engine;

    /// <summary>Waits for what it needs, starts, and keeps it running until <paramref name="ct"/>. Throws what ends the whole run.</summary>
    public abstract Task RunAsync(CancellationToken ct);

    public virtual Task StopAsync() => Task.CompletedTask;

    /// <summary>Start, ready, crash, pause, start again: as an orchestrator does. Gives up only while it has never been ready.</summary>
    protected async Task KeepRunningAsync(Func<CancellationToken, Task<bool>> startAsync, Func<Task<int>> exited, Func<IReadOnlyList<string>> lastLines, CancellationToken ct)
    {
        for (var failures = 0; ;)
        {
            var running = Stopwatch.StartNew();
            if (await startAsync(ct))
            {
                IsUp = true;
                if (Ready.TrySetResult())
                {
                    engine.Say($"{name,-22} ready   {Address ?? $"process {ProcessId}"}");
                }
                else
                {
                    engine.Say($"{name,-22} ready again   {Address ?? $"process {ProcessId}"}");
                }
                engine.Changed();
            }
            var code = await exited().WaitAsync(ct);
            ct.ThrowIfCancellationRequested();
            IsUp = false;
            engine.Changed();
            failures = running.Elapsed > CalmAfter ? 1 : failures + 1;
            var report = $"{name} ended with exit code {code}. Its last lines:\n{Indented(lastLines())}";
            if (!Ready.Task.IsCompleted && failures >= engine.Options.StartTries)
            {
                throw new ResourceFailedException(name, report);
            }
            var pause = TimeSpan.FromTicks(Math.Min(LongestDelay.Ticks, engine.Options.RestartDelay.Ticks << Math.Min(failures - 1, 10)));
            engine.Say($"{report}\n{name} starts again in {pause.TotalSeconds:0.#} s.");
            Restarts++;
            await Task.Delay(pause, ct);
        }
    }

    protected static string Indented(IReadOnlyList<string> lines) => string.Join('\n', lines.TakeLast(LinesOfACrash).Select(line => "    " + line));
}

/// <summary>PostgreSQL, Redis or RabbitMQ.</summary>
internal sealed class RunningServer(ServerResource resource, EngineContext engine) : RunningResource(resource.Name, engine)
{
    public override int? ProcessId => resource.Server?.ProcessId;

    public override string? Address => resource switch
    {
        RabbitMQServerResource rabbit => $"amqp://127.0.0.1:{rabbit.Process.Port}, console {rabbit.Process.ManagementUri}",
        _ => $"127.0.0.1:{resource.Server?.Port}",
    };

    public override async Task RunAsync(CancellationToken ct)
    {
        var server = resource.Server = Create();
        await KeepRunningAsync(
            async stop =>
            {
                try
                {
                    await server.StartAsync(stop);
                }
                catch (InvalidOperationException failure) when (Ready.Task.IsCompleted)
                {
                    // It has run before, so what keeps it from starting (a full disk, its port) may go away.
                    Engine.Say(failure.Message);
                    return false;
                }
                Engine.Folder.Started(server.ProcessId ?? 0, Name);
                Remember(server);
                return true;
            },
            () => server.Exited!,
            () => server.LastLines,
            ct);
    }

    public override async Task StopAsync()
    {
        if (resource.Server is { } server)
        {
            await server.StopAsync();
            await server.DisposeAsync();
        }
    }

    private ServerProcess Create()
    {
        var folder = Engine.Folder.In(Name);
        var password = Engine.Folder.Keep($"{Name}-password", ServerProcess.NewPassword);
        var log = Engine.LogOf(Name);
        var mark = Engine.Folder.Mark;
        ServerProcess server = resource switch
        {
            PostgresServerResource => new PostgresProcess(folder, log) { Password = password, Mark = mark },
            RedisResource => new RedisProcess(folder, log) { Password = password, Mark = mark },
            RabbitMQServerResource => new RabbitMqProcess(folder, log) { Password = password, Mark = mark, ManagementPort = Engine.Folder.KeepPort($"{Name}/management", FreePort.Prefer) },
            _ => throw new LocalRunException($"'{Name}' is of an unknown kind."),
        };
        server.Port = resource.Port ?? Engine.Folder.KeepPort(Name, FreePort.Prefer);
        server.PortIsGiven = resource.Port is not null;
        return server;
    }

    private void Remember(ServerProcess server)
    {
        Engine.Folder.KeepPort(Name, _ => server.Port);
        if (server is RabbitMqProcess rabbit)
        {
            Engine.Folder.KeepPort($"{Name}/management", _ => rabbit.ManagementPort);
        }
    }
}

/// <summary>A database in PostgreSQL.</summary>
internal sealed class RunningDatabase(PostgresDatabaseResource resource, EngineContext engine) : RunningResource(resource.Name, engine)
{
    public override string? Address => $"database {resource.DatabaseName}";

    public override async Task RunAsync(CancellationToken ct)
    {
        await Engine.Find(resource.Parent).Ready.Task.WaitAsync(ct);
        await resource.Parent.Process.CreateDatabaseAsync(resource.DatabaseName, ct);
        IsUp = true;
        Ready.TrySetResult();
    }
}

/// <summary>A project or program of ours.</summary>
internal sealed class RunningProcess(ProcessResource resource, EngineContext engine) : RunningResource(resource.Name, engine)
{
    private static readonly TimeSpan HealthPatience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan HealthInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(15);

    private readonly ConcurrentBag<ChildProcess> _old = [];
    private ChildProcess? _child;

    /// <summary>Somebody waits for its completion.</summary>
    public override bool IsJob => Engine.IsWaitedForToComplete(resource);

    public override int? ProcessId => _child is { HasExited: false } child ? child.Id : null;

    public override string? Address => resource.Endpoints.Count == 0 ? null : string.Join(", ", resource.Endpoints.Select(e => e.Url));

    public override async Task RunAsync(CancellationToken ct)
    {
        foreach (var wait in resource.Waits)
        {
            var other = Engine.Find(wait.On);
            await (wait.Completion ? other.Completed : other.Ready).Task.WaitAsync(ct);
        }
        if (IsJob)
        {
            await RunOnceAsync(ct);
        }
        else
        {
            await KeepRunningAsync(StartAsync, () => _child!.Exited, () => _child!.LastLines, ct);
        }
    }

    public override async Task StopAsync()
    {
        if (_child is { } child)
        {
            await child.StopAsync(Signals.Terminate, StopPatience);
        }
        foreach (var old in _old)
        {
            old.Dispose();
        }
    }

    private async Task RunOnceAsync(CancellationToken ct)
    {
        await StartChildAsync();
        Ready.TrySetResult();
        var code = await _child!.Exited.WaitAsync(ct);
        if (code != 0)
        {
            await Task.WhenAny(_child.Output, Task.Delay(TimeSpan.FromSeconds(2), ct));
            throw new ResourceFailedException(Name, $"{Name} ended with exit code {code}. Its last lines:\n{Indented(_child.LastLines)}");
        }
        Engine.Say($"{Name,-22} done");
        Completed.TrySetResult();
    }

    private async Task<bool> StartAsync(CancellationToken ct)
    {
        await StartChildAsync();
        return await IsHealthyAsync(_child!, ct);
    }

    private async Task StartChildAsync()
    {
        if (_child is { } old)
        {
            _old.Add(old);
        }
        _child = await ChildProcess.StartAsync(Command(), Engine.LogOf(Name));
        Engine.Folder.Started(_child.Id, Name);
    }

    private ChildCommand Command()
    {
        var command = resource switch
        {
            ProjectResource project => new ChildCommand("dotnet", [ProjectBuild.ProgramOf(project), .. project.Arguments]) { WorkingDirectory = Path.GetDirectoryName(project.ProjectPath) },
            ExecutableResource executable => new ChildCommand(executable.Command, [.. executable.Arguments]) { WorkingDirectory = executable.WorkingDirectory },
            _ => throw new LocalRunException($"'{Name}' is of an unknown kind."),
        };
        foreach (var (name, value) in Environment())
        {
            command.Environment[name] = value;
        }
        return command;
    }

    private IEnumerable<(string Name, string? Value)> Environment()
    {
        yield return (Engine.Folder.Mark.Key, Engine.Folder.Mark.Value);
        yield return ("ASPNETCORE_ENVIRONMENT", "Development");
        yield return ("DOTNET_ENVIRONMENT", "Development");
        // What `dotnet run` told us about ourselves is not for them.
        yield return ("DOTNET_LAUNCH_PROFILE", null);
        var urls = string.Join(';', resource.Endpoints.Where(e => e.EnvironmentVariable is null).Select(e => e.Url));
        yield return ("ASPNETCORE_URLS", urls.Length == 0 ? null : urls);
        foreach (var endpoint in resource.Endpoints.Where(e => e.EnvironmentVariable is not null))
        {
            yield return (endpoint.EnvironmentVariable!, $"{endpoint.AllocatedPort}");
        }
        foreach (var variable in Telemetry())
        {
            yield return variable;
        }
        foreach (var (name, value) in resource.AllEnvironment())
        {
            yield return (name, value.Resolve());
        }
        foreach (var set in Engine.Options.Sets.Where(set => set.IsFor(resource)))
        {
            yield return (set.Variable, set.Value);
        }
    }

    /// <summary>The same as Aspire sets, if there is somebody to send to.</summary>
    private IEnumerable<(string Name, string? Value)> Telemetry()
    {
        if (System.Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT") is not { Length: > 0 })
        {
            yield break;
        }
        yield return ("OTEL_SERVICE_NAME", Name);
        yield return ("OTEL_RESOURCE_ATTRIBUTES", $"service.instance.id={Name}-{System.Environment.ProcessId}");
        yield return ("OTEL_BLRP_SCHEDULE_DELAY", "1000");
        yield return ("OTEL_BSP_SCHEDULE_DELAY", "1000");
        yield return ("OTEL_METRIC_EXPORT_INTERVAL", "1000");
        yield return ("OTEL_TRACES_SAMPLER", "always_on");
        yield return ("OTEL_METRICS_EXEMPLAR_FILTER", "trace_based");
    }

    private async Task<bool> IsHealthyAsync(ChildProcess child, CancellationToken ct)
    {
        if (resource.HealthCheck is not { } check)
        {
            return true;
        }
        var address = new Uri(new Uri(check.Endpoint.Endpoint.Url), check.Path);
        var waited = Stopwatch.StartNew();
        while (!child.HasExited)
        {
            if (await Engine.AnswersAsync(address, ct))
            {
                return true;
            }
            if (waited.Elapsed > HealthPatience)
            {
                Engine.Say($"{Name} did not answer {address} within {HealthPatience.TotalSeconds:0} s: it is stopped.");
                await child.StopAsync(Signals.Terminate, StopPatience);
                return false;
            }
            await Task.Delay(HealthInterval, ct);
        }
        await Task.WhenAny(child.Output, Task.Delay(TimeSpan.FromSeconds(2), ct));
        return false;
    }
}
