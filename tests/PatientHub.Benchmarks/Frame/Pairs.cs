using System.Diagnostics;
using System.Globalization;

namespace PatientHub.Benchmarks.Frame;

/// <summary>One side of a comparison.</summary>
/// <param name="Name">As the report shows it.</param>
/// <param name="Prepare">Before each run, not measured.</param>
/// <param name="Work">The measured run.</param>
internal sealed record Side(string Name, Func<Task> Prepare, Func<Task<Done>> Work);

/// <summary>What a run has done.</summary>
/// <param name="Units">Messages, requests, rows.</param>
/// <param name="Figure">What is compared; null for units per second.</param>
internal sealed record Done(double Units, double? Figure = null);

/// <summary>One measured run: figure, and CPU seconds by worker.</summary>
internal sealed record Run(double Units, TimeSpan Elapsed, double Figure, Dictionary<string, double> Cpu)
{
    /// <summary>CPU seconds of one worker per 100,000 units.</summary>
    public double CpuPer100K(string worker) => Cpu[worker] / Units * 100_000;
}

/// <summary>A B A B …: the machine is never quiet, but what disturbs a pair disturbs both of its sides. The median of the pairs' ratios is the result.</summary>
internal sealed record Pairs(string Name, Side A, Side B, IReadOnlyList<(Run A, Run B)> All, IReadOnlyList<Worker> Workers)
{
    public double MedianRatio => Median(All.Select(pair => pair.A.Figure / pair.B.Figure));

    public double MedianA => Median(All.Select(pair => pair.A.Figure));

    public double MedianB => Median(All.Select(pair => pair.B.Figure));

    /// <summary>Every pair's ratio, in order.</summary>
    public string RatioList => string.Join(", ", All.Select(pair => (pair.A.Figure / pair.B.Figure).ToString("F2", CultureInfo.InvariantCulture)));

    public static async Task<Pairs> RunAsync(string name, Side a, Side b, IReadOnlyList<Worker> workers, int pairs = 5, string unit = "units/s")
    {
        Console.WriteLine($"\n{name}: {a.Name} (A) against {b.Name} (B); load {Machine.Load}");
        // One of each that does not count: code is compiled, caches are warm.
        await MeasureAsync(a, workers);
        await MeasureAsync(b, workers);

        List<(Run A, Run B)> all = [];
        for (var pair = 1; pair <= pairs; pair++)
        {
            all.Add((await MeasureAsync(a, workers), await MeasureAsync(b, workers)));
            var (runA, runB) = all[^1];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {pair}: A {runA.Figure:N1} {unit}, B {runB.Figure:N1} {unit}, ratio {runA.Figure / runB.Figure:F2}; CPU s per 100,000: A {Cpu(runA)}; B {Cpu(runB)}"));
        }

        var result = new Pairs(name, a, b, all, workers);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  median ratio {result.MedianRatio:F2}; load {Machine.Load}"));
        return result;
    }

    /// <summary>One run with its CPU time.</summary>
    public static async Task<Run> MeasureAsync(Side side, IReadOnlyList<Worker> workers)
    {
        await side.Prepare();
        GC.Collect();
        var before = CpuSeconds.Read(workers);
        var clock = Stopwatch.StartNew();
        var done = await side.Work();
        var elapsed = clock.Elapsed;
        var after = CpuSeconds.Read(workers);
        return new Run(done.Units, elapsed, done.Figure ?? done.Units / elapsed.TotalSeconds, workers.ToDictionary(w => w.Name, w => after[w.Name] - before[w.Name]));
    }

    /// <summary>Median CPU seconds per 100,000 units of A, by worker: ".NET 2.1, PostgreSQL 1.3".</summary>
    public string CpuOfA => CpuOf(All.Select(pair => pair.A), Workers);

    public string CpuOfB => CpuOf(All.Select(pair => pair.B), Workers);

    public static string CpuOf(IEnumerable<Run> runs, IReadOnlyList<Worker> workers) =>
        string.Join(", ", workers.Select(worker => string.Create(CultureInfo.InvariantCulture, $"{worker.Name} {Median(runs.Select(run => run.CpuPer100K(worker.Name))):F1}")));

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }

    private static string Cpu(Run run) => string.Join(", ", run.Cpu.Keys.Select(worker => string.Create(CultureInfo.InvariantCulture, $"{worker} {run.CpuPer100K(worker):F1}")));
}
