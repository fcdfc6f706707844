using System.Diagnostics;

namespace PatientHub.Benchmarks.Frame;

/// <summary>
/// Calls at a fixed rate whatever the answers do. Latency counts from the moment a call was due, so that a stall is seen by everybody it kept waiting,
/// and not by one call alone.
/// </summary>
internal static class OpenLoop
{
    /// <returns>Latencies in milliseconds, sorted.</returns>
    public static Task<double[]> RunAsync(double perSecond, TimeSpan length, Func<int, Task> call)
    {
        var count = (int)(perSecond * length.TotalSeconds);
        return WhileAsync(perSecond, number => number < count, call);
    }

    /// <summary>As long as something else takes, and at least one call.</summary>
    public static Task<double[]> UntilAsync(double perSecond, Task done, Func<int, Task> call) => WhileAsync(perSecond, number => number == 0 || !done.IsCompleted, call);

    private static async Task<double[]> WhileAsync(double perSecond, Func<int, bool> goesOn, Func<int, Task> call)
    {
        List<Task<double>> calls = [];
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; goesOn(i); i++)
        {
            var due = TimeSpan.FromSeconds(i / perSecond);
            if (due - Stopwatch.GetElapsedTime(start) is { Ticks: > 0 } early)
                await Task.Delay(early);
            calls.Add(CallAsync(i, due));
        }

        return [.. (await Task.WhenAll(calls)).Order()];

        async Task<double> CallAsync(int number, TimeSpan due)
        {
            await Task.Yield();
            await call(number);
            return (Stopwatch.GetElapsedTime(start) - due).TotalMilliseconds;
        }
    }

    /// <param name="sorted">As <see cref="RunAsync"/> returns them.</param>
    /// <param name="share">0.99 for p99.</param>
    public static double At(this double[] sorted, double share) => sorted[(int)Math.Ceiling(share * sorted.Length) - 1];
}
