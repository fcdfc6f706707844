namespace PatientHub.AppHost.Local.Engine;

/// <summary>What the running resources share.</summary>
internal sealed class EngineContext(InstanceFolder folder, LocalOptions options, IReadOnlyList<IResource> resources) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(5) };
    private readonly Lock _console = new();
    private readonly Dictionary<string, StreamWriter> _files = [];
    private bool _disposed;

    public InstanceFolder Folder => folder;

    public LocalOptions Options => options;

    public Dictionary<IResource, RunningResource> Running { get; } = [];

    public IEnumerable<ParameterResource> Parameters => resources.OfType<ParameterResource>();

    /// <summary>Called when process ids or addresses may have changed.</summary>
    public Action Changed { get; set; } = () => { };

    public RunningResource Find(IResource resource) => Running[resource];

    public bool IsWaitedForToComplete(IResource resource) =>
        resources.OfType<IResourceWithWaitSupport>().Any(other => other.Waits.Exists(wait => wait.Completion && wait.On == resource));

    public void Say(string text)
    {
        lock (_console)
        {
            options.Say(text);
        }
    }

    /// <summary>Every line of a process: on the console with its name before it, and in a file of its own.</summary>
    public Action<string> LogOf(string name)
    {
        StreamWriter? file;
        lock (_console)
        {
            if (!_files.TryGetValue(name, out file))
            {
                _files[name] = file = new StreamWriter(Path.Combine(Directory.CreateDirectory(folder.In("logs")).FullName, name + ".log"), append: false) { AutoFlush = true };
            }
        }
        return line =>
        {
            lock (_console)
            {
                if (!_disposed)
                {
                    file.WriteLine(line);
                    options.Say($"{name,-22} | {line}");
                }
            }
        };
    }

    public async Task<bool> AnswersAsync(Uri address, CancellationToken ct)
    {
        try
        {
            using var answer = await _http.GetAsync(address, ct);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception notYet) when (notYet is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            return false;
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        lock (_console)
        {
            _disposed = true;
            foreach (var file in _files.Values)
            {
                file.Dispose();
            }
        }
    }
}
