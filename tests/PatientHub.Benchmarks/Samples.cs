using System.Globalization;

namespace PatientHub.Benchmarks;

/// <summary>Times of two kinds of request, and how far they can be told apart.</summary>
internal sealed class Samples
{
    private readonly List<double> known = [];
    private readonly List<double> unknown = [];

    public void Add(bool isKnown, TimeSpan time) => (isKnown ? known : unknown).Add(time.TotalMilliseconds);

    /// <summary>Mann-Whitney: the share of (known, unknown) couples in which the known one took longer.</summary>
    public double Auc()
    {
        var ranked = known.Select(t => (Time: t, Known: true)).Concat(unknown.Select(t => (Time: t, Known: false))).OrderBy(x => x.Time).ToList();
        var rankSum = 0.0;
        for (var i = 0; i < ranked.Count; i++)
            if (ranked[i].Known)
                rankSum += i + 1;
        return (rankSum - (known.Count * (known.Count + 1) / 2.0)) / ((double)known.Count * unknown.Count);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"AUC {Auc():F3}; median known {Median(known):F2} ms, unknown {Median(unknown):F2} ms; 95 % known {At(known, 0.95):F2} ms, unknown {At(unknown, 0.95):F2} ms; {known.Count} + {unknown.Count}");

    private static double Median(List<double> times) => At(times, 0.5);

    private static double At(List<double> times, double share) => times.Order().ElementAt((int)(share * (times.Count - 1)));
}
