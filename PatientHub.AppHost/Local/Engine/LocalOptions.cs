using System.Globalization;
using PatientHub.AppHost.Local.Servers;

namespace PatientHub.AppHost.Local.Engine;

/// <summary>Somebody asked for something that cannot be; the message is for the console.</summary>
public sealed class LocalRunException(string message) : Exception(message);

/// <summary>The command line. What is not listed here belongs to AppHost.cs.</summary>
public sealed record LocalOptions
{
    public required string AppHostDirectory { get; init; }

    /// <summary><c>--instance name</c>: data of its own. Without it: the first instance of this checkout that nobody runs.</summary>
    public string? Instance { get; init; }

    /// <summary><c>--ready-file path</c>: addresses, connection strings and process ids as JSON, written when everything is ready.</summary>
    public string? ReadyFile { get; init; }

    /// <summary><c>--fresh</c>: begins with empty data, and removes it at the end.</summary>
    public bool Fresh { get; init; }

    /// <summary><c>--no-build</c>: the projects are already built (tests).</summary>
    public bool NoBuild { get; init; }

    /// <summary><c>--install</c>: installs what is missing and ends.</summary>
    public bool InstallOnly { get; init; }

    /// <summary><c>--print-parameters</c>: generated values for <c>dotnet user-secrets set --project PatientHub.AppHost</c>, and ends.</summary>
    public bool PrintParameters { get; init; }

    /// <summary><c>--publisher manifest</c>: describes the deployment instead of running it, as Aspire does.</summary>
    public bool Publish { get; init; }

    /// <summary><c>--output-path file</c>: where the manifest goes; else standard output.</summary>
    public string? OutputPath { get; init; }

    /// <summary><c>--port name=port</c>, repeatable: there that resource listens (a door other than the first is <c>gateway/machine</c>).</summary>
    public IReadOnlyDictionary<string, int> Ports { get; init; } = new Dictionary<string, int>();

    /// <summary><c>--via name=port</c>, repeatable: our processes reach that resource through this port of loopback, where somebody forwards.</summary>
    public IReadOnlyDictionary<string, int> Vias { get; init; } = new Dictionary<string, int>();

    /// <summary><c>--parameter name=value</c>, repeatable: the value of a parameter of AppHost.cs.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary><c>--set name:VARIABLE=value</c>, repeatable: one more environment variable for that process, or for all (<c>*</c>).</summary>
    public IReadOnlyList<VariableSetting> Sets { get; init; } = [];

    /// <summary>What the services need beside the stores.</summary>
    public IReadOnlyList<NeededPackage> Packages { get; init; } = [NeededPackage.Chromium, NeededPackage.Font];

    /// <summary>Where the data of all instances lies.</summary>
    public string DataRoot { get; init; } = "/var/tmp";

    /// <summary>Lines for the person at the console.</summary>
    public Action<string> Say { get; init; } = Console.WriteLine;

    /// <summary>Start failures in a row before the run gives up.</summary>
    public int StartTries { get; init; } = 3;

    /// <summary>The first pause before a crashed process starts again; it doubles up to 30 s.</summary>
    public TimeSpan RestartDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Debug or Release: as this program itself was built.</summary>
    public static string Configuration { get; } = AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";

    public static string Framework { get; } = string.Create(CultureInfo.InvariantCulture, $"net{Environment.Version.Major}.{Environment.Version.Minor}");

    public static LocalOptions Parse(string[] args, string appHostDirectory) => new()
    {
        AppHostDirectory = appHostDirectory,
        Instance = ValueOf(args, "--instance"),
        ReadyFile = ValueOf(args, "--ready-file"),
        Fresh = args.Contains("--fresh"),
        NoBuild = args.Contains("--no-build"),
        InstallOnly = args.Contains("--install"),
        PrintParameters = args.Contains("--print-parameters"),
        Publish = ValueOf(args, "--publisher") is not null,
        OutputPath = ValueOf(args, "--output-path"),
        Ports = PortsOf(args, "--port"),
        Vias = PortsOf(args, "--via"),
        Parameters = ValuesOf(args, "--parameter").Select(value => value.Split('=', 2) is [{ Length: > 0 } name, var text] ? (name, text) : throw new LocalRunException($"--parameter {value}: expected NAME=VALUE."))
            .GroupBy(pair => pair.name, pair => pair.text).ToDictionary(group => group.Key, group => group.Last()),
        Sets = [.. ValuesOf(args, "--set").Select(VariableSetting.Parse)],
    };

    private static string? ValueOf(string[] args, string name) => ValuesOf(args, name).FirstOrDefault();

    private static IEnumerable<string> ValuesOf(string[] args, string name) =>
        from at in Enumerable.Range(0, args.Length)
        where args[at] == name
        select at + 1 < args.Length ? args[at + 1] : throw new LocalRunException($"{name} needs a value.");

    private static Dictionary<string, int> PortsOf(string[] args, string name)
    {
        var ports = new Dictionary<string, int>();
        foreach (var value in ValuesOf(args, name))
        {
            if (value.Split('=') is not [{ Length: > 0 } resource, var text] || !ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
            {
                throw new LocalRunException($"{name} {value}: expected NAME=PORT.");
            }
            ports[resource] = port;
        }
        return ports;
    }
}
