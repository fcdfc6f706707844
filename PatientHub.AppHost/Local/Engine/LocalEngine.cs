using PatientHub.AppHost.Local.Servers;

namespace PatientHub.AppHost.Local.Engine;

/// <summary>Runs the model as plain processes on this machine. See <see cref="StartAsync"/> for the steps.</summary>
public sealed class LocalEngine(IReadOnlyList<IResource> resources, LocalOptions options) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();

    // Resources change at the same time, and each change writes the whole report.
    private readonly Lock _report = new();
    private InstanceFolder? _folder;
    private EngineContext? _context;
    private Task[] _runs = [];
    private bool _isReady;

    /// <summary>Where this instance keeps its data.</summary>
    public string DataFolder => _folder?.Path ?? throw new InvalidOperationException("The engine is not started.");

    /// <summary>
    /// 1. Holds the instance's folder and ends what a killed run left there. 2. Installs missing programs. 3. Builds. 4. Gives parameters and ports.
    /// 5. Starts every resource after what it waits for. Returns when all are ready; throws when one cannot be.
    /// </summary>
    public async Task StartAsync(CancellationToken ct = default)
    {
        // Step 1
        var folder = _folder = InstanceFolder.Open(options);
        if (folder.EndLeftovers() is > 0 and var ended)
        {
            options.Say($"Ended {ended} processes that an earlier run had left.");
        }
        if (options.Fresh)
        {
            folder.Clear();
        }
        if (options.ReadyFile is { } stale)
        {
            File.Delete(stale);
        }

        // Step 2
        await InstallAsync(ct);

        // Step 3
        if (resources.OfType<ProjectResource>().ToArray() is { Length: > 0 } projects && !options.NoBuild)
        {
            options.Say($"Building {projects.Select(p => p.ProjectPath).Distinct().Count()} projects ...");
            await ProjectBuild.BuildAsync(projects, folder, ct);
        }

        // Step 4
        Rewiring.Apply(resources, options);
        var parameters = new ParameterValues(folder, options.Parameters);
        foreach (var parameter in resources.OfType<ParameterResource>())
        {
            parameter.Value = parameters.ValueOf(parameter);
        }
        foreach (var resource in resources.OfType<IResourceWithEndpoints>())
        {
            foreach (var endpoint in resource.Endpoints)
            {
                endpoint.AllocatedPort = endpoint.Port ?? folder.KeepPort($"{resource.Name}/{endpoint.Name}", FreePort.Prefer);
            }
        }

        // Step 5
        var context = _context = new EngineContext(folder, options, resources) { Changed = WriteReadyFile };
        foreach (var resource in resources)
        {
            if (Run(resource, context) is { } running)
            {
                context.Running.Add(resource, running);
            }
        }
        _runs = [.. context.Running.Values.Select(running => running.RunAsync(_stop.Token))];
        await ReadyOrFailedAsync(context, ct);
        lock (_report)
        {
            _isReady = true;
        }
        WriteReadyFile();
    }

    /// <summary>Installs the missing programs; throws <see cref="MissingPackagesException"/> where it may not.</summary>
    public Task InstallAsync(CancellationToken ct = default) =>
        Packages.EnsureAsync([.. resources.OfType<ServerResource>().Select(s => s.Package), .. options.Packages], options.Say, ct);

    /// <summary>Ends when the run can no longer go on, with the reason.</summary>
    public async Task FailedAsync()
    {
        await foreach (var ended in Task.WhenEach(_runs))
        {
            await ended;
        }
        await Task.Delay(Timeout.Infinite, _stop.Token);
    }

    /// <summary>Our own processes first, then what they need.</summary>
    public async Task StopAsync()
    {
        lock (_report)
        {
            _isReady = false;
        }
        await _stop.CancelAsync();
        foreach (var run in _runs)
        {
            await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        if (_context is { } context)
        {
            await Task.WhenAll(context.Running.Values.Where(r => r is RunningProcess).Select(r => r.StopAsync()));
            await Task.WhenAll(context.Running.Values.Where(r => r is not RunningProcess).Select(r => r.StopAsync()));
            context.Dispose();
            _context = null;
        }
        if (_folder is { } folder)
        {
            _folder = null;
            folder.EndLeftovers();
            if (options.ReadyFile is { } readyFile)
            {
                File.Delete(readyFile);
            }
            if (options.Fresh)
            {
                folder.Remove();
            }
            folder.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private static RunningResource? Run(IResource resource, EngineContext context) => resource switch
    {
        ServerResource server => new RunningServer(server, context),
        PostgresDatabaseResource database => new RunningDatabase(database, context),
        ProcessResource process => new RunningProcess(process, context),
        _ => null,
    };

    private async Task ReadyOrFailedAsync(EngineContext context, CancellationToken ct)
    {
        var failed = FailedAsync();
        var ready = Task.WhenAll(context.Running.Values.Select(r => (r.IsJob ? r.Completed : r.Ready).Task));
        var first = await Task.WhenAny(failed, ready).WaitAsync(ct);
        await first;
        _ = failed.ContinueWith(task => task.Exception, TaskScheduler.Default);
    }

    private void WriteReadyFile()
    {
        lock (_report)
        {
            if (_isReady && options.ReadyFile is { } path && _context is { } context)
            {
                PrivateFile.Write(path, ReadyReport.From(context).ToJson());
            }
        }
    }
}
