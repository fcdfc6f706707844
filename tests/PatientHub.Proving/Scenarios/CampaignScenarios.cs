using System.Diagnostics;
using PatientHub.Proving.Actors;
using PatientHub.Proving.Books;
using PatientHub.Proving.Rig;
using PatientHub.Testing;
using Shouldly;

namespace PatientHub.Proving.Scenarios;

/// <summary>
/// Many appointments at once on a ladder of minutes, so that invitations, reminders and post all fall into the faults. Some patients sign in and answer, some die. Then quiet until
/// every ladder has ended, and the checker: everybody invited or posted (L7), nothing twice (D), every deadline kept (T), nothing to whoever answered or died (D6 to D8).
/// </summary>
public abstract class Campaign : Scenario
{
    private const int MostPeople = 9_000;
    private const int OneInAnswers = 25;
    private const int OneInDies = 40;
    private static readonly TimeSpan PauseBetweenTries = TimeSpan.FromSeconds(3);

    /// <summary>Appointments without <c>--appointments</c>.</summary>
    protected virtual int Usual => 1_000;

    public override HubOptions OwnHub => Catalogue.SharedHub with
    {
        Ladder = Ladder.OfSeconds(60, 120, 180, 270),
        // An email whose answer was lost, and of which no report comes, is given up after a quarter of an hour; nobody waits so long here.
        Sets = ["gateway:Limits__SignIn=100000", "gateway:Limits__SignInBurst=100000", "notifications:Sending__UnclearGiveUp=00:02:00"],
    };

    public override async Task RunAsync(Scene scene)
    {
        var size = scene.Appointments ?? Usual;
        var each = ((size - 1) / MostPeople) + 1;
        var people = Enumerable.Range(0, size / each).Select(_ => scene.NewPerson()).Select(person => (Person: person, Bookings: Enumerable.Range(1, each).Select(which => scene.NewBooking(person, which)).ToArray())).ToList();
        var clock = Stopwatch.StartNew();
        using var over = new CancellationTokenSource();
        var feed = scene.Pas.SendAllAsync(people, atOnce: 8);
        var answers = people.Where((_, i) => i % OneInAnswers == 1).Select((one, i) => AnswerAsync(scene, one.Person, one.Bookings[0], i, over.Token)).ToList();
        var deaths = DieAsync(scene, [.. people.Where((_, i) => i % OneInDies == 2).Select(one => one.Person)], size);

        await GoWrongAsync(scene, size);
        await scene.Hub.HealAsync();
        await Task.WhenAll(feed, deaths);
        Console.WriteLine($"      {clock.Elapsed:mm\\:ss}  {Taken(scene)} of {size} appointments taken, no more faults");
        over.CancelAfter(TimeSpan.FromMinutes(2));
        await Task.WhenAll(answers);

        var verdict = await scene.JudgeAsync(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(size / 4.0), untilLadderEnds: true);
        Console.WriteLine($"      {clock.Elapsed:mm\\:ss}  {scene.Ledger.All<PatientDecided>().Count(d => d.Taken)} decisions, every ladder has ended\n{verdict.Report()}");
        verdict.Violations.ShouldBeEmpty(verdict.Report());
        Taken(scene).ShouldBe(size / each * each, "every appointment was taken in the end");
        verdict.Examined["L7"].ShouldBeGreaterThanOrEqualTo(size / each * each * 9 / 10);
        verdict.Examined["D5"].ShouldBeGreaterThan(0);
        verdict.Examined["D8"].ShouldBeGreaterThan(0);
        verdict.Examined["T3"].ShouldBeGreaterThan(0);
    }

    /// <summary>The faults, one after the other, while the campaign runs.</summary>
    protected abstract Task GoWrongAsync(Scene scene, int size);

    protected static int Taken(Scene scene) => scene.Ledger.All<AppointmentFed>().Where(fed => fed.Taken).Select(fed => fed.SourceId).Distinct().Count();

    /// <summary>Waits until that many appointments are in, or until <paramref name="longest"/> is over: the feed may have ended, and the ladder runs.</summary>
    protected static async Task UntilTakenAsync(Scene scene, int many, TimeSpan longest)
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < longest && Taken(scene) < many;)
            await Task.Delay(TimeSpan.FromMilliseconds(200));
    }

    private static async Task DieAsync(Scene scene, IReadOnlyList<PasPerson> people, int size)
    {
        for (var i = 0; i < people.Count; i++)
        {
            await UntilTakenAsync(scene, size * (i + 1) / people.Count, TimeSpan.FromMinutes(20));
            await scene.Pas.SendAsync(people[i] with { Deceased = DateOnly.FromDateTime(DateTime.UtcNow), LastUpdated = scene.Pas.Stamp() });
        }
    }

    private static async Task AnswerAsync(Scene scene, PasPerson person, PasBooking booking, int which, CancellationToken over)
    {
        while (!over.IsCancellationRequested && !scene.Ledger.All<AppointmentFed>().Any(fed => fed.Taken && fed.SourceId == booking.SourceId))
            await Pause(over);
        var patient = scene.Online(person);
        while (!over.IsCancellationRequested)
        {
            var status = patient.SignedIn || await patient.SignInAsync() ? which % 3 == 2 ? await patient.CancelAsync(booking) : await patient.AcceptAsync(booking) : null;
            if (status is 204 or 409)
                return;
            await Pause(over);
        }
    }

    private static async Task Pause(CancellationToken over) => await Task.Delay(PauseBetweenTries, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}

