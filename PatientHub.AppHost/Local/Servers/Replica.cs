using System.Globalization;

namespace PatientHub.AppHost.Local.Servers;

/// <summary>One more process of a service that runs: the same program with the very environment of the other, on ports of its own. For tests and measurements; the engine knows nothing of it.</summary>
public static class Replica
{
    private const string MachinePort = "Gateway__MachinePort";

    /// <summary>The command, and where it will answer.</summary>
    /// <param name="processId">The one that runs.</param>
    /// <param name="changes">Of its environment.</param>
    public static (ChildCommand Command, Uri Address) Of(int processId, IReadOnlyDictionary<string, string?>? changes = null)
    {
        var command = Words(processId, "cmdline");
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}"));
        var environment = EnvironmentOf(processId);
        if (environment.ContainsKey(MachinePort))
        {
            environment[MachinePort] = FreePort.Next().ToString(CultureInfo.InvariantCulture);
        }

        environment["ASPNETCORE_URLS"] = address.GetLeftPart(UriPartial.Authority);
        foreach (var (name, value) in changes ?? new Dictionary<string, string?>())
        {
            environment[name] = value;
        }

        return (new ChildCommand(command[0], command[1..]) { WorkingDirectory = new FileInfo($"/proc/{processId}/cwd").LinkTarget, Environment = environment }, address);
    }

    /// <summary>What a process was started with.</summary>
    public static Dictionary<string, string?> EnvironmentOf(int processId) =>
        Words(processId, "environ").Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], string? (pair) => pair[1]);

    private static string[] Words(int processId, string what) =>
        File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/{what}")).Split('\0', StringSplitOptions.RemoveEmptyEntries);
}
