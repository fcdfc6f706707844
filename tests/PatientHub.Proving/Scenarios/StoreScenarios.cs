using Npgsql;
using PatientHub.Proving.Actors;
using PatientHub.Proving.Checking;
using PatientHub.Proving.Rig;
using PatientHub.Testing;
using Shouldly;

namespace PatientHub.Proving.Scenarios;

// Checklist B and C: PostgreSQL and Redis.

[Checklist(17, "kill -9 PostgreSQL mid-campaign", Quick = true)]
public sealed class DatabaseKilled : Scenario
{
    public override async Task RunAsync(Scene scene)
    {
        var feed = scene.FeedAsync(12);
        await Eventually.True(() => scene.Ledger.All<Books.AppointmentFed>().Count(f => f.Taken) >= 2, "the feed never began");
        await scene.KillAndAwaitAsync("postgres");
        (await feed).Count.ShouldBe(12);
    }
}

[Checklist(18, "PostgreSQL restarts during many concurrent accepts")]
public sealed class AcceptsWhileDatabaseRestarts : Scenario
{
    public override async Task RunAsync(Scene scene)
    {
        var signedIn = new List<(PatientOnline Patient, PasBooking Booking)>();
        for (var i = 0; i < 12; i++)
            signedIn.Add(await scene.SignedInAsync());
        var accepts = signedIn.Select(async one => await one.Patient.AcceptAsync(one.Booking)).ToList();
        await scene.KillAndAwaitAsync("postgres");
        (await Task.WhenAll(accepts)).ShouldAllBe(status => status != 400, "saved, or told that it failed");
        // Whoever was told that it failed presses again.
        await scene.Hub.AllRunAsync();
        foreach (var (patient, booking) in signedIn)
            await Eventually.True(async () => await patient.AcceptAsync(booking) is 204 or 409 || patient.Shown!.Main.Contains("accepted", StringComparison.OrdinalIgnoreCase), "an accept never went through", TimeSpan.FromSeconds(60));
    }
}

[Checklist(20, "serialization errors in 10 % of all writes of messages")]
public sealed class SerializationErrors : Scenario
{
    public override async Task RunAsync(Scene scene)
    {
        string[] databases = ["identitydb", "appointmentsdb", "lettersdb", "notificationsdb", "postaldb"];
        foreach (var database in databases)
        {
            await scene.SqlAsync(database, """
                create or replace function proving_fails() returns trigger as $$ begin
                    if random() < 0.1 then raise exception 'proving' using errcode = '40001'; end if; return new;
                end $$ language plpgsql;
                create or replace trigger proving_fails before insert on outbox_message for each row execute function proving_fails();
                """);
        }

        try
        {
            (await scene.FeedAsync(20)).Count.ShouldBe(20);
            await scene.JudgeAsync(TimeSpan.FromSeconds(60));
        }
        finally
        {
            foreach (var database in databases)
                await scene.SqlAsync(database, "drop trigger proving_fails on outbox_message; drop function proving_fails()");
        }
    }
}

[Checklist(21, "a dozen connections are left for all services, 100 requests at once")]
public sealed class ConnectionsExhausted : Scenario
{
    private const int Left = 12;
    private static readonly TimeSpan MostForAPage = TimeSpan.FromSeconds(5);

    public override async Task RunAsync(Scene scene)
    {
        var (patient, _) = await scene.SignedInAsync();
        var most = int.Parse((await scene.Db.RowsAsync("postaldb", "show max_connections", r => r.GetString(0)))[0], System.Globalization.CultureInfo.InvariantCulture);
        var taken = new List<NpgsqlConnection>();
        try
        {
            await scene.SqlAsync("postaldb", "select pg_terminate_backend(pid) from pg_stat_activity where datname like '%db' and pid <> pg_backend_pid()");
            while (taken.Count < most - Left)
            {
                var connection = new NpgsqlConnection(scene.Hub.ConnectionString("postaldb") + ";Pooling=false");
                taken.Add(connection);
                try
                {
                    await connection.OpenAsync();
                }
                catch (PostgresException full) when (full.SqlState == PostgresErrorCodes.TooManyConnections)
                {
                    break; // The services were quicker: even fewer are left.
                }
            }

            var pages = await Task.WhenAll(Enumerable.Range(0, 100).Select(async _ =>
            {
                var waited = System.Diagnostics.Stopwatch.StartNew();
                var page = await patient.Browser.GetAsync("/home");
                return (page.Status, waited.Elapsed, Wait: page.Response.Headers.RetryAfter is not null, page.Main);
            }));
            // A service without a connection is a part of the page that says so; all of it away is the page with the telephone number.
            pages.ShouldAllBe(page => (int)page.Status == 200 || (((int)page.Status == 503 || (int)page.Status == 429) && page.Wait && page.Main.Contains("0113", StringComparison.Ordinal)));
            pages.Max(page => page.Elapsed).ShouldBeLessThan(MostForAPage, "nobody waits for ever");
        }
        finally
        {
            foreach (var connection in taken)
                await connection.DisposeAsync();
        }
    }
}

