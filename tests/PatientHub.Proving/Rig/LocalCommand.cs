using System.Runtime.CompilerServices;
using PatientHub.AppHost.Local.Engine;
using PatientHub.AppHost.Local.Servers;
using PatientHub.Testing;

namespace PatientHub.Proving.Rig;

/// <summary>The command line of Local for one run: what README's first command is, with the run's proxies, clocks and settings.</summary>
internal static class LocalCommand
{
    public static ChildCommand For(HubOptions options, InstancePlace place, IReadOnlyDictionary<string, TcpProxy> proxies, IReadOnlyDictionary<string, ShiftableClock> clocks)
    {
        var program = Path.Combine(Root(), "PatientHub.AppHost", "Local", "bin", LocalOptions.Configuration, LocalOptions.Framework, "PatientHub.AppHost.Local.dll");
        var settings = options.Ladder.Settings()
            .Concat(clocks.SelectMany(clock => clock.Value.Environment.Select(variable => $"{clock.Key}:{variable.Key}={variable.Value}")))
            .Concat(options.Sets);
        string[] command =
        [
            // Small disks are mounted where nobody else sees them.
            .. options.SmallDisks ? ["unshare", "--mount"] : Array.Empty<string>(),
            "dotnet", program, "--fresh", "--no-build", "--instance", place.Name, "--ready-file", place.ReadyFile,
            .. options.RealHours ? ["--real-hours"] : Array.Empty<string>(),
            .. proxies.SelectMany(proxy => (string[])["--via", $"{proxy.Key}={proxy.Value.Port}"]),
            .. proxies.DistinctBy(proxy => ListenerOf(proxy.Key)).SelectMany(proxy => (string[])["--port", $"{ListenerOf(proxy.Key)}={proxy.Value.Upstream}"]),
            .. settings.SelectMany(setting => (string[])["--set", setting]),
        ];
        return new ChildCommand(command[0], command[1..])
        {
            WorkingDirectory = Root(),
            Environment = { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = options.Otlp?.ToString(), ["OTEL_EXPORTER_OTLP_PROTOCOL"] = options.Otlp is null ? null : "http/protobuf" },
        };
    }

    /// <summary>A database listens where its server does.</summary>
    public static string ListenerOf(string name) => name.EndsWith("db", StringComparison.Ordinal) ? "postgres" : name;

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
