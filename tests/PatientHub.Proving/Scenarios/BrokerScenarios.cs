using System.Text;
using System.Text.Json.Nodes;
using PatientHub.Testing;
using RabbitMQ.Client;
using Shouldly;

namespace PatientHub.Proving.Scenarios;

// Checklist A: the broker.

[Checklist(1, "kill -9 RabbitMQ mid-campaign, restart", Quick = true)]
public sealed class BrokerKilled : Scenario
{
    public override async Task RunAsync(Scene scene)
    {
        // Not "until the outbox holds something": it is emptied so soon that nobody may ever see it.
        var before = Taken();
        var feed = scene.FeedAsync(12);
        await Eventually.True(() => Taken() >= before + 2, "the feed never began");
        await scene.KillAndAwaitAsync("rabbitmq");
        (await feed).Count.ShouldBe(12);

        int Taken() => scene.Ledger.All<Books.AppointmentFed>().Count(fed => fed.Taken);
    }
}

[Checklist(3, "broker absent at start-up")]
public sealed class BrokerAbsentAtStart : Scenario
{
    public override async Task RunAsync(Scene scene)
    {
        scene.Cut("rabbitmq");
        await scene.Hub.Processes.KillAsync("appointments");
        using var http = new HttpClient();
        var service = scene.Hub.Address("appointments");
        await Eventually.True(async () => await StatusAsync(http, new Uri(service, "/alive")) == 200, "the service never lived without a broker", TimeSpan.FromSeconds(60));
        (await StatusAsync(http, new Uri(service, "/health"))).ShouldNotBe(200, "it cannot do its work yet, and says so");
        scene.Mend("rabbitmq");
        await scene.Hub.AllRunAsync();
        await scene.FeedAsync(3);
    }

    private static async Task<int> StatusAsync(HttpClient http, Uri address)
    {
        try
        {
            using var answer = await http.GetAsync(address);
            return (int)answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }
}

[Checklist(2, "the broker is stopped and started in good order while codes are asked for")]
public sealed class BrokerRestartsDuringSignIns : Scenario
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public override async Task RunAsync(Scene scene)
    {
        var people = await scene.FeedAsync(8);
        var restart = RestartAsync(scene);
        await Task.WhenAll(people.Select(async one =>
        {
            var patient = scene.Online(one.Person);
            var waited = System.Diagnostics.Stopwatch.StartNew();
            while (!await patient.SignInAsync())
            {
                // Never a fault: the code comes late, or the page says what to do.
                ((int)patient.Shown.ShouldNotBeNull().Status).ShouldBeOneOf([200, 302, 303, 429, 503], patient.Shown!.Main);
                waited.Elapsed.ShouldBeLessThan(Patience, $"a patient could not sign in: {patient.Shown.Main}");
            }
        }));
        await restart;
    }

    private static async Task RestartAsync(Scene scene)
    {
        await scene.Hub.Processes.TerminateAsync("rabbitmq");
        await scene.Hub.Processes.RestartedAsync("rabbitmq");
    }
}

[Checklist(4, "broker gone with decisions coming in", Quick = true)]
public sealed class DecisionsWithoutBroker : Scenario
{
    public override async Task RunAsync(Scene scene)
    {
        var (patient, booking) = await scene.SignedInAsync();
        scene.Cut("rabbitmq");
        (await patient.AcceptAsync(booking)).ShouldBe(204, patient.Shown?.Main);
        (await patient.RebookAsync(booking)).ShouldBe(204, patient.Shown?.Main);
        await scene.OutboxHoldsAsync("appointmentsdb");
    }
}

[Checklist(5, "connection cut after publish, before confirm (6: the confirm is lost, the message is stored)", Quick = true)]
public sealed class ConfirmLost : Scenario
{
    public override async Task RunAsync(Scene scene)
    {
        var line = scene.Hub.Proxies["rabbitmq"];
        line.ToClient.Stalled = true;
        await scene.FeedAsync(4);
        var sent = line.BytesToServer;
        await scene.OutboxHoldsAsync("appointmentsdb");
        await Eventually.True(() => line.BytesToServer >= sent, "nothing was published");
        line.CutAll();
        line.ToClient.Stalled = false;
    }
}

[Checklist(8, "unroutable publish: the queue of the sign-in codes is deleted (16)")]
public sealed class QueueDeleted : Scenario
{
    private const string Queue = "notifications.send-sign-in-code";

    public override async Task RunAsync(Scene scene)
    {
        var (person, _) = (await scene.FeedAsync(1))[0];
        // Asleep: a consumer whose queue is deleted declares it again at once, and the publisher would never notice.
        scene.Hub.Processes.Pause("notifications");
        using (var deleted = await scene.ManageAsync(HttpMethod.Delete, $"/api/queues/%2F/{Queue}"))
            deleted.IsSuccessStatusCode.ShouldBeTrue($"{Queue}: {deleted.StatusCode}");
        var patient = scene.Online(person);
        (await patient.BeginSignInAsync()).ShouldBeTrue();
        await scene.OutboxHoldsAsync("identitydb");
        await scene.KillAndAwaitAsync("notifications");
        // The row goes again by itself; its code may be dead by then, so the patient asks for another.
        await Eventually.True(async () => (await scene.Db.OutboxesAsync()).All(o => o.Waiting == 0), "the kept row never went", TimeSpan.FromSeconds(120));
        (await scene.Online(person).SignInAsync()).ShouldBeTrue();
    }
}

