using PatientHub.Proving.Rig;

namespace PatientHub.Proving.Fuzz;

/// <summary><c>-- fuzz [--requests N] [--seed S] [--only NUMBER] [--at-once N] [--console FILE]</c>: the file keeps what the processes said, for the cause of a 500.</summary>
public static class FuzzVerb
{
    public static async Task<int> RunAsync(string[] args)
    {
        var options = new Words(args);
        var fuzz = new FuzzOptions(options.Number("requests", 100_000), (int)options.Number("seed", Random.Shared.Next(1, 1_000_000)), options.NumberOrNone("only"), (int)options.Number("at-once", 16));
        var console = options.TextOrNone("console");
        options.End();
        Console.WriteLine($"Seed {fuzz.Seed}: {fuzz.Requests} requests");
        await using var hub = await HubUnderTest.StartAsync(new HubOptions { Ladder = Ladder.Real, Sets = FuzzRun.Sets, ConsoleFile = console });
        var report = await FuzzRun.RunAsync(hub, fuzz, CancellationToken.None, Console.WriteLine);
        Console.WriteLine(report);
        return report.Failed == 0 ? 0 : 1;
    }
}
