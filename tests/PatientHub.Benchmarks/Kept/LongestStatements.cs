using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace PatientHub.Benchmarks.Kept;

/// <summary>How long each statement of one piece of work takes, as the driver's own spans tell; others use the same database meanwhile and do not count.</summary>
internal sealed class LongestStatements : IDisposable
{
    private readonly ConcurrentDictionary<string, (double Longest, double Sum, int Count)> _statements = [];
    private readonly ActivityListener _listener;
    private ActivityTraceId _work;

    public LongestStatements()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> options) => options.Parent.TraceId == _work ? ActivitySamplingResult.AllData : ActivitySamplingResult.None,
            ActivityStopped = activity =>
            {
                var text = (activity.GetTagItem("db.query.text") ?? activity.GetTagItem("db.statement")) as string ?? activity.OperationName;
                var milliseconds = activity.Duration.TotalMilliseconds;
                _statements.AddOrUpdate(text, (milliseconds, milliseconds, 1), (_, known) => (Math.Max(known.Longest, milliseconds), known.Sum + milliseconds, known.Count + 1));
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public double Longest => _statements.Values.Max(statement => statement.Longest);

    /// <summary>The slowest ones, slowest first.</summary>
    public string Told => string.Join('\n', _statements.OrderByDescending(statement => statement.Value.Longest).Take(8).Select(statement => string.Create(CultureInfo.InvariantCulture,
        $"    longest {statement.Value.Longest:F0} ms, {statement.Value.Count} times, {statement.Value.Sum:F0} ms altogether: {Shortened(statement.Key)}")));

    /// <summary>Begins anew, with this work alone.</summary>
    public async Task<T> WatchAsync<T>(Func<Task<T>> work)
    {
        _statements.Clear();
        using var root = new Activity("work").SetIdFormat(ActivityIdFormat.W3C).Start();
        _work = root.TraceId;
        return await work();
    }

    private static string Shortened(string statement)
    {
        var line = string.Join(' ', statement.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length > 200 ? line[..200] : line;
    }

    public void Dispose() => _listener.Dispose();
}
