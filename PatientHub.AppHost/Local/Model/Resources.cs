using PatientHub.AppHost.Local.Servers;

namespace PatientHub.AppHost.Local;

// What a resource can do, in Aspire's words: the calls in ResourceBuilderExtensions ask for these, as Aspire's do.

public interface IResource
{
    string Name { get; }
}

public interface IResourceWithWaitSupport : IResource
{
    List<WaitAnnotation> Waits { get; }
}

public interface IResourceWithEnvironment : IResource
{
    Dictionary<string, IValue> Environment { get; }

    /// <summary>Other services whose addresses it gets.</summary>
    List<IResourceWithServiceDiscovery> ServiceReferences { get; }
}

public interface IResourceWithArgs : IResource
{
    List<string> Arguments { get; }
}

public interface IResourceWithEndpoints : IResource
{
    List<EndpointAnnotation> Endpoints { get; }
}

public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;

public interface IResourceWithConnectionString : IResource
{
    string ConnectionString { get; }

    /// <summary>What our processes are told: the same, unless there is a detour.</summary>
    string ConnectionStringForOthers { get; }
}

/// <summary>Can be reached through another port of loopback.</summary>
public interface IResourceWithDetour : IResource
{
    int? Via { get; set; }
}

/// <summary>What must be true before a resource starts: another one is ready, or has ended well.</summary>
public sealed record WaitAnnotation(IResource On, bool Completion);

/// <summary>A secret or setting that the person who deploys gives; locally it is generated once and kept.</summary>
public sealed class ParameterResource(string name, bool secret) : IResource, IValue
{
    public string Name => name;

    public bool Secret => secret;

    /// <summary>Its value unless somebody gives another.</summary>
    public string? Default { get; init; }

    public bool IsDefaultPublished { get; init; }

    public string? Value { get; internal set; }

    public string Expression => $"{{{name}.value}}";

    public string Resolve() => Value ?? throw new InvalidOperationException($"The parameter '{name}' has no value yet.");
}

/// <summary>A private server process (PostgreSQL, Redis, RabbitMQ).</summary>
public abstract class ServerResource(string name) : IResourceWithDetour
{
    public string Name => name;

    /// <summary>A wanted port; null: any free one, kept from then on.</summary>
    public int? Port { get; internal set; }

    /// <summary>The port through which our processes reach it; null: its own.</summary>
    public int? Via { get; set; }

    internal abstract NeededPackage Package { get; }

    internal ServerProcess? Server { get; set; }
}

public sealed class PostgresServerResource(string name) : ServerResource(name)
{
    internal override NeededPackage Package => NeededPackage.Postgres;

    internal PostgresProcess Process => (PostgresProcess)(Server ?? throw new InvalidOperationException($"'{Name}' is not started."));
}

public sealed class PostgresDatabaseResource(string name, string databaseName, PostgresServerResource parent) : IResourceWithConnectionString, IResourceWithDetour
{
    public string Name => name;

    public string DatabaseName => databaseName;

    public PostgresServerResource Parent => parent;

    /// <summary>For this database alone; without it, the server's.</summary>
    public int? Via { get; set; }

    public string ConnectionString => parent.Process.ConnectionString(databaseName);

    public string ConnectionStringForOthers => parent.Process.ConnectionString(databaseName, Via ?? parent.Via);
}

public sealed class RedisResource(string name) : ServerResource(name), IResourceWithConnectionString
{
    internal override NeededPackage Package => NeededPackage.Redis;

    public string ConnectionString => Process.ConnectionString;

    public string ConnectionStringForOthers => Via is { } via ? Process.ConnectionStringVia(via) : ConnectionString;

    private RedisProcess Process => (RedisProcess)(Server ?? throw new InvalidOperationException($"'{Name}' is not started."));
}

public sealed class RabbitMQServerResource(string name) : ServerResource(name), IResourceWithConnectionString
{
    internal override NeededPackage Package => NeededPackage.RabbitMq;

    public string ConnectionString => Process.ConnectionString;

    public string ConnectionStringForOthers => Process.UriOf("/", Via);

    internal RabbitMqProcess Process => (RabbitMqProcess)(Server ?? throw new InvalidOperationException($"'{Name}' is not started."));
}

/// <summary>A process of ours.</summary>
public abstract class ProcessResource(string name) : IResourceWithWaitSupport, IResourceWithEnvironment, IResourceWithArgs, IResourceWithServiceDiscovery
{
    public string Name => name;

    public List<WaitAnnotation> Waits { get; } = [];

    public Dictionary<string, IValue> Environment { get; } = [];

    public List<IResourceWithServiceDiscovery> ServiceReferences { get; } = [];

    public List<string> Arguments { get; } = [];

    public List<EndpointAnnotation> Endpoints { get; } = [];

    /// <summary>All variables, the addresses of other services and its own doors among them, under Aspire's names.</summary>
    internal IEnumerable<KeyValuePair<string, IValue>> AllEnvironment() =>
    [
        .. Environment,
        .. from service in ServiceReferences
           from endpoint in service.Endpoints
           select KeyValuePair.Create<string, IValue>($"services__{service.Name}__{endpoint.Name}__0", new EndpointReference(service, endpoint.Name)),
    ];

    /// <summary>Endpoint and path that answer 200 when it is ready; none: it is ready when it runs.</summary>
    public (EndpointReference Endpoint, string Path)? HealthCheck { get; set; }
}

/// <summary>A .NET project of this repository.</summary>
public sealed class ProjectResource(string name, string projectPath) : ProcessResource(name)
{
    /// <summary>Full path of the project file.</summary>
    public string ProjectPath => projectPath;
}

/// <summary>Any program.</summary>
public sealed class ExecutableResource(string name, string command, string workingDirectory) : ProcessResource(name)
{
    public string Command => command;

    public string WorkingDirectory => workingDirectory;
}