[Checklist(22, "slow queries: every answer of PostgreSQL 500 ms late")]
public sealed class SlowDatabase : Scenario
{
    public override async Task RunAsync(Scene scene)
    {
        var (patient, booking) = await scene.SignedInAsync();
        scene.Hub.Proxies["postgres"].ToClient.Delay = TimeSpan.FromMilliseconds(500);
        (await patient.OpenAsync("/home")).ShouldNotBeNull("a slow database must not hang the page for ever");
        await patient.AcceptAsync(booking);
    }
}

[Checklist(23, "no room for PostgreSQL's log, and for the spool of the print house")]
public sealed class DisksFull : Scenario
{
    public override HubOptions OwnHub => Catalogue.SharedHub with { Ladder = Ladder.OfSeconds(5, 10, 15, 20), SmallDisks = true };

    public override async Task RunAsync(Scene scene)
    {
        SmallDisks.ArePossible.ShouldBeTrue("only root can mount a small disk");
        var spool = await scene.Hub.Disks.ForSpoolAsync(freeKiB: 4 * 1024);
        spool.Fill();
        await scene.FeedAsync(4);
        await Eventually.True(async () => (await scene.Db.RowsAsync("postaldb", "select count(*) from deadline where state <> 'Posted' and due_at < now() - interval '5 seconds'", r => r.GetInt64(0)))[0] > 0, "no letter ever was due", TimeSpan.FromSeconds(120));
        spool.Free();
        await scene.JudgeAsync(TimeSpan.FromMinutes(2), untilLadderEnds: true);

        var log = await scene.Hub.Disks.ForWalAsync(freeKiB: 48 * 1024);
        await scene.Hub.AllRunAsync();
        log.Fill();
        var feed = scene.FeedAsync(40, atOnce: 8);
        await Task.WhenAny(feed, Task.Delay(TimeSpan.FromSeconds(20))); // writing until nothing can be written any more is the scenario
        log.Free();
        (await feed).Count.ShouldBe(40);
        var verdict = await scene.JudgeAsync(TimeSpan.FromMinutes(3), untilLadderEnds: true);
        verdict.Violations.ShouldBeEmpty(verdict.Report());
        verdict.Examined["D5"].ShouldBeGreaterThan(0);
    }
}

[Checklist(24, "two of every service: sweepers, relays and consumers beside each other")]
public sealed class TwoOfEveryService : Scenario
{
    public override HubOptions OwnHub => Catalogue.SharedHub with { Ladder = Ladder.OfSeconds(8, 16, 24, 40) };

    public override async Task RunAsync(Scene scene)
    {
        var replicas = new List<AppHost.Local.Servers.ChildProcess>();
        try
        {
            foreach (var service in (string[])["identity", "appointments", "letters", "notifications", "postal"])
                replicas.Add(await scene.Hub.Processes.StartReplicaAsync(service));
            await scene.FeedAsync(40, atOnce: 8);
            var verdict = await scene.JudgeAsync(TimeSpan.FromMinutes(3), untilLadderEnds: true);
            verdict.Violations.ShouldBeEmpty(verdict.Report());
            verdict.Examined["D6"].ShouldBeGreaterThanOrEqualTo(80, "two reminders each");
            replicas.ShouldAllBe(replica => !replica.HasExited);
        }
        finally
        {
            foreach (var replica in replicas)
            {
                await replica.KillAsync();
                replica.Dispose();
            }
        }
    }
}

[Checklist(25, "a sweeper is killed while it holds claims")]
public sealed class SweeperKilledWithClaims : Scenario
{
    public override async Task RunAsync(Scene scene)
    {
        foreach (var channel in (string[])["texts", "emails"])
            await scene.Hub.BehaveAsync(channel, "Delivers", slowness: TimeSpan.FromSeconds(4));
        await scene.FeedAsync(6);
        await Eventually.True(async () => (await scene.Db.RowsAsync("notificationsdb", "select count(*) from attempt where state = 'Intent'", r => r.GetInt64(0)))[0] > 0, "nothing was ever being sent");
        await scene.KillAndAwaitAsync("notifications");
        await scene.Hub.BehaveWellAsync();
    }
}

[Checklist(28, "outbox with a backlog of a million rows")]
public sealed class OutboxBacklog : Scenario
{
    private const int Rows = 1_000_000;

