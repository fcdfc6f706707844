using System.Globalization;

namespace PatientHub.Benchmarks.Frame;

/// <summary>Where and when: a figure without that means nothing.</summary>
internal static class Machine
{
    /// <summary>Runnable processes on average over 1 and 5 minutes.</summary>
    public static string Load => string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ').Take(2));

    public static string Name { get; } = Describe();

    private static string Describe()
    {
        var processor = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown processor";
        var kilobytes = File.ReadLines("/proc/meminfo").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        return $"{Environment.ProcessorCount} cores of {processor}, {long.Parse(kilobytes, CultureInfo.InvariantCulture) / 1024 / 1024} GiB, .NET {Environment.Version}";
    }
}
