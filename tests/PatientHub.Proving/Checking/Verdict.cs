using System.Text;

namespace PatientHub.Proving.Checking;

/// <summary>One thing that must not be: the rule by its id, and what it is about by ids alone.</summary>
/// <param name="Rule">L, D, N or T of the checklist, with a number: see <see cref="Rules"/>.</param>
public sealed record Violation(string Rule, string Subject, string What)
{
    public override string ToString() => $"{Rule,-3} {Subject}: {What}";
}

/// <summary>What the checker found in a run. Without anything examined, nothing is proven: the counts say how much it was.</summary>
public sealed class Verdict
{
    private readonly List<Violation> _violations = [];
    private readonly SortedDictionary<string, int> _examined = new(StringComparer.Ordinal);

    public IReadOnlyList<Violation> Violations => _violations;

    /// <summary>How many cases each rule has looked at.</summary>
    public IReadOnlyDictionary<string, int> Examined => _examined;

    public bool IsClean => _violations.Count == 0;

    /// <summary>One case of a rule; it is a violation unless it holds.</summary>
    public void Look(string rule, bool holds, string subject, string whatIfNot)
    {
        _examined[rule] = _examined.GetValueOrDefault(rule) + 1;
        if (!holds)
            _violations.Add(new Violation(rule, subject, whatIfNot));
    }

    /// <summary>A rule without a case is named with a count of 0 all the same.</summary>
    public void Name(IEnumerable<string> rules)
    {
        foreach (var rule in rules)
            _examined.TryAdd(rule, 0);
    }

    public bool Fails(string letter) => _violations.Exists(v => v.Rule.StartsWith(letter, StringComparison.Ordinal));

    /// <param name="most">Violations of each rule that are named.</param>
    public string Report(int most = 10)
    {
        var text = new StringBuilder();
        foreach (var (rule, count) in _examined)
            text.AppendLine($"{rule,-3} {count,8} looked at, {_violations.Count(v => v.Rule == rule),5} violated   {Rules.Of(rule)}");
        foreach (var rule in _violations.GroupBy(v => v.Rule))
        {
            foreach (var violation in rule.Take(most))
                text.Append("  ").AppendLine(violation.ToString());
            if (rule.Count() > most)
                text.AppendLine($"  {rule.Key} … and {rule.Count() - most} more");
        }

        return text.ToString();
    }
}

/// <summary>The checker's rules: checklist.md's L, D, N and T, cut into what can be counted.</summary>
public static class Rules
{
    public static readonly IReadOnlyDictionary<string, string> All = new Dictionary<string, string>
    {
        ["L1"] = "every appointment that was taken in stands as the PAS last said it",
        ["L2"] = "every promised revision has a deadline, and none is overdue without an end or an alarm",
        ["L3"] = "every decision that was taken is on record, with its task where it needs one; a refused one changed nothing",
        ["L4"] = "after quiet: outboxes and queues empty, nothing in an error or dead-letter queue, nothing parked",
        ["L5"] = "Letters, Notifications and PostalFallback know every announced appointment as it stands",
        ["L6"] = "a letter that counts as posted lies at the print house; one that counts as opened was opened",
        ["L7"] = "everybody with a promised appointment was invited, or the letter was posted or opened, or people have it as a task, or nothing may be sent to them",
        ["D1"] = "at most one acceptance at a provider by reference",
        ["D2"] = "at most one acceptance for each step and channel, and every message tells of a step",
        ["D3"] = "no recipient got the same words twice within 24 hours, other than for different steps",
        ["D4"] = "no provider has a message that no attempt knows",
        ["D5"] = "at most one print of each letter version, and none that no deadline knows",
        ["D6"] = "no reminder whose last look began after the answer, the opening, the opt-out or the post (A28)",
        ["D7"] = "no letter was posted that had been opened before its printing was decided (A3)",
        ["D8"] = "nothing went to a patient who was known to be dead or restricted when it was looked at last (A24)",
        ["N1"] = "every session has one sign-in of its own",
        ["N2"] = "every sign-in used a code that was sent for it, at most 150 seconds old",
        ["N3"] = "no code let anybody in twice",
        ["N4"] = "nobody came in after five wrong tries at a code",
        ["N5"] = "no log holds a number, an address, a link or a date of birth of the run",
        ["T1"] = "no letter before min(invitation + 72 h, booking + 96 h), but for the reasons that allow it",
        ["T2"] = "no rebook or cancel later than 5 calendar days of London before the start (A6)",
        ["T3"] = "a letter of a short ladder was posted at most 15 minutes after it was due, or somebody was alarmed (A29)",
    };

    public static string Of(string rule) => All.GetValueOrDefault(rule, "");
}
