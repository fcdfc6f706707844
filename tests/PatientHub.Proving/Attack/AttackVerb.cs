using PatientHub.Proving.Rig;

namespace PatientHub.Proving.Attack;

/// <summary><c>-- attack [--pairs N] [--seed S] [--at-once N]</c>: 100000 pairs are the full size.</summary>
public static class AttackVerb
{
    private const int PeopleOfOneSeed = 9_900;

    public static async Task<int> RunAsync(string[] args)
    {
        var options = new Words(args);
        var (pairs, seed, atOnce) = ((int)options.Number("pairs", 2_000), (int)options.Number("seed", 2), (int)options.Number("at-once", 64));
        options.End();
        await using var hub = await HubUnderTest.StartAsync(new HubOptions { Ladder = Ladder.Real, Sets = ["gateway:Limits__SignIn=100000", "gateway:Limits__SignInBurst=100000"] });
        using var victims = new Victims(hub, seed, from: 0);
        var all = true;
        Console.WriteLine(AttackLine.Header);
        foreach (var attack in Attacks(victims).Concat(Spread(hub, pairs, seed, atOnce)))
        {
            var line = await attack();
            all &= line.Held;
            Console.WriteLine(line.ToRow());
        }
        return all ? 0 : 1;
    }

    private static IEnumerable<Func<Task<AttackLine>>> Attacks(Victims victims) =>
    [
        () => GuessingCodes.SerialAsync(victims), () => GuessingCodes.ParallelAsync(victims, 1_000), () => GuessingCodes.ManyAttemptsAsync(victims, 30),
        () => GuessingBirthdays.DatesAsync(victims, 366), () => GuessingBirthdays.FloodAsync(victims, 1_000),
        () => Replays.CodeOfAnotherSignInAsync(victims), () => Replays.CodeOfAnotherPatientAsync(victims), () => Replays.OldCodeAfterNewAsync(victims), () => Replays.UsedCodeAsync(victims),
        () => Replays.SameCodeAtOnceAsync(victims, 50), () => Replays.CookiesAsync(victims), () => Replays.OldCodeAsync(victims),
        () => SharedContacts.RunAsync(victims, related: true), () => SharedContacts.RunAsync(victims, related: false), () => WalkingIds.RunAsync(victims),
    ];

    // Last, because above the budget of wrong codes everything is slow (A26). Seeds make ten thousand people each.
    private static IEnumerable<Func<Task<AttackLine>>> Spread(HubUnderTest hub, int pairs, int seed, int atOnce) =>
        Enumerable.Range(0, (pairs + PeopleOfOneSeed - 1) / PeopleOfOneSeed).Select<int, Func<Task<AttackLine>>>(part => async () =>
        {
            using var victims = new Victims(hub, seed + 1 + part, from: 0);
            return await GuessingCodes.SpreadAsync(victims, Math.Min(PeopleOfOneSeed, pairs - (part * PeopleOfOneSeed)), atOnce, CancellationToken.None);
        });
}
