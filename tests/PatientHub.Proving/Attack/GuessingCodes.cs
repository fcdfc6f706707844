using System.Globalization;
using PatientHub.Proving.Traffic;

namespace PatientHub.Proving.Attack;

/// <summary>Whoever knows a patient's contact and date of birth guesses the code (A12, A26).</summary>
public static class GuessingCodes
{
    private const int TriesPerCode = 5;
    private const int CodesInTenMinutes = 8;
    private const int CodesADay = 20;

    /// <summary>One after the other on one code, then the right one, then a new code.</summary>
    public static async Task<AttackLine> SerialAsync(Victims victims)
    {
        var (person, _) = await victims.NewAsync();
        var (browser, code) = await victims.StartedAsync(person);
        var typed = new List<Typed>();
        foreach (var guess in Victims.Guesses(code).Take(20))
        {
            typed.Add(await browser.TypeAsync(guess));
        }
        List<string> broken = [];
        if (!typed.Take(4).All(t => t == Typed.Wrong) || typed.Skip(4).Any(t => t == Typed.Wrong))
        {
            broken.Add($"answers: {string.Join(' ', typed)}");
        }
        var right = await browser.TypeAsync(code);
        var next = await browser.PostAsync("/sign-in/new-code");
        if (next.Location != "/sign-in/wait")
        {
            broken.Add($"a new code was sent at once: {next.Status} {next.Location}");
        }
        return new AttackLine("one code, one guess after the other; the right code as the 21st", "85", 21, Math.Min(TriesPerCode, typed.Count(t => t == Typed.Wrong) + 1), right == Typed.Entered ? 1 : 0, "5 tries: 5e-6", broken);
    }

    /// <summary>All at once on one attempt: whoever reads the counter before it is written lets too many through.</summary>
    public static async Task<AttackLine> ParallelAsync(Victims victims, int guesses)
    {
        var (person, _) = await victims.NewAsync();
        var (browser, code) = await victims.StartedAsync(person);
        await browser.GetAsync("/sign-in/code");
        var typed = await Task.WhenAll(Victims.Guesses(code).Take(guesses).Select(guess => browser.Again().TypeAsync(guess)));
        var right = await browser.Again().TypeAsync(code);
        var wrong = typed.Count(t => t == Typed.Wrong);
        List<string> broken = [];
        var answers = string.Join(", ", typed.GroupBy(t => t).OrderBy(t => t.Key).Select(t => $"{t.Key} {t.Count()}"));
        if (wrong > TriesPerCode - 1 || typed.Any(t => t is Typed.Other or Typed.Entered))
        {
            broken.Add("answers differ from what is promised");
        }
        return new AttackLine($"one code, all guesses at once ({answers}); then the right code", "85, 38", guesses + 1, wrong + 1, typed.Append(right).Count(t => t == Typed.Entered), "5 tries: 5e-6", broken);
    }

    /// <summary>As many sign-ins as codes are sent, opened before the first guess, so that no wait is in the way.</summary>
    public static async Task<AttackLine> ManyAttemptsAsync(Victims victims, int attempts)
    {
        var (person, _) = await victims.NewAsync();
        var browsers = new List<Stranger>();
        for (var n = 0; n < attempts; n++)
        {
            var browser = victims.Stranger();
            await browser.StartAsync(Victims.Contact(person), person.Born);
            browsers.Add(browser);
        }
        await victims.CodeAsync(person, Math.Min(attempts, CodesInTenMinutes) - 1);
        var codes = (await victims.CodesOfAsync(person)).ToArray();
        var typed = new List<Typed>();
        foreach (var browser in browsers)
        {
            foreach (var guess in Victims.Guesses(codes).Take(8))
            {
                typed.Add(await browser.TypeAsync(guess));
            }
        }
        List<string> broken = [];
        if (codes.Length > CodesInTenMinutes)
        {
            broken.Add($"{codes.Length} codes were sent");
        }
        var started = await victims.Stranger().StartAsync(Victims.Contact(person), person.Born);
        if (started.Location != "/sign-in/wait")
        {
            broken.Add($"another sign-in of the pair need not wait: {started.Location}");
        }
        // Decoys answer as codes do; only those that were sent can be hit.
        return new AttackLine(string.Create(CultureInfo.InvariantCulture, $"one pair, {attempts} sign-ins opened before the first guess"), "94, A12", typed.Count, codes.Length * TriesPerCode, typed.Count(t => t == Typed.Entered),
            "8 codes of 5 tries in 10 minutes: 4e-5; 20 codes a day: 1e-4", broken);
    }

    /// <summary>Five guesses at each of many pairs. What a day of it would bring is arithmetic: nobody waits for it here.</summary>
    public static async Task<AttackLine> SpreadAsync(Victims victims, int pairs, int atOnce, CancellationToken ct)
    {
        var people = await victims.ManyAsync(pairs, ct);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var (asked, compared, entries, other) = (0L, 0L, 0, 0);
        var slowest = TimeSpan.Zero;
        await Parallel.ForEachAsync(people, new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = ct }, async (person, _) =>
        {
            var (browser, code) = await victims.StartedAsync(person);
            foreach (var guess in Victims.Guesses(code).Take(TriesPerCode + 1))
            {
                var step = System.Diagnostics.Stopwatch.StartNew();
                var typed = await browser.TypeAsync(guess);
                lock (people)
                {
                    slowest = step.Elapsed > slowest ? step.Elapsed : slowest;
                }
                Interlocked.Increment(ref asked);
                Interlocked.Add(ref entries, typed == Typed.Entered ? 1 : 0);
                Interlocked.Add(ref other, typed == Typed.Other ? 1 : 0);
            }
            Interlocked.Add(ref compared, TriesPerCode);
        });
        var oneDay = CodesADay * TriesPerCode * 1e-6;
        return new AttackLine(string.Create(CultureInfo.InvariantCulture, $"{pairs} pairs, 6 guesses each, {clock.Elapsed.TotalSeconds:F0} s, slowest {slowest.TotalSeconds:F1} s"), "A26", asked, compared, entries,
            string.Create(CultureInfo.InvariantCulture, $"{pairs * 5e-6:G2} expected in this run; a day at the limits of each pair: {pairs * oneDay:G2}, of 100,000 pairs {100_000 * oneDay:G2}. The budget slows this and raises the alarm within the first 200 wrong codes; it is no wall"), other > 0 ? [$"{other} odd answers"] : []);
    }
}
