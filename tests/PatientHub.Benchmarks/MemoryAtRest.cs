using System.Diagnostics;
using System.Globalization;
using PatientHub.Benchmarks.Frame;
using PatientHub.Benchmarks.WholeSystem;

namespace PatientHub.Benchmarks;

/// <summary>
/// Resident size of each process, idle after start and the PAS's first feed: RSS counts the pages of libraries once for every process that maps them, PSS shares them
/// out. And the time from nothing to all ready, with packages and build there.
/// </summary>
internal static class MemoryAtRest
{
    private static readonly string[] Ours = ["identity", "appointments", "letters", "notifications", "postal", "gateway"];

    public static async Task RunAsync(Options options, Report report)
    {
        var rest = options.Number("rest", 60);
        var clock = Stopwatch.StartNew();
        await using var hub = await RunningHub.StartAsync();
        Console.WriteLine($"ready and fed after {clock.Elapsed.TotalSeconds:F0} s; rests for {rest} s");
        await Task.Delay(TimeSpan.FromSeconds(rest));

        List<(string Name, long Rss, long Pss, long Own)> sizes = [];
        foreach (var name in Ours)
        {
            var rollup = (await File.ReadAllLinesAsync($"/proc/{hub.Ready.Resources[name].ProcessId}/smaps_rollup")).Skip(1)
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToLookup(fields => fields[0], fields => long.Parse(fields[1], CultureInfo.InvariantCulture) / 1024);
            sizes.Add((name, rollup["Rss:"].Single(), rollup["Pss:"].Single(), rollup["Private_Dirty:"].Single()));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-14} RSS {sizes[^1].Rss} MB, PSS {sizes[^1].Pss} MB, its own alone {sizes[^1].Own} MB"));
        }

        report.Add("Memory of a service at rest (bar 120 MB, aim 90)",
            $"RSS {string.Join(", ", sizes.Select(s => $"{s.Name} {s.Rss}"))} MB; PSS {string.Join(", ", sizes.Select(s => s.Pss))} MB", "memory");
    }
}
