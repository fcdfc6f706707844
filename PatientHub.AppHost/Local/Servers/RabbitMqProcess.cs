using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;

namespace PatientHub.AppHost.Local.Servers;

/// <summary>
/// A private RabbitMQ with its management plugin: its own node name, its own Erlang port mapper and distribution port, all on loopback, so that
/// many live side by side and none meets the machine's own.
/// </summary>
public sealed class RabbitMqProcess(string folder, Action<string>? onLine = null) : ServerProcess(folder, onLine)
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private ChildProcess? _portMapper;
    private int _portMapperPort;
    private int _distributionPort;

    protected override string Name => "RabbitMQ";

    public string UserName => "patienthub";

    /// <summary>The console and its HTTP API.</summary>
    public int ManagementPort { get; set; }

    public Uri ManagementUri => new($"http://127.0.0.1:{ManagementPort}");

    /// <summary>For MassTransit and RabbitMQ.Client.</summary>
    public string ConnectionString => UriOf("/");

    /// <param name="virtualHost">Its name, unescaped.</param>
    /// <param name="via">Another port of loopback that forwards to ours.</param>
    public string UriOf(string virtualHost, int? via = null) => $"amqp://{UserName}:{Password}@127.0.0.1:{via ?? Port}{(virtualHost == "/" ? "" : "/" + Uri.EscapeDataString(virtualHost))}";

    public async Task CreateVirtualHostAsync(string name, CancellationToken ct = default)
    {
        using var created = await ApiAsync(HttpMethod.Put, $"/api/vhosts/{Uri.EscapeDataString(name)}", new { default_queue_type = "quorum" }, ct);
        created.EnsureSuccessStatusCode();
        using var allowed = await ApiAsync(HttpMethod.Put, $"/api/permissions/{Uri.EscapeDataString(name)}/{UserName}", new { configure = ".*", write = ".*", read = ".*" }, ct);
        allowed.EnsureSuccessStatusCode();
    }

    public async Task DeleteVirtualHostAsync(string name, CancellationToken ct = default)
    {
        using var deleted = await ApiAsync(HttpMethod.Delete, $"/api/vhosts/{Uri.EscapeDataString(name)}", null, ct);
        deleted.EnsureSuccessStatusCode();
    }

    /// <summary>A call to the management API with our account.</summary>
    public async Task<HttpResponseMessage> ApiAsync(HttpMethod method, string path, object? body, CancellationToken ct = default)
    {
        using var request = new HttpRequestMessage(method, new Uri(ManagementUri, path)) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{UserName}:{Password}")));
        return await _http.SendAsync(request, ct);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_portMapper is { } portMapper)
        {
            await portMapper.KillAsync();
            portMapper.Dispose();
        }
        _http.Dispose();
    }

    protected override async Task PrepareAsync(CancellationToken ct)
    {
        ManagementPort = ManagementPort > 0 && FreePort.IsFree(ManagementPort) ? ManagementPort : FreePort.Next();
        _distributionPort = _distributionPort > 0 && FreePort.IsFree(_distributionPort) ? _distributionPort : FreePort.Next();
        await StartPortMapperAsync();
        await WriteSecretAsync(
            Path.Combine(Folder, "rabbitmq.conf"),
            $"""
            listeners.tcp.default = 127.0.0.1:{Port}
            management.tcp.ip = 127.0.0.1
            management.tcp.port = {ManagementPort}
            default_user = {UserName}
            default_pass = {Password}
            loopback_users = none
            log.file = false
            log.console = true
            log.console.level = warning
            vm_memory_high_watermark.absolute = 1500MiB
            disk_free_limit.absolute = 50MB
            collect_statistics_interval = 1000
            """ + "\n",
            ct);
        await File.WriteAllTextAsync(Path.Combine(Folder, "enabled_plugins"), "[rabbitmq_management].\n", ct);
        await File.WriteAllTextAsync(Path.Combine(Folder, "rabbitmq-env.conf"), "", ct);
    }

    protected override ChildCommand Command() => new(
        NeededPackage.RabbitMq.Find() ?? throw new MissingPackagesException(Packages.Advice([NeededPackage.RabbitMq.Package])))
    {
        WorkingDirectory = Folder,
        Environment =
        {
            ["HOME"] = Folder,
            ["RABBITMQ_NODENAME"] = $"patienthub@localhost",
            ["RABBITMQ_NODE_IP_ADDRESS"] = null,
            ["RABBITMQ_NODE_PORT"] = null,
            ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(Folder, "rabbitmq-env.conf"),
            ["RABBITMQ_CONFIG_FILE"] = Path.Combine(Folder, "rabbitmq.conf"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(Folder, "enabled_plugins"),
            ["RABBITMQ_MNESIA_BASE"] = Path.Combine(Folder, "mnesia"),
            ["RABBITMQ_LOG_BASE"] = Path.Combine(Folder, "log"),
            ["RABBITMQ_GENERATED_CONFIG_DIR"] = Path.Combine(Folder, "config"),
            ["RABBITMQ_SCHEMA_DIR"] = Path.Combine(Folder, "schema"),
            ["RABBITMQ_PID_FILE"] = Path.Combine(Folder, "rabbitmq.pid"),
            ["RABBITMQ_DIST_PORT"] = $"{_distributionPort}",
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}",
            ["ERL_EPMD_PORT"] = $"{_portMapperPort}",
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            // The start script then replaces itself by the Erlang machine instead of keeping a shell between it and us.
            ["RUNNING_UNDER_SYSTEMD"] = "true",
        },
    };

    protected override async Task<bool> AnswersAsync(CancellationToken ct)
    {
        if (FreePort.IsFree(Port) || FreePort.IsFree(ManagementPort))
        {
            return false;
        }
        try
        {
            using var answer = await ApiAsync(HttpMethod.Get, "/api/vhosts/%2F", null, ct);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Erlang would start a port mapper that outlives it; ours is a child like any other.</summary>
    private async Task StartPortMapperAsync()
    {
        if (_portMapper is { HasExited: false })
        {
            return;
        }
        _portMapperPort = _portMapperPort > 0 && FreePort.IsFree(_portMapperPort) ? _portMapperPort : FreePort.Next();
        _portMapper?.Dispose();
        _portMapper = await ChildProcess.StartAsync(Marked(new ChildCommand("epmd", "-port", $"{_portMapperPort}", "-address", "127.0.0.1")));
    }
}
