using PatientHub.Proving.Rig;

namespace PatientHub.Proving.Enumeration;

/// <summary><c>-- enumeration [--pairs N] [--seed S] [--at-once N]</c></summary>
public static class EnumerationVerb
{
    public static async Task<int> RunAsync(string[] args)
    {
        var options = new Words(args);
        var (pairs, seed, atOnce) = ((int)options.Number("pairs", 10_000), (int)options.Number("seed", 3), (int)options.Number("at-once", 8));
        options.End();
        await using var hub = await HubUnderTest.StartAsync(new HubOptions { Ladder = Ladder.Real, Sets = EnumerationRun.Sets });
        var report = await EnumerationRun.RunAsync(hub, pairs, seed, from: 0, atOnce, CancellationToken.None);
        Console.WriteLine(report);
        return report.Differences.Count == 0 ? 0 : 1;
    }
}
