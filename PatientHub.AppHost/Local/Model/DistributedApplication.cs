using System.Runtime.CompilerServices;
using PatientHub.AppHost.Local.Engine;

namespace PatientHub.AppHost.Local;

/// <summary>Whether the system is to run here, or only to be described for a deployment elsewhere.</summary>
public sealed record DistributedApplicationExecutionContext(bool IsRunMode)
{
    public bool IsPublishMode => !IsRunMode;
}

/// <summary>A resource that is being described.</summary>
public interface IResourceBuilder<out T> where T : IResource
{
    T Resource { get; }

    DistributedApplicationBuilder ApplicationBuilder { get; }
}

internal sealed record ResourceBuilder<T>(T Resource, DistributedApplicationBuilder ApplicationBuilder) : IResourceBuilder<T> where T : IResource;

/// <summary>The list of resources, in the order of AppHost.cs.</summary>
public sealed class DistributedApplicationBuilder
{
    private readonly List<IResource> _resources = [];

    internal DistributedApplicationBuilder(LocalOptions options)
    {
        Options = options;
        ExecutionContext = new DistributedApplicationExecutionContext(IsRunMode: !options.Publish);
    }

    public DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <summary>The folder of AppHost.cs: paths in it are relative to this.</summary>
    public string AppHostDirectory => Options.AppHostDirectory;

    internal LocalOptions Options { get; }

    internal IReadOnlyList<IResource> Resources => _resources;

    public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource
    {
        if (_resources.Exists(r => string.Equals(r.Name, resource.Name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new InvalidOperationException($"There are two resources named '{resource.Name}'.");
        }
        _resources.Add(resource);
        return new ResourceBuilder<T>(resource, this);
    }

    public DistributedApplication Build() => new(this);
}

/// <summary>Aspire's entry point, run as plain processes: <c>DistributedApplication.CreateBuilder(args)</c> ... <c>builder.Build().Run()</c>.</summary>
public sealed class DistributedApplication(DistributedApplicationBuilder builder)
{
    public static DistributedApplicationBuilder CreateBuilder(string[] args, [CallerFilePath] string appHostFile = "") =>
        CreateBuilder(LocalOptions.Parse(args, Path.GetDirectoryName(appHostFile)!));

    internal static DistributedApplicationBuilder CreateBuilder(LocalOptions options) => new(options);

    /// <summary>Runs until Ctrl-C, SIGTERM or a failure; the exit code of this process tells which.</summary>
    public void Run() => Environment.ExitCode = LocalRun.RunAsync(builder).GetAwaiter().GetResult();

    /// <summary>For tests: the engine itself.</summary>
    internal LocalEngine CreateEngine() => new(builder.Resources, builder.Options);
}
