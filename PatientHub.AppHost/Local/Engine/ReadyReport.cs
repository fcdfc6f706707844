using System.Text.Json;
using System.Text.Json.Serialization;

namespace PatientHub.AppHost.Local.Engine;

/// <summary>What the ready file tells tests and tools: where everything is. It holds secrets, so the file is 0600.</summary>
public sealed record ReadyReport
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The process that runs everything; SIGTERM stops it all.</summary>
    public required int ProcessId { get; init; }

    public required string DataFolder { get; init; }

    /// <summary>Generated values by parameter name, secrets included.</summary>
    public required Dictionary<string, string> Parameters { get; init; }

    public required Dictionary<string, ResourceReport> Resources { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, Options);

    public static ReadyReport FromJson(string json) => JsonSerializer.Deserialize<ReadyReport>(json, Options)!;

    internal static ReadyReport From(EngineContext context) => new()
    {
        ProcessId = Environment.ProcessId,
        DataFolder = context.Folder.Path,
        Parameters = context.Parameters.ToDictionary(p => p.Name, p => p.Value!),
        Resources = context.Running.ToDictionary(
            pair => pair.Key.Name,
            pair => new ResourceReport
            {
                ProcessId = pair.Value.ProcessId,
                Ready = pair.Value.IsUp,
                Restarts = pair.Value.Restarts,
                Urls = pair.Key is IResourceWithEndpoints { Endpoints.Count: > 0 } doors ? doors.Endpoints.ToDictionary(e => e.Name, e => e.Url)
                    : pair.Key is RabbitMQServerResource rabbit ? new() { ["management"] = rabbit.Process.ManagementUri.ToString() } : null,
                ConnectionString = pair.Key is IResourceWithConnectionString store ? store.ConnectionString : null,
            }),
    };
}

/// <summary>One resource; what does not apply to it is null.</summary>
public sealed record ResourceReport
{
    public int? ProcessId { get; init; }

    /// <summary>It answers. False while it is down, and for what has done its work and ended.</summary>
    public bool Ready { get; init; }

    public int Restarts { get; init; }

    public Dictionary<string, string>? Urls { get; init; }

    public string? ConnectionString { get; init; }
}
