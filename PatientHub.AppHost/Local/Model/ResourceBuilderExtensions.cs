namespace PatientHub.AppHost.Local;

/// <summary>The calls of Aspire 13.5 that AppHost.cs uses, with their meaning for plain processes. Nothing else belongs here.</summary>
public static class ResourceBuilderExtensions
{
    public static IResourceBuilder<ParameterResource> AddParameter(this DistributedApplicationBuilder builder, string name, bool secret = false) =>
        builder.AddResource(new ParameterResource(name, secret));

    public static IResourceBuilder<ParameterResource> AddParameter(this DistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = false, bool secret = false) =>
        builder.AddResource(new ParameterResource(name, secret) { Default = value, IsDefaultPublished = publishValueAsDefault });

    public static IResourceBuilder<PostgresServerResource> AddPostgres(this DistributedApplicationBuilder builder, string name) =>
        builder.AddResource(new PostgresServerResource(name));

    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(this IResourceBuilder<PostgresServerResource> server, string name, string? databaseName = null) =>
        server.ApplicationBuilder.AddResource(new PostgresDatabaseResource(name, databaseName ?? name, server.Resource));

    public static IResourceBuilder<RedisResource> AddRedis(this DistributedApplicationBuilder builder, string name) =>
        builder.AddResource(new RedisResource(name));

    public static IResourceBuilder<RabbitMQServerResource> AddRabbitMQ(this DistributedApplicationBuilder builder, string name) =>
        builder.AddResource(new RabbitMQServerResource(name));

    /// <summary>Always on here.</summary>
    public static IResourceBuilder<RabbitMQServerResource> WithManagementPlugin(this IResourceBuilder<RabbitMQServerResource> server) => server;

    /// <summary>The data is always kept, in the instance's folder.</summary>
    public static IResourceBuilder<T> WithDataVolume<T>(this IResourceBuilder<T> server) where T : ServerResource => server;

    public static IResourceBuilder<ProjectResource> AddProject(this DistributedApplicationBuilder builder, string name, string projectPath) =>
        builder.AddResource(new ProjectResource(name, Path.GetFullPath(projectPath, builder.AppHostDirectory)));

    public static IResourceBuilder<ExecutableResource> AddExecutable(this DistributedApplicationBuilder builder, string name, string command, string workingDirectory, params string[] args) =>
        builder.AddResource(new ExecutableResource(name, command, Path.GetFullPath(workingDirectory, builder.AppHostDirectory))).WithArgs(args);

    /// <summary>Where Aspire publishes to; plain processes have no use for it.</summary>
    public static DistributedApplicationBuilder AddDockerComposeEnvironment(this DistributedApplicationBuilder builder, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return builder;
    }

    public static IResourceBuilder<T> WithArgs<T>(this IResourceBuilder<T> builder, params string[] args) where T : IResourceWithArgs
    {
        builder.Resource.Arguments.AddRange(args);
        return builder;
    }

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, string? value) where T : IResourceWithEnvironment =>
        builder.With(name, new Literal(value ?? ""));

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, IResourceBuilder<ParameterResource> parameter) where T : IResourceWithEnvironment =>
        builder.With(name, parameter.Resource);

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, EndpointReference endpoint) where T : IResourceWithEnvironment =>
        builder.With(name, endpoint);

    /// <summary><c>ConnectionStrings__{name}</c>.</summary>
    public static IResourceBuilder<T> WithReference<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResourceWithConnectionString> source) where T : IResourceWithEnvironment =>
        builder.With($"ConnectionStrings__{source.Resource.Name}", new ConnectionStringReference(source.Resource));

    /// <summary><c>services__{name}__{endpoint}__0</c> for each of its endpoints.</summary>
    public static IResourceBuilder<T> WithReference<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResourceWithServiceDiscovery> source) where T : IResourceWithEnvironment
    {
        builder.Resource.ServiceReferences.Add(source.Resource);
        return builder;
    }

    public static IResourceBuilder<T> WithHttpEndpoint<T>(this IResourceBuilder<T> builder, int? port = null, int? targetPort = null, string? name = null, string? env = null)
        where T : IResourceWithEndpoints
    {
        builder.Resource.Endpoints.Add(new EndpointAnnotation(name ?? "http") { Port = targetPort ?? port, EnvironmentVariable = env });
        return builder;
    }

    public static EndpointReference GetEndpoint<T>(this IResourceBuilder<T> builder, string name) where T : IResourceWithEndpoints => new(builder.Resource, name);

    public static IResourceBuilder<T> WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder) where T : IResourceWithEndpoints
    {
        builder.Resource.Endpoints.ForEach(endpoint => endpoint.IsExternal = true);
        return builder;
    }

    public static IResourceBuilder<T> WithHttpHealthCheck<T>(this IResourceBuilder<T> builder, string path, string endpointName = "http") where T : ProcessResource
    {
        var endpoint = builder.GetEndpoint(endpointName);
        _ = endpoint.Endpoint;
        builder.Resource.HealthCheck = (endpoint, path);
        return builder;
    }

    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency) where T : IResourceWithWaitSupport
    {
        builder.Resource.Waits.Add(new WaitAnnotation(dependency.Resource, Completion: false));
        return builder;
    }

    public static IResourceBuilder<T> WaitForCompletion<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency) where T : IResourceWithWaitSupport
    {
        builder.Resource.Waits.Add(new WaitAnnotation(dependency.Resource, Completion: true));
        return builder;
    }

    private static IResourceBuilder<T> With<T>(this IResourceBuilder<T> builder, string name, IValue value) where T : IResourceWithEnvironment
    {
        builder.Resource.Environment[name] = value;
        return builder;
    }
}
