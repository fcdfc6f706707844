using System.Globalization;
using PatientHub.Benchmarks.Frame;
using PatientHub.Benchmarks.WholeSystem;

namespace PatientHub.Benchmarks;

/// <summary>
/// Resident size of each process: of a fresh one that has only started, of the same with the runtime's own settings for web projects, and of the system's own after the
/// PAS's first feed. RSS counts the pages of libraries once for every process that maps them; PSS shares them out.
/// </summary>
internal static class MemoryAtRest
{
    private static readonly string[] Ours = ["identity", "appointments", "letters", "notifications", "postal", "gateway"];

    public static async Task RunAsync(Options options, Report report)
    {
        var rest = options.Number("rest", 60);
        await using var hub = await RunningHub.StartAsync();
        List<HelperProcess> fresh = [], untuned = [];
        foreach (var name in Ours)
        {
            fresh.Add(await hub.ReplicaAsync(name, name, []));
            untuned.Add(await hub.ReplicaAsync(name, name, TwoStacks.ServerCollector));
        }
        Console.WriteLine($"All rest for {rest} s");
        await Task.Delay(TimeSpan.FromSeconds(rest));

        report.Add("Memory of a service that has started and rests (bar 120 MB, aim 90)", Told(fresh.Select(process => process.Worker)), "memory");
        report.Add("… with the runtime's settings for web projects", Told(untuned.Select(process => process.Worker)), "memory");
        report.Add("… of the system's own, after the PAS's first feed", Told(Ours.Select(hub.Worker)), "memory");
    }

    private static string Told(IEnumerable<Worker> workers)
    {
        var sizes = workers.Select(worker => (worker.Name, Rss: Megabytes(worker.ProcessId, "Rss:"), Pss: Megabytes(worker.ProcessId, "Pss:"), Own: Megabytes(worker.ProcessId, "Private_Dirty:"))).ToList();
        return $"RSS {string.Join(", ", sizes.Select(size => $"{size.Name} {size.Rss}"))} MB; PSS {string.Join(", ", sizes.Select(size => size.Pss))}; its own pages alone {string.Join(", ", sizes.Select(size => size.Own))}";
    }

    private static long Megabytes(int processId, string field) =>
        long.Parse(File.ReadLines($"/proc/{processId}/smaps_rollup").First(line => line.StartsWith(field, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
}
