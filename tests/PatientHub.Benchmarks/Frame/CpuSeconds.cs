using System.Globalization;

namespace PatientHub.Benchmarks.Frame;

/// <summary>A process, with all it has started, whose CPU time counts under one name.</summary>
internal sealed record Worker(string Name, int ProcessId)
{
    /// <summary>Whatever runs inside the benchmark: both sides of a pair, in turn.</summary>
    public static Worker Here { get; } = new(".NET", Environment.ProcessId);
}

/// <summary>CPU seconds from <c>/proc</c>: user and system time of each worker, of its children, and of those children that have ended.</summary>
internal static class CpuSeconds
{
    // USER_HZ, which the kernel shows to programs on every Linux of today.
    private const double TicksPerSecond = 100;

    public static Dictionary<string, double> Read(IEnumerable<Worker> workers)
    {
        var stats = Directory.EnumerateDirectories("/proc").Select(folder => Path.GetFileName(folder)).Where(name => name.All(char.IsAsciiDigit))
            .Select(Stat).OfType<ProcessStat>().ToList();
        var children = stats.ToLookup(stat => stat.Parent);
        var all = workers.ToList();
        return all.ToDictionary(worker => worker.Name, worker => Sum(worker.ProcessId) / TicksPerSecond);

        // The servers are children of this very process, and workers of their own.
        double Sum(int processId) => stats.Where(stat => stat.Id == processId).Sum(stat => stat.Ticks)
            + children[processId].Where(child => all.TrueForAll(worker => worker.ProcessId != child.Id)).Sum(child => Sum(child.Id));
    }

    private static ProcessStat? Stat(string id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            // The second field is the program's name in brackets and may hold spaces: count from the last bracket.
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return new ProcessStat(int.Parse(id, CultureInfo.InvariantCulture), Number(1), Number(11) + Number(12) + Number(13) + Number(14));

            int Number(int field) => int.Parse(fields[field], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // It has just ended; its time is in its parent's by now.
            return null;
        }
    }

    private sealed record ProcessStat(int Id, int Parent, long Ticks);
}
