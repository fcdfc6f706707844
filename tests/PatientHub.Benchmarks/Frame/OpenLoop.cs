using System.Diagnostics;

namespace PatientHub.Benchmarks.Frame;

/// <summary>
/// Calls at a fixed rate whatever the answers do. Latency counts from the moment a call was due, so that a stall is seen by everybody it kept waiting,
/// and not by one call alone.
/// </summary>
internal static class OpenLoop
{
    /// <returns>Latencies in milliseconds, sorted.</returns>
    public static async Task<double[]> RunAsync(double perSecond, TimeSpan length, Func<int, Task> call)
    {
        var count = (int)(perSecond * length.TotalSeconds);
        var latencies = new double[count];
        var calls = new Task[count];
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            var due = TimeSpan.FromSeconds(i / perSecond);
            if (due - Stopwatch.GetElapsedTime(start) is { Ticks: > 0 } early)
                await Task.Delay(early);
            calls[i] = CallAsync(i, due);
        }

        await Task.WhenAll(calls);
        return [.. latencies.Order()];

        async Task CallAsync(int number, TimeSpan due)
        {
            await Task.Yield();
            await call(number);
            latencies[number] = (Stopwatch.GetElapsedTime(start) - due).TotalMilliseconds;
        }
    }

    /// <param name="sorted">As <see cref="RunAsync"/> returns them.</param>
    /// <param name="share">0.99 for p99.</param>
    public static double At(this double[] sorted, double share) => sorted[(int)Math.Ceiling(share * sorted.Length) - 1];
}
