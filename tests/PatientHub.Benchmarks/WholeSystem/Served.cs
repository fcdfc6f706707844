using System.Globalization;
using PatientHub.Benchmarks.Frame;

namespace PatientHub.Benchmarks.WholeSystem;

/// <summary>
/// The CPU time of the processes that serve one side, and those alone: neither the load generator nor who only waits. Where the processor is what limits, requests per
/// second are its inverse; and it stays the same when others use the machine at the same time.
/// </summary>
internal static class Served
{
    public static string Told(this Pairs pairs, IReadOnlyList<string> a, IReadOnlyList<string> b)
    {
        var (ofA, ofB) = (Cost(pairs.All.Select(pair => pair.A), a), Cost(pairs.All.Select(pair => pair.B), b));
        return string.Create(CultureInfo.InvariantCulture,
            $"{pairs.MedianRatio:F2} ({pairs.MedianA:N0} against {pairs.MedianB:N0} requests/s; pairs {pairs.RatioList}); by CPU time {ofB.Total / ofA.Total:F2}: {ofA.Told} s per 100,000 against {ofB.Told} s");
    }

    private static (double Total, string Told) Cost(IEnumerable<Run> runs, IReadOnlyList<string> workers)
    {
        var parts = workers.Select(worker => (worker, Seconds: Pairs.Median(runs.Select(run => run.CpuPer100K(worker))))).ToList();
        var total = parts.Sum(part => part.Seconds);
        return (total, string.Create(CultureInfo.InvariantCulture, $"{total:F1} ({string.Join(", ", parts.Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.worker} {part.Seconds:F1}")))})"));
    }
}
