using System.Diagnostics;
using PatientHub.Proving.Books;
using PatientHub.Proving.Rig;
using PatientHub.Proving.Scenarios;

namespace PatientHub.Proving.RandomFaults;

/// <summary>
/// <c>random [--minutes 10] [--seed S] [--appointments 2000] [--patients 300] [--every 20] [--console FILE]</c>: a crowd at work, a fault every 20 seconds, then quiet, then the checker. The
/// ladder is a few minutes long, so that reminders and post fall into the faults too. Without a seed one is drawn and said.
/// </summary>
internal static class RandomFaultsVerb
{
    private static readonly Ladder Ladder = Ladder.OfSeconds(60, 120, 180, 270);
    private static readonly TimeSpan QuietPatience = TimeSpan.FromMinutes(15);

    public static async Task<int> RunAsync(string[] args)
    {
        var words = new Words(args);
        var (time, seed) = (TimeSpan.FromMinutes(words.Number("minutes", 10)), (int)words.Number("seed", Random.Shared.Next(1, 100_000)));
        var (appointments, patients, every) = ((int)words.Number("appointments", 2_000), (int)words.Number("patients", 300), TimeSpan.FromSeconds(words.Number("every", 20)));
        var console = words.TextOrNone("console");
        words.End();
        Console.WriteLine($"Seed {seed}: {appointments} appointments, {patients} patients online, {time.TotalMinutes:0} minutes, a fault every {every.TotalSeconds:0} s.");

        await using var hub = await HubUnderTest.StartAsync(Catalogue.SharedHub with { Ladder = Ladder, Seed = seed, ConsoleFile = console, Sets = ["gateway:Limits__SignIn=100000", "gateway:Limits__SignInBurst=100000"] });
        using var scene = new Scene(hub, seed);
        var crowd = new Crowd(scene, appointments, patients, time);
        var clock = Stopwatch.StartNew();
        using (var over = new CancellationTokenSource(time))
        {
            var work = crowd.RunAsync(over.Token);
            await GoWrongAsync(hub, new FaultDie(seed), every, clock, over.Token);
            Console.WriteLine($"{clock.Elapsed:mm\\:ss}  no more faults; the hub is healed, and the last of the crowd finish");
            await hub.HealAsync();
            await work;
        }

        Console.WriteLine($"{clock.Elapsed:mm\\:ss}  {scene.Ledger.All<AppointmentFed>().Where(fed => fed.Taken).Select(fed => fed.SourceId).Distinct().Count()} appointments taken, {crowd.SignedIn} patients signed in, "
            + $"{scene.Ledger.All<PatientDecided>().Count(decided => decided.Taken)} decisions taken; waiting for the end of every ladder");
        var verdict = await scene.JudgeAsync(QuietPatience, untilLadderEnds: true);
        Console.WriteLine($"{clock.Elapsed:mm\\:ss}\n{verdict.Report()}");
        Console.WriteLine(verdict.IsClean ? $"Seed {seed} held." : $"Seed {seed} is VIOLATED. Again: random --seed {seed} --minutes {time.TotalMinutes:0} --appointments {appointments} --patients {patients} --every {every.TotalSeconds:0}");
        return verdict.IsClean ? 0 : 1;
    }

    private static async Task GoWrongAsync(HubUnderTest hub, FaultDie die, TimeSpan every, Stopwatch clock, CancellationToken over)
    {
        for (var next = every; ; next += every)
        {
            await Task.Delay(next > clock.Elapsed ? next - clock.Elapsed : TimeSpan.Zero, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (over.IsCancellationRequested)
                return;
            var (fault, lasts) = die.Next();
            var until = clock.Elapsed + lasts;
            try
            {
                await fault.Begin(hub);
                Console.WriteLine($"{clock.Elapsed:mm\\:ss}  {fault.Name}, {lasts.TotalSeconds:0} s");
            }
            catch (InvalidOperationException notThere) // Its process is still on its way back from an earlier fault.
            {
                Console.WriteLine($"{clock.Elapsed:mm\\:ss}  {fault.Name}: {notThere.Message}");
                continue;
            }

            await Task.Delay(until > clock.Elapsed ? until - clock.Elapsed : TimeSpan.Zero, CancellationToken.None);
            await fault.End(hub);
        }
    }
}
