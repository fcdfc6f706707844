using System.Globalization;
using PatientHub.Proving.Traffic;

namespace PatientHub.Proving.Attack;

/// <summary>Whoever knows only the contact looks for the date of birth, or for a way to fill somebody's phone (A19, A12).</summary>
public static class GuessingBirthdays
{
    private const int CodesInTenMinutes = 8;

    /// <summary>Many dates, the right one among them: no answer differs, and the phone gets one code.</summary>
    public static async Task<AttackLine> DatesAsync(Victims victims, int dates)
    {
        var (person, _) = await victims.NewAsync();
        var answers = new HashSet<string>();
        var born = person.Born.AddDays(-dates / 2);
        for (var n = 0; n <= dates; n++)
        {
            var answer = await victims.Stranger().StartAsync(Victims.Contact(person), born.AddDays(n));
            answers.Add($"{answer.Status} {answer.Location} {answer.Body.Length} {string.Join(',', answer.Head.Select(line => line.Split(':')[0]))}");
        }
        await victims.CodeAsync(person, 0);
        var codes = await victims.CodesOfAsync(person);
        List<string> broken = [];
        if (answers.Count != 1)
        {
            broken.Add($"answers differ: {string.Join(" | ", answers)}");
        }
        if (codes.Count != 1)
        {
            broken.Add($"{codes.Count} codes reached the phone");
        }
        return new AttackLine("dates of birth for a known mobile, the right one among them", "93", dates + 1, 0, 0, "no answer tells; a code for the right date only", broken);
    }

    /// <summary>The right pair again and again, each time from another address.</summary>
    public static async Task<AttackLine> FloodAsync(Victims victims, int times)
    {
        var (person, _) = await victims.NewAsync();
        var locations = new Dictionary<string, int>();
        await Parallel.ForEachAsync(Enumerable.Range(0, times), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, _) =>
        {
            var answer = await victims.Stranger().StartAsync(Victims.Contact(person), person.Born);
            lock (locations)
            {
                locations[$"{answer.Status} {answer.Location}"] = locations.GetValueOrDefault($"{answer.Status} {answer.Location}") + 1;
            }
        });
        await victims.CodeAsync(person, Math.Min(times, CodesInTenMinutes) - 1);
        // One more of somebody else goes the same way behind them: when it has come, theirs have.
        await victims.StartedAsync((await victims.NewAsync()).Person);
        var codes = (await victims.CodesOfAsync(person)).Count;
        List<string> broken = [];
        if (codes > CodesInTenMinutes)
        {
            broken.Add($"{codes} codes reached the phone");
        }
        if (locations.Keys.Any(answer => answer is not "303 /sign-in/code"))
        {
            broken.Add(string.Join(", ", locations.Select(answer => string.Create(CultureInfo.InvariantCulture, $"{answer.Key}: {answer.Value}"))));
        }
        return new AttackLine(string.Create(CultureInfo.InvariantCulture, $"one phone flooded from {times} addresses"), "94", times, 0, 0, "8 codes in 10 minutes", broken);
    }
}
