using PatientHub.Proving.Actors;
using PatientHub.Proving.Checking;
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
