using System.Diagnostics;
using System.Globalization;
using PatientHub.Benchmarks.Frame;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Identity.Tests.Support;

namespace PatientHub.Benchmarks;

/// <summary>
/// A19: can the time of an answer tell a known pair of identifier and date of birth from an unknown one? Starts Identity with its real stores, feeds the known
/// patients, then starts a sign-in and tries one wrong code for known and unknown pairs in random order. AUC is the chance that a known pair's answer is the slower
/// one: 0.5 tells nothing, 1 or 0 tells everything.
/// </summary>
internal static class EnumerationTiming
{
    private const int WarmUp = 50;

    public static async Task RunAsync(Options options, Report report)
    {
        var pairs = options.Number("pairs", 2000);
        // The budget of wrong codes would slow everybody down, known or not, and hide what is measured.
        await using var identity = new IdentitySystem { WrongTriesPerHour = 1_000_000 };
        await identity.InitializeAsync();
        Console.WriteLine($"Feeding {pairs + WarmUp} patients");
        for (var i = 0; i < pairs + WarmUp; i++)
            await identity.FeedAsync(new PatientJson($"t{i}").Email($"known{i:D5}@example.org"));

        var born = new DateOnly(1980, 3, 31);
        var start = new Samples();
        var verify = new Samples();
        Console.WriteLine("Measuring");
        for (var i = 0; i < pairs + WarmUp; i++)
        {
            foreach (var known in Random.Shared.Next(2) == 0 ? (bool[])[true, false] : [false, true])
            {
                var clock = Stopwatch.StartNew();
                var attempt = await identity.StartAsync(known ? $"known{i:D5}@example.org" : $"nobody{i:D4}@example.org", born);
                var afterStart = clock.Elapsed;
                clock.Restart();
                var result = await identity.VerifyAsync(attempt, "not-it");
                var afterVerify = clock.Elapsed;
                if (result.Outcome != SignInOutcome.WrongCode) throw new InvalidOperationException($"Expected a wrong code, got {result.Outcome}.");
                if (i < WarmUp) continue;
                start.Add(known, afterStart);
                verify.Add(known, afterVerify);
            }
        }

        Console.WriteLine($"start  {start}");
        Console.WriteLine($"verify {verify}");
        report.Add("Can the time of the answer tell known from unknown details (A19)? 0.5 tells nothing", string.Create(CultureInfo.InvariantCulture,
            $"AUC {start.Auc():F3} at the start of a sign-in, {verify.Auc():F3} at a wrong code ({pairs} + {pairs} pairs)"), $"enumeration --pairs {pairs}");
    }

    private sealed class Samples
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
}
