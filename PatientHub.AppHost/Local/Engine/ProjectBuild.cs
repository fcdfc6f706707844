using System.Text.Json;
using PatientHub.AppHost.Local.Servers;

namespace PatientHub.AppHost.Local.Engine;

/// <summary>Builds the projects of the model in one call, then knows what to start.</summary>
internal static class ProjectBuild
{
    public static async Task BuildAsync(IReadOnlyCollection<ProjectResource> projects, InstanceFolder folder, CancellationToken ct)
    {
        var paths = projects.Select(p => p.ProjectPath).Distinct().ToArray();
        if (paths.FirstOrDefault(path => !File.Exists(path)) is { } absent)
        {
            throw new LocalRunException($"There is no project {absent}.");
        }
        // A solution filter: one restore and one build of just these projects and what they need.
        var solution = SolutionAbove(paths[0]);
        var filter = folder.In("services.slnf");
        var relative = paths.Select(path => Path.GetRelativePath(Path.GetDirectoryName(solution)!, path).Replace('/', '\\'));
        await File.WriteAllTextAsync(filter, JsonSerializer.Serialize(new { solution = new { path = solution, projects = relative } }), ct);

        using var build = await ChildProcess.StartAsync(
            new ChildCommand("dotnet", "build", filter, "-c", LocalOptions.Configuration, "-v", "quiet", "-nologo", "-clp:NoSummary", "-nodeReuse:false")
            {
                WorkingDirectory = Path.GetDirectoryName(solution),
                Environment = { ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1" },
            });
        await using var cancel = ct.Register(() => build.Signal(Signals.Kill));
        var code = await build.Exited;
        ct.ThrowIfCancellationRequested();
        if (code != 0)
        {
            await Task.WhenAny(build.Output, Task.Delay(TimeSpan.FromSeconds(5), ct));
            throw new LocalRunException($"The projects do not build:\n{string.Join('\n', build.LastLines)}");
        }
    }

    /// <summary>The built program of a project.</summary>
    public static string ProgramOf(ProjectResource project)
    {
        var program = Path.Combine(Path.GetDirectoryName(project.ProjectPath)!, "bin", LocalOptions.Configuration, LocalOptions.Framework, Path.GetFileNameWithoutExtension(project.ProjectPath) + ".dll");
        return File.Exists(program) ? program : throw new LocalRunException($"'{project.Name}' is not built: {program} is missing.");
    }

    private static string SolutionAbove(string path)
    {
        for (var folder = Path.GetDirectoryName(path); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (Directory.GetFiles(folder, "*.sln") is [var solution])
            {
                return solution;
            }
        }
        throw new LocalRunException($"There is no solution above {path}.");
    }
}