[Checklist(69, "a campaign through one kill -9 of every server, every service and the gateway (62-66, 1, 17, 31)")]
public sealed class CampaignWithKills : Campaign
{
    private static readonly TimeSpan LongestBetween = TimeSpan.FromSeconds(25);

    protected override async Task GoWrongAsync(Scene scene, int size)
    {
        string[] all = ["rabbitmq", "redis", "postgres", "identity", "appointments", "letters", "notifications", "postal", "gateway"];
        scene.Random.Shuffle(all);
        for (var i = 0; i < all.Length; i++)
        {
            // Two thirds of them while it is fed, the others into reminders and post.
            await UntilTakenAsync(scene, size * (i + 1) / 6, LongestBetween);
            Console.WriteLine($"      kill -9 {all[i]} after {Taken(scene)} appointments");
            await scene.KillAndAwaitAsync(all[i]);
            await scene.Hub.AllRunAsync();
            if (Taken(scene) == size)
                await Task.Delay(LongestBetween); // so that the last ones do not all fall into the same moment of the ladder
        }
    }
}

[Checklist(69, "twenty random kills in a campaign")]
public sealed class CampaignWithRandomKills : Campaign
{
    private const int Kills = 20;
    private static readonly string[] Victims = ["rabbitmq", "redis", "postgres", "identity", "appointments", "letters", "notifications", "postal", "gateway", "identity", "appointments", "letters", "notifications", "postal"];

    protected override async Task GoWrongAsync(Scene scene, int size)
    {
        for (var i = 0; i < Kills; i++)
        {
            await UntilTakenAsync(scene, size * (i + 1) / 15, TimeSpan.FromSeconds(5 + scene.Random.Next(10)));
            var victim = Victims[scene.Random.Next(Victims.Length)];
            Console.WriteLine($"      kill -9 {victim} after {Taken(scene)} appointments");
            // Nobody waits until everything is well again: the next kill may meet what is still coming back.
            await scene.KillAndAwaitAsync(victim);
        }
    }
}

[Checklist(42, "a campaign through every fault of the providers, of Chromium and of the spool's disk (41-48, 53, 57, 23)")]
public sealed class CampaignWithProvidersAtFault : Campaign
{
    private const int RequestsOfEach = 15;
    private static readonly TimeSpan LongestOfEach = TimeSpan.FromSeconds(15);

    private static readonly string[] Faults =
        ["TooManyRequests", "ServerError", "AcceptsThenTimesOut", "Resets", "AcceptsThenResets", "Drips", "Garbage", "AcceptsThenServerError", "DuplicateCallbacks", "OutOfOrderCallbacks", "LateCallbacks", "NoCallbacks"];

    public override HubOptions OwnHub => base.OwnHub with { SmallDisks = true };

    protected override async Task GoWrongAsync(Scene scene, int size)
    {
        SmallDisks.ArePossible.ShouldBeTrue("only root can mount a small disk");
        // Before any letter lies there: the disk takes the folder's place, and the print house reads it too.
        var spool = await scene.Hub.Disks.ForSpoolAsync(freeKiB: 512 * 1024);
        var faults = Faults.ToArray();
        scene.Random.Shuffle(faults);
        for (var i = 0; i < faults.Length; i++)
        {
            await UntilTakenAsync(scene, size * i / faults.Length, LongestOfEach);
            Console.WriteLine($"      {faults[i]} after {Taken(scene)} appointments");
            foreach (var channel in (string[])["texts", "emails"])
                await scene.Hub.BehaveAsync(channel, faults[i], RequestsOfEach);
        }

        await UntilTakenAsync(scene, size, LongestOfEach);
        await scene.Hub.BehaveWellAsync();
        await Eventually.True(async () => await PostedAsync(scene) > 0, "no letter was ever posted", TimeSpan.FromMinutes(6));
        await ChromiumIsKilledAsync(scene);
        spool.Fill();
        Console.WriteLine("      no room in the spool");
        var before = await PostedAsync(scene);
        await Eventually.True(async () => await DueAsync(scene) > 0 || await PostedAsync(scene) > before + 50, "no letter was due", TimeSpan.FromMinutes(2));
        await Task.Delay(LongestOfEach); // a full disk is felt while it lasts
        spool.Free();
        await ChromiumIsKilledAsync(scene);
    }

    /// <summary>All of its processes, as the kernel does when memory ends.</summary>
    private static async Task ChromiumIsKilledAsync(Scene scene)
    {
        var killed = 0;
        await Eventually.True(() => (killed = scene.Hub.Processes.KillDescendants("letters", "chrom")) > 0, "Letters never had a Chromium", TimeSpan.FromMinutes(2));
        Console.WriteLine($"      Chromium killed: {killed} processes");
    }

    private static async Task<long> PostedAsync(Scene scene) => (await scene.Db.RowsAsync("postaldb", "select count(*) from deadline where state = 'Posted'", r => r.GetInt64(0)))[0];

    private static async Task<long> DueAsync(Scene scene) => (await scene.Db.RowsAsync("postaldb", "select count(*) from deadline where state <> 'Posted' and due_at < now() - interval '5 seconds'", r => r.GetInt64(0)))[0];
}
