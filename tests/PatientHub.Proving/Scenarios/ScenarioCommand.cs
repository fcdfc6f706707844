using System.Globalization;
using System.Text.Json;
using PatientHub.Proving.Rig;

namespace PatientHub.Proving.Scenarios;

/// <summary>
/// <c>scenarios [--seeds 10] [--only 17,31] [--appointments N] [--book FILE]</c>: runs all scenarios with each seed. Every result is a line of the book, so a run that was stopped goes on
/// where it was; another book, or none, begins anew.
/// </summary>
internal static class ScenarioCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        var words = new Words(args);
        var seeds = (int)words.Number("seeds", 1);
        var only = words.TextOrNone("only")?.Split(',').Select(n => int.Parse(n, CultureInfo.InvariantCulture)).ToHashSet();
        var book = words.TextOrNone("book") ?? Path.Combine(Path.GetTempPath(), $"patienthub-proving-{DateTimeOffset.UtcNow:yyyyMMdd-HHmmss}.jsonl");
        var appointments = (int?)words.NumberOrNone("appointments");
        words.End();
        var results = File.Exists(book) ? [.. File.ReadLines(book).Select(line => JsonSerializer.Deserialize<ScenarioResult>(line)!)] : new List<ScenarioResult>();
        Console.WriteLine($"The book is {book}: with --book and this path the run goes on where it stopped.");

        var open = (from seed in Enumerable.Range(1, seeds) from entry in Catalogue.All where only?.Contains(entry.Number) != false && !results.Exists(r => r.Number == entry.Number && r.Title == entry.Title && r.Seed == seed) select (entry, seed)).ToList();
        foreach (var group in open.GroupBy(one => one.entry.OwnHub is null ? "shared" : $"{one.entry} {one.seed}"))
        {
            await using var hub = await HubUnderTest.StartAsync(group.First().entry.OwnHub ?? Catalogue.SharedHub);
            var run = new ScenarioRun(hub, appointments);
            foreach (var (entry, seed) in group)
            {
                var result = await run.RunAsync(entry, seed);
                results.Add(result);
                await File.AppendAllTextAsync(book, JsonSerializer.Serialize(result) + "\n");
                Console.WriteLine(result);
            }
        }

        var failed = results.Count(r => !r.Passed);
        Console.WriteLine($"{results.Count} runs of {results.Select(r => (r.Number, r.Title)).Distinct().Count()} scenarios, {failed} violated");
        return failed == 0 ? 0 : 1;
    }
}
