using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using PatientHub.AppHost.Local.Servers;

namespace PatientHub.AppHost.Local.Engine;

/// <summary>The command-line program around the engine.</summary>
internal static class LocalRun
{
    public static async Task<int> RunAsync(DistributedApplicationBuilder builder)
    {
        var options = builder.Options;
        if (options.Publish)
        {
            await Manifest.WriteAsync(builder.Resources, options.OutputPath);
            return 0;
        }
        if (!OperatingSystem.IsLinux())
        {
            await Console.Error.WriteLineAsync("Local runs on Linux. Elsewhere, with a container engine: dotnet run --project PatientHub.AppHost");
            return 1;
        }

        using var asked = new CancellationTokenSource();
        using var interrupt = Stops(PosixSignal.SIGINT, asked);
        using var terminate = Stops(PosixSignal.SIGTERM, asked);
        using var hangUp = Stops(PosixSignal.SIGHUP, asked);
        await using var engine = new LocalEngine(builder.Resources, options);
        try
        {
            if (options.InstallOnly)
            {
                await engine.InstallAsync(asked.Token);
                return 0;
            }
            if (options.PrintParameters)
            {
                using var folder = InstanceFolder.Open(options);
                var values = new ParameterValues(folder, options.Parameters);
                await Console.Out.WriteLineAsync(JsonSerializer.Serialize(builder.Resources.OfType<ParameterResource>().ToDictionary(p => $"Parameters:{p.Name}", values.ValueOf)));
                return 0;
            }
            var clock = Stopwatch.StartNew();
            await engine.StartAsync(asked.Token);
            options.Say(Summary(builder.Resources, engine, clock.Elapsed));
            await engine.FailedAsync().WaitAsync(asked.Token);
            return 0;
        }
        catch (OperationCanceledException) when (asked.IsCancellationRequested)
        {
            options.Say("Stopping ...");
            return 0;
        }
        catch (Exception failure) when (failure is ResourceFailedException or LocalRunException or MissingPackagesException or InvalidOperationException)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return 1;
        }
        finally
        {
            await engine.StopAsync();
        }
    }

    private static PosixSignalRegistration Stops(PosixSignal signal, CancellationTokenSource asked) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            // The second time the default happens: we die, and the kernel takes the children along.
            context.Cancel = !asked.IsCancellationRequested;
            asked.Cancel();
        });

    /// <summary>What a newcomer wants to know, last on the screen.</summary>
    private static string Summary(IReadOnlyList<IResource> resources, LocalEngine engine, TimeSpan took)
    {
        var lines = new List<string> { "", $"Ready in {took.TotalSeconds:0} s." };
        foreach (var (name, label) in ((string, string)[])[("gateway", "Hub"), ("simulators", "Phone page")])
        {
            if (resources.FirstOrDefault(r => r.Name == name) is IResourceWithEndpoints { Endpoints: [var door, ..] })
            {
                lines.Add($"  {label + ":",-18} {door.Url}");
            }
        }
        if (resources.OfType<RabbitMQServerResource>().FirstOrDefault() is { } rabbit)
        {
            lines.Add($"  {"RabbitMQ console:",-18} {rabbit.Process.ManagementUri} (user {rabbit.Process.UserName}, password {rabbit.Process.Password})");
        }
        lines.Add($"  {"Data and logs:",-18} {engine.DataFolder}");
        lines.Add("Ctrl-C stops everything.");
        return string.Join('\n', lines);
    }
}
