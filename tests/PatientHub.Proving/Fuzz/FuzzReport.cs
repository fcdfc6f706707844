using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace PatientHub.Proving.Fuzz;

/// <summary>What a run of requests met. The first failures stand as lines that throw them again.</summary>
public sealed class FuzzReport(int seed, Action<string>? tell = null)
{
    private const int MostLines = 25;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, SortedDictionary<int, long>> _routes = [];
    private readonly List<string> _failures = [];
    private readonly long[] _classes = new long[6];
    private readonly List<double> _slow = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private long _throttled;

    public long Requests { get; private set; }

    public long Failed { get; private set; }

    public int SignIns { get; set; }

    public int InVain { get; set; }

    public TimeSpan Waited { get; set; }

    public IReadOnlyList<string> Failures => _failures;

    /// <summary>Refused by a limit: what lay behind was not seen.</summary>
    public long Throttled => _throttled;

    /// <summary>Answered with 2xx or 3xx.</summary>
    public long Taken => _classes[2] + _classes[3];

    /// <summary>Routes none of whose requests was ever answered with 2xx or 3xx, with what they were answered: nothing behind their door was tried.</summary>
    public IReadOnlyList<string> NeverTaken
    {
        get
        {
            lock (_gate)
            {
                return [.. _routes.Where(route => !route.Value.Keys.Any(status => status / 100 is 2 or 3)).Select(route => $"{route.Key} ({string.Join(", ", route.Value.Select(status => $"{status.Key}: {status.Value}"))})").Order()];
            }
        }
    }

    /// <summary>Took too long, and not when it was asked again alone.</summary>
    public void Slow(TimeSpan took)
    {
        lock (_gate)
        {
            _slow.Add(took.TotalSeconds);
        }
    }

    public void Note(FuzzRequest request, FuzzAnswer answer, string? fault)
    {
        lock (_gate)
        {
            if (++Requests % 10_000 == 0)
            {
                tell?.Invoke(string.Create(CultureInfo.InvariantCulture, $"{Requests} requests, {Failed} failed, {_clock.Elapsed.TotalSeconds:F0} s"));
            }
            var status = (answer.Status ?? 0) / 100;
            _classes[status is >= 0 and <= 5 ? status : 0]++;
            var counts = _routes.TryGetValue(request.Route, out var known) ? known : _routes[request.Route] = [];
            counts[answer.Status ?? 0] = counts.GetValueOrDefault(answer.Status ?? 0) + 1;
            _throttled += answer.Status == 429 ? 1 : 0;
            if (fault is null)
            {
                return;
            }
            Failed++;
            if (_failures.Count < MostLines)
            {
                _failures.Add($"{fault}\n    {request.ToLine(seed)}");
                tell?.Invoke(_failures[^1]);
            }
        }
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"seed {seed}: {Requests} requests, {Failed} failed; 2xx {_classes[2]}, 3xx {_classes[3]}, 4xx {_classes[4]} (429: {_throttled}), 5xx {_classes[5]}, closed {_classes[0]}; {SignIns} sign-ins ({InVain} in vain; waited for {Waited.TotalSeconds:F0} s), {_clock.Elapsed.TotalSeconds:F0} s");
        text.AppendLine(CultureInfo.InvariantCulture, $"slow once, then not: {_slow.Count}{(_slow.Count > 0 ? $", at most {_slow.Max():F1} s" : "")}");
        if (NeverTaken is { Count: > 0 } never)
        {
            text.AppendLine($"never taken: {string.Join(", ", never)}");
        }
        foreach (var failure in _failures)
        {
            text.AppendLine(failure);
        }
        return text.ToString();
    }
}
