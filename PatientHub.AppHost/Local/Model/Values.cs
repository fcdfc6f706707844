namespace PatientHub.AppHost.Local;

/// <summary>The value of an environment variable: known now (a text) or only when the system runs (a port, a password).</summary>
public interface IValue
{
    /// <summary>As Aspire's manifest writes it: <c>{gateway.bindings.http.url}</c>.</summary>
    string Expression { get; }

    /// <summary>Only after parameters are generated and ports are chosen.</summary>
    string Resolve();
}

internal sealed record Literal(string Text) : IValue
{
    public string Expression => Text;

    public string Resolve() => Text;
}

/// <summary>One door of a resource.</summary>
public sealed class EndpointAnnotation(string name)
{
    public string Name { get; } = name;

    /// <summary>A wanted port; null: any free one.</summary>
    public int? Port { get; set; }

    /// <summary>The port through which other processes reach it; null: its own.</summary>
    public int? Via { get; set; }

    /// <summary>The variable that tells the process this port. Then it is not in ASPNETCORE_URLS: the process opens it by itself.</summary>
    public string? EnvironmentVariable { get; init; }

    public bool IsExternal { get; set; }

    public int AllocatedPort { get; set; }

    /// <summary>Loopback only.</summary>
    public string Url => AllocatedPort > 0 ? $"http://localhost:{AllocatedPort}" : throw new InvalidOperationException($"The endpoint '{Name}' has no port yet.");

    /// <summary>What other processes are told.</summary>
    public string UrlForOthers => Via is { } via ? $"http://localhost:{via}" : Url;
}

/// <summary>The address of another resource's door.</summary>
public sealed class EndpointReference(IResourceWithEndpoints resource, string name) : IValue
{
    public string Expression => $"{{{resource.Name}.bindings.{name}.url}}";

    public string Resolve() => Endpoint.UrlForOthers;

    internal EndpointAnnotation Endpoint =>
        resource.Endpoints.Find(e => e.Name == name) ?? throw new InvalidOperationException($"'{resource.Name}' has no endpoint '{name}'.");
}

internal sealed class ConnectionStringReference(IResourceWithConnectionString resource) : IValue
{
    public string Expression => $"{{{resource.Name}.connectionString}}";

    public string Resolve() => resource.ConnectionStringForOthers;
}
