using PatientHub.Proving.Rig;
using PatientHub.Testing;
using Shouldly;

namespace PatientHub.Proving.Scenarios;

// Checklist E: service processes.

/// <summary>kill -9 of one service while it works; it is back and finishes.</summary>
public abstract class ServiceKilled(string service) : Scenario
{
    public override async Task RunAsync(Scene scene)
    {
        var (patient, booking) = await scene.SignedInAsync();
        var feed = scene.FeedAsync(8);
        await Eventually.True(() => scene.Ledger.All<Books.AppointmentFed>().Count(f => f.Taken) >= 2, "the feed never began");
        await scene.KillAndAwaitAsync(service);
        (await feed).Count.ShouldBe(8);
        await scene.Hub.AllRunAsync();
        (await patient.AcceptAsync(booking)).ShouldBeOneOf(204, 401);
    }
}

[Checklist(61, "kill -9 Identity mid-work")]
public sealed class IdentityKilled() : ServiceKilled("identity");

[Checklist(62, "kill -9 Appointments mid-work", Quick = true)]
public sealed class AppointmentsKilled() : ServiceKilled("appointments");

[Checklist(63, "kill -9 Letters mid-work")]
public sealed class LettersKilled() : ServiceKilled("letters");

[Checklist(64, "kill -9 Notifications mid-work", Quick = true)]
public sealed class NotificationsKilled() : ServiceKilled("notifications");

[Checklist(65, "kill -9 PostalFallback mid-work")]
public sealed class PostalKilled() : ServiceKilled("postal");

[Checklist(66, "kill gateway during POST")]
public sealed class GatewayKilledDuringPost : Scenario
{
    public override async Task RunAsync(Scene scene)
    {
        var (patient, booking) = await scene.SignedInAsync();
        scene.Hub.Proxies["gateway"].ToClient.Delay = TimeSpan.FromSeconds(2);
        var accept = patient.AcceptAsync(booking);
        await scene.KillAndAwaitAsync("gateway");
        await accept;
        scene.Hub.Proxies["gateway"].ToClient.Heal();
        // The session lies in Redis: the patient presses again, and it is one decision.
        await Eventually.True(async () => await patient.AcceptAsync(booking) is 204 or 409, $"pressing again never worked: {patient.Shown?.Main}", TimeSpan.FromSeconds(60));
        (await scene.Db.RowsAsync("appointmentsdb", $"select count(*) from answer where appointment_id = (select id from appointment where source_id = '{booking.SourceId}')", r => r.GetInt64(0)))[0].ShouldBe(1);
    }
}

[Checklist(67, "SIGTERM of each service under load")]
public sealed class ServicesTerminated : Scenario
{
    public override async Task RunAsync(Scene scene)
    {
        var feed = scene.FeedAsync(25);
        foreach (var service in (string[])["appointments", "identity", "letters", "notifications", "postal"])
        {
            await scene.Hub.Processes.TerminateAsync(service);
            await scene.Hub.Processes.RestartedAsync(service);
        }

        (await feed).Count.ShouldBe(25);
    }
}

[Checklist(71, "one service answers ten seconds late: the circuit opens, and the pages of the others stay as fast")]
public sealed class OneServiceSlow : Scenario
{
    private const int Pages = 120;
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(1);

    public override HubOptions OwnHub => Catalogue.SharedHub with { Proxied = ["gateway", "notifications"], Sets = ["gateway:Limits__PerSession=100000", "gateway:Limits__PerSessionBurst=100000"] };

    public override async Task RunAsync(Scene scene)
    {
        var (patient, booking) = await scene.SignedInAsync();
        var other = $"/appointments/{scene.Hub.Ids.Appointment("pas", booking.SourceId)}";
        await TimesAsync(patient, other); // warm
        var before = P99(await TimesAsync(patient, other));
        scene.Hub.Proxies["notifications"].ToClient.Delay = Slow;
        // Whoever asks for the slow one waits at first; then nobody does any more. A circuit needs a hundred requests to judge by.
        await Task.WhenAll(Enumerable.Range(0, 160).Select(_ => patient.Browser.GetAsync("/messages")));
        await Eventually.True(
            async () =>
            {
                var clock = System.Diagnostics.Stopwatch.StartNew();
                var page = await patient.Browser.GetAsync("/messages");
                return clock.Elapsed < Quick && (int)page.Status is 200 or 503 && page.Main.Contains("0113", StringComparison.Ordinal);
            },
            "the circuit never opened: each page still waits for the slow service", TimeSpan.FromSeconds(60));
        var during = P99(await TimesAsync(patient, other));
        Console.WriteLine($"      p99 of an appointment's page {before.TotalMilliseconds:0} ms, beside the slow service {during.TotalMilliseconds:0} ms");
        // On a machine that does other things at the same time a few milliseconds are no statement.
        during.ShouldBeLessThan(TimeSpan.FromMilliseconds(Math.Max(2 * before.TotalMilliseconds, 250)));
        scene.Hub.Proxies["notifications"].ToClient.Heal();
        await Eventually.True(async () => (int)(await patient.Browser.GetAsync("/messages")).Status == 200, "the circuit never closed again", TimeSpan.FromSeconds(90));
    }

    private static async Task<List<TimeSpan>> TimesAsync(Actors.PatientOnline patient, string path)
    {
        var times = new List<TimeSpan>();
        for (var i = 0; i < Pages; i++)
        {
            var clock = System.Diagnostics.Stopwatch.StartNew();
            ((int)(await patient.Browser.GetAsync(path)).Status).ShouldBe(200);
            times.Add(clock.Elapsed);
        }

        return times;
    }

    private static TimeSpan P99(List<TimeSpan> times) => times.Order().ElementAt(times.Count * 99 / 100);
}

[Checklist(72, "the telemetry collector is down")]
public sealed class CollectorDown : Scenario
{
    public override HubOptions OwnHub => Catalogue.SharedHub with { Otlp = new Uri("http://127.0.0.1:9") };

    public override async Task RunAsync(Scene scene)
    {
        var (patient, booking) = await scene.SignedInAsync();
        (await patient.AcceptAsync(booking)).ShouldBe(204);
    }
}
