using System.Diagnostics;
using PatientHub.Proving.Checking;
using PatientHub.Proving.Rig;

namespace PatientHub.Proving.Scenarios;

/// <summary>What came of a scenario. <paramref name="Fault"/>: what it asserted in vain; null when it held.</summary>
public sealed record ScenarioResult(int Number, string Title, int Seed, bool Passed, string? Fault, IReadOnlyList<Violation> Violations, TimeSpan Took)
{
    public override string ToString() => Passed ? $"{Number,4}  held      {Took.TotalSeconds,6:0.0} s  seed {Seed}  {Title}"
        : $"{Number,4}  VIOLATED  {Took.TotalSeconds,6:0.0} s  seed {Seed}  {Title}\n{Fault}{string.Concat(Violations.Select(v => $"\n      {v}"))}";
}

/// <summary>Runs scenarios on one hub, one after the other. What an earlier one has broken is not counted against a later one.</summary>
public sealed class ScenarioRun(HubUnderTest hub, int? appointments = null)
{
    private readonly HashSet<Violation> _known = [];

    public async Task<ScenarioResult> RunAsync(ScenarioEntry entry, int seed)
    {
        var clock = Stopwatch.StartNew();
        string? fault = null;
        IReadOnlyList<Violation> violations = [];
        using var scene = new Scene(hub, unchecked((seed * 1000) + entry.Number), appointments);
        try
        {
            await entry.Create().RunAsync(scene);
        }
        catch (Exception failure) // Whatever a scenario throws is its result; the hub is healed and judged all the same.
        {
            fault = $"{failure.GetType().Name}: {failure.Message}\n{failure.StackTrace}";
        }

        try
        {
            await hub.HealAsync();
            violations = [.. (await scene.JudgeAsync(known: _known)).Violations.Where(_known.Add)];
        }
        catch (Exception failure)
        {
            fault ??= $"the run could not be judged: {failure}";
        }

        return new ScenarioResult(entry.Number, entry.Title, seed, fault is null && violations.Count == 0, fault, violations, clock.Elapsed);
    }
}