[Checklist(9, "the broker's memory alarm blocks every publisher")]
public sealed class BrokerMemoryAlarm : Scenario
{
    public override async Task RunAsync(Scene scene)
    {
        var (patient, booking) = await scene.SignedInAsync();
        await scene.Hub.BrokerControlAsync("set_vm_memory_high_watermark", "absolute", "1MiB");
        try
        {
            await scene.FeedAsync(4);
            (await patient.HomeAsync()).ShouldNotBeNull("the pages stay up");
            (await patient.AcceptAsync(booking)).ShouldBe(204, patient.Shown?.Main);
            // Back-pressure can be seen: what was taken waits in the outbox.
            await scene.OutboxHoldsAsync("appointmentsdb");
        }
        finally
        {
            await scene.Hub.BrokerControlAsync("set_vm_memory_high_watermark", "absolute", "1500MiB");
        }
    }
}

[Checklist(10, "same message delivered 5x", Quick = true)]
public sealed class SameMessageFiveTimes : Scenario
{
    public override async Task RunAsync(Scene scene)
    {
        await using var tap = await scene.TapAsync("PatientHub.Appointments.Contracts:AppointmentBooked", "PatientHub.Letters.Contracts:LetterReady");
        await scene.FeedAsync(2);
        var messages = await tap.TakeAsync(4);
        foreach (var message in messages)
            for (var times = 0; times < 5; times++)
                await tap.AgainAsync(message);
    }
}

[Checklist(11, "messages in reverse and random order", Quick = true)]
public sealed class MessagesOutOfOrder : Scenario
{
    public override async Task RunAsync(Scene scene)
    {
        await using var tap = await scene.TapAsync(
            "PatientHub.Appointments.Contracts:AppointmentBooked", "PatientHub.Appointments.Contracts:AppointmentChanged", "PatientHub.Letters.Contracts:LetterReady", "PatientHub.Letters.Contracts:LetterSuperseded");
        var (_, booking) = (await scene.FeedAsync(1))[0];
        await scene.LetterIsReadyAsync(booking);
        foreach (var days in (int[])[1, 2])
            (await scene.Pas.SendAsync(booking with { Start = booking.Start.AddDays(7 * days), LastUpdated = scene.Pas.Stamp() })).ShouldBe(200);
        var messages = (await tap.TakeAsync(6)).ToArray();
        // New ids: the inbox cannot help here, only the versions can.
        foreach (var message in messages.Reverse())
            await tap.AgainAsync(message, Guid.CreateVersion7());
        scene.Random.Shuffle(messages);
        foreach (var message in messages)
            await tap.AgainAsync(message, Guid.CreateVersion7());
    }
}

[Checklist(12, "consumers killed before ack, after commit")]
public sealed class ConsumersKilled : Scenario
{
    public override async Task RunAsync(Scene scene)
    {
        var feed = scene.FeedAsync(20);
        foreach (var consumer in (string[])["letters", "notifications", "postal", "letters"])
            await scene.KillAndAwaitAsync(consumer);
        (await feed).Count.ShouldBe(20);
    }
}

[Checklist(14, "poison message: bad JSON, unknown type, 1 MB", Quick = true)]
public sealed class PoisonMessages : Scenario
{
    private const string Queue = "letters.appointment";

    public override async Task RunAsync(Scene scene)
    {
        await using (var broker = await scene.BrokerAsync())
        await using (var channel = await broker.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true)))
        {
            foreach (var body in (string[])["{ not json", """{"messageType":["urn:message:Nobody:Knows"],"message":{}}""", $$$"""{"message":"{{{new string('x', 1_000_000)}}}"}"""])
            {
                await channel.BasicPublishAsync("", Queue, mandatory: true,
                    new BasicProperties { ContentType = "application/vnd.masstransit+json", MessageId = Guid.CreateVersion7().ToString() }, Encoding.UTF8.GetBytes(body));
            }
        }

        var (_, booking) = (await scene.FeedAsync(1))[0];
        await scene.LetterIsReadyAsync(booking); // the rest flows
        await Eventually.True(async () => (await GravesAsync(scene)).Sum(q => q.Messages) >= 2, "the poison was never put aside");
        foreach (var grave in await GravesAsync(scene))
            (await scene.ManageAsync(HttpMethod.Delete, $"/api/queues/%2F/{grave.Name}/contents")).IsSuccessStatusCode.ShouldBeTrue(grave.Name);
    }

    private static async Task<IEnumerable<Checking.QueueRow>> GravesAsync(Scene scene) =>
        (await scene.Db.QueuesAsync()).Where(q => q.Messages > 0 && (q.Name.EndsWith("_error", StringComparison.Ordinal) || q.Name.EndsWith("_skipped", StringComparison.Ordinal) || q.Name.EndsWith(".dead-letter", StringComparison.Ordinal)));
}

[Checklist(70, "messages of a newer contract: fields and headers that nobody here knows", Quick = true)]
public sealed class NewerContract : Scenario
{
    public override async Task RunAsync(Scene scene)
    {
        await using var tap = await scene.TapAsync("PatientHub.Appointments.Contracts:AppointmentBooked", "PatientHub.Letters.Contracts:LetterReady");
        var (_, booking) = (await scene.FeedAsync(1))[0];
        await scene.LetterIsReadyAsync(booking);
        foreach (var message in await tap.TakeAsync(2))
        {
            var envelope = JsonNode.Parse(message.Body.Span)!;
            envelope["message"]!["hoverboardParking"] = new JsonObject { ["level"] = 3 };
            envelope["messageType"]!.AsArray().Insert(0, JsonNode.Parse($"\"{envelope["messageType"]![0]}V2\""));
            await tap.PublishAsync(message, Encoding.UTF8.GetBytes(envelope.ToJsonString()), Guid.CreateVersion7());
        }
    }
}