    public override async Task RunAsync(Scene scene)
    {
        var (patient, booking) = await scene.SignedInAsync();
        // An event that no service of ours listens to: what is looked at is the way out, and that nothing else waits for it.
        await scene.SqlAsync("notificationsdb", $"""
            insert into outbox_message (message_id, type, body, attempts)
            select gen_random_uuid(), 'uk.nhs.patienthub.notification.delivered.v1', jsonb_build_object('patientId', gen_random_uuid(), 'occurredAt', now()), 0 from generate_series(1, {Rows})
            """);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        (await patient.AcceptAsync(booking)).ShouldBe(204, "the pages do not wait for it");
        (await scene.Online(patient.Person).SignInAsync()).ShouldBeTrue("nor does a code");
        await Eventually.True(async () => (await scene.Db.OutboxesAsync()).Single(o => o.Service == "notificationsdb").Waiting == 0, "the backlog never went", TimeSpan.FromMinutes(10));
        Console.WriteLine($"      {Rows / clock.Elapsed.TotalSeconds:0} rows a second");
    }
}

[Checklist(29, "the same intake at the same moment", Quick = true)]
public sealed class ConcurrentSameIntake : Scenario
{
    public override async Task RunAsync(Scene scene)
    {
        var person = scene.NewPerson();
        var booking = scene.NewBooking(person);
        var statuses = await Task.WhenAll(Enumerable.Range(0, 8).SelectMany(_ => (Task<int?>[])[scene.Pas.SendAsync(person), scene.Pas.SendAsync(booking)]));
        statuses.ShouldAllBe(status => status == 200 || status == 201);
        (await scene.Db.RowsAsync("appointmentsdb", $"select count(*) from appointment where source_id = '{booking.SourceId}'", r => r.GetInt64(0)))[0].ShouldBe(1);
    }
}

[Checklist(31, "kill Redis with live codes", Quick = true)]
public sealed class RedisKilledWithCodes : Scenario
{
    public override async Task RunAsync(Scene scene)
    {
        var (person, _) = (await scene.FeedAsync(1))[0];
        var patient = scene.Online(person);
        (await patient.BeginSignInAsync()).ShouldBeTrue();
        var code = (await patient.CodeAsync()).ShouldNotBeNull();
        await scene.KillAndAwaitAsync("redis");
        await scene.Hub.AllRunAsync();
        // The code may have reached the disk or not: in, or a page that offers a new one. Never a fault.
        if (!await patient.TypeCodeAsync(code.Code!, code.CreatedAt))
        {
            // The hub looks for Redis twice a second.
            var again = scene.Online(person);
            await Eventually.True(again.SignInAsync, "a new sign-in never worked", TimeSpan.FromSeconds(10));
        }
    }
}

[Checklist(33, "Redis down at login (34: with open sessions)", Quick = true)]
public sealed class RedisDown : Scenario
{
    public override async Task RunAsync(Scene scene)
    {
        var (patient, booking) = await scene.SignedInAsync();
        scene.Cut("redis");
        var stranger = scene.Online(patient.Person);
        (await stranger.BeginSignInAsync()).ShouldBeFalse();
        stranger.Shown.ShouldNotBeNull().Main.ShouldContain("0113", customMessage: "a page with the telephone number");
        (await patient.AcceptAsync(booking)).ShouldBe(503);
        patient.Shown.ShouldNotBeNull().Main.ShouldContain("0113");
        scene.Mend("redis");
        await Eventually.True(async () => await scene.Online(patient.Person).SignInAsync(), "signing in never worked again", TimeSpan.FromSeconds(60));
    }
}

[Checklist(35, "FLUSHALL (40: NOSCRIPT afterwards)", Quick = true)]
public sealed class RedisFlushed : Scenario
{
    public override async Task RunAsync(Scene scene)
    {
        var (patient, _) = await scene.SignedInAsync();
        var (other, _) = (await scene.FeedAsync(1))[0];
        var waiting = scene.Online(other);
        (await waiting.BeginSignInAsync()).ShouldBeTrue();
        var code = (await waiting.CodeAsync()).ShouldNotBeNull();
        (await scene.RedisAsync("FLUSHALL")).ShouldBe("+OK");
        (await scene.RedisAsync("SCRIPT FLUSH")).ShouldBe("+OK");
        (await patient.HomeAsync()).ShouldBeNull("signed out");
        (await waiting.TypeCodeAsync(code.Code!, code.CreatedAt)).ShouldBeFalse("the code is void");
        (await scene.Online(other).SignInAsync()).ShouldBeTrue("scripts load again, a new sign-in works");
    }
}

[Checklist(37, "Redis answers 500 ms late")]
public sealed class SlowRedis : Scenario
{
    public override async Task RunAsync(Scene scene)
    {
        var (person, _) = (await scene.FeedAsync(1))[0];
        scene.Hub.Proxies["redis"].ToClient.Delay = TimeSpan.FromMilliseconds(500);
        (await scene.Online(person).SignInAsync()).ShouldBeTrue("slow, and all the same signed in");
    }
}
