using PatientHub.AppHost.Local.Servers;
using PatientHub.Proving.Actors;
using PatientHub.Proving.Books;
using PatientHub.Proving.Checking;
using PatientHub.Proving.Scenarios;
using PatientHub.Simulators;
using PatientHub.Testing;
using RabbitMQ.Client;

namespace PatientHub.Proving.Tests.Proofs;

/// <summary>The checker sees what it is for: the same deed with the guarantee and without it. A checker that has never seen a fault proves nothing.</summary>
public sealed class CheckerProofs(ProvingHub proving)
{
    [Fact] // D, checklist 10
    public async Task Without_the_inbox_a_repeated_message_reaches_the_patient_again_and_D_fails()
    {
        var hub = await proving.HubAsync();
        await using var outside = await RunningSimulators.StartAsync();
        var postgres = new Npgsql.NpgsqlConnectionStringBuilder(hub.ConnectionString("appointmentsdb")) { Database = "courier" }.ConnectionString;
        var broker = await VirtualHostAsync(hub, "courier");
        Environment.SetEnvironmentVariable(SabotageFile.Variable, proving.Sabotage.Path);
        await using var courier = new Courier(postgres, broker, outside);
        await courier.StartAsync();

        await SendAsync(broker, "+447700900701", times: 5);
        await Eventually.True(async () => await EmptyAsync(broker) && await courier.DeliveriesAsync() > 0, "the courier never went");
        Verdict with = new(), without = new();
        DoubledRules.Judge(await courier.BooksAsync(), new Ledger(), with);
        with.Violations.ShouldBeEmpty();
        with.Examined["D1"].ShouldBe(1);

        using (proving.Sabotage.Break("inbox-off"))
        {
            await SendAsync(broker, "+447700900702", times: 5);
            await Eventually.True(async () => await EmptyAsync(broker) && await courier.DeliveriesAsync() == 6, "the courier never went again");
        }

        DoubledRules.Judge(await courier.BooksAsync(), new Ledger(), without);
        without.Violations.Select(v => v.Rule).ShouldContain("D1");
        without.Violations.Select(v => v.Rule).ShouldContain("D3");
    }

    [Fact] // D: the one fault that leaves nothing in the product's own tables
    public async Task A_step_whose_link_moves_on_from_a_message_that_was_taken_is_told_again_and_D_fails()
    {
        using var scene = new Scene(await proving.HubAsync(), seed: 905);
        var (_, booking) = (await scene.FeedAsync(1))[0];
        var appointment = scene.Hub.Ids.Appointment("pas", booking.SourceId);
        Task<IReadOnlyList<Guid>> TakenAsync() => scene.Db.RowsAsync("notificationsdb",
            $"select a.id from attempt a join proving_told.attempt_step t on t.attempt_id = a.id join journey_step s on s.id = t.step_id where s.appointment_id = '{appointment}' and a.state in ('Accepted', 'Delivered') order by a.created_at", r => r.GetGuid(0));
        await Eventually.True(async () => (await TakenAsync()).Count == 1, "the invitation never went", TimeSpan.FromMinutes(2));
        (await JudgedAsync()).ShouldBeEmpty();

        // What a defect would write: the step is open again, and another message is the one that tells of it.
        await scene.SqlAsync("notificationsdb", $"""
            with step as (update journey_step set state = 'Open', next_at = now(), claimed_until = null where appointment_id = '{appointment}' and kind = 'Invitation' and step = 0 returning id),
                 link as (select t.step_id, t.channel, t.message_id, gen_random_uuid() as next from message_step t join step on step.id = t.step_id),
                 message as (insert into message (id, patient_id, channel, template, subject, body, status, failed_for_good, created_at)
                             select link.next, m.patient_id, m.channel, m.template, m.subject, m.body, 'Waiting', false, now() from message m join link on link.message_id = m.id)
            update message_step t set message_id = link.next from link where t.step_id = link.step_id and t.channel = link.channel
            """);
        await Eventually.True(async () => (await TakenAsync()).Count == 2, "the invitation never went again", TimeSpan.FromMinutes(2));
        var rules = await JudgedAsync();
        rules.ShouldContain("D2");
        rules.ShouldContain("D3");

        // Without the rig's book the checker is as blind as the product's tables are; whoever judges this hub later meets nothing of it.
        await scene.SqlAsync("notificationsdb", $"delete from proving_told.attempt_step where attempt_id = '{(await TakenAsync())[0]}'; update attempt set message_id = null where id = '{(await TakenAsync())[0]}'");
        (await JudgedAsync()).ShouldBeEmpty();

        async Task<IReadOnlyList<string>> JudgedAsync()
        {
            var verdict = new Verdict();
            DoubledRules.Judge(await scene.Db.ReadAsync(), scene.Ledger, verdict);
            return [.. verdict.Violations.Where(v => v.Rule is "D2" or "D3").Select(v => v.Rule)];
        }
    }

    [Fact] // L, checklist 1
    public async Task Without_confirms_a_killed_broker_loses_messages_and_L_fails()
    {
        var hub = await proving.HubAsync();
        using (var held = new Scene(hub, seed: 901))
        {
            await FeedIntoADyingBrokerAsync(held, blindly: false);
            var verdict = await held.JudgeAsync();
            verdict.Violations.ShouldBeEmpty(verdict.Report());
            verdict.Examined["L5"].ShouldBeGreaterThan(0);
        }

        using var scene = new Scene(hub, seed: 902);
        IReadOnlyList<(PasPerson Person, PasBooking Booking)> fed;
        using (proving.Sabotage.Break("confirms-off"))
            fed = await FeedIntoADyingBrokerAsync(scene, blindly: true);
        var broken = await scene.JudgeAsync(TimeSpan.FromSeconds(15));
        broken.Fails("L5").ShouldBeTrue(broken.Report());

        // Any later event makes good what was missed: the whole state lies in each (design section 4).
        foreach (var (_, booking) in fed)
            (await scene.Pas.SendAsync(booking with { Start = booking.Start.AddMinutes(5), LastUpdated = scene.Pas.Stamp() }, TestContext.Current.CancellationToken)).ShouldBe(200);
        var mended = await scene.JudgeAsync();
        mended.Violations.ShouldBeEmpty(mended.Report());
    }

    [Fact] // N, checklist 85
    public async Task With_a_code_check_in_two_steps_a_guesser_gets_more_than_five_tries_and_N_fails()
    {
        var hub = await proving.HubAsync();
        using (var held = new Scene(hub, seed: 903))
        {
            (await GuessManyAtOnceThenTypeTheCodeAsync(held)).ShouldBeFalse();
            (await held.JudgeAsync()).Violations.ShouldBeEmpty();
        }

        using var scene = new Scene(hub, seed: 904);
        using (proving.Sabotage.Break("code-in-two-steps"))
            (await GuessManyAtOnceThenTypeTheCodeAsync(scene)).ShouldBeTrue();
        var verdict = await scene.JudgeAsync();
        verdict.Fails("N4").ShouldBeTrue(verdict.Report());
        verdict.Fails("N1").ShouldBeFalse(verdict.Report());
    }

    /// <summary>The broker takes bytes and says nothing, as one that is about to die; then it dies.</summary>
    private static async Task<IReadOnlyList<(PasPerson Person, PasBooking Booking)>> FeedIntoADyingBrokerAsync(Scene scene, bool blindly)
    {
        var hub = scene.Hub;
        var before = hub.Proxies["rabbitmq"].BytesToServer;
        hub.Processes.Pause("rabbitmq");
        var fed = await scene.FeedAsync(5);
        await Eventually.True(() => hub.Proxies["rabbitmq"].BytesToServer > before + 5_000, "nothing was ever sent to the broker");
        if (blindly)
            await Eventually.True(async () => (await scene.Db.OutboxesAsync()).All(o => o.Waiting == 0), "rows were kept without a confirm");
        await hub.Processes.KillAsync("rabbitmq");
        await hub.Processes.RestartedAsync("rabbitmq");
        await hub.AllRunAsync();
        return fed;
    }

    private static async Task<bool> GuessManyAtOnceThenTypeTheCodeAsync(Scene scene)
    {
        var (person, _) = (await scene.FeedAsync(1))[0];
        var patient = scene.Online(person);
        (await patient.BeginSignInAsync()).ShouldBeTrue();
        var code = (await patient.CodeAsync()).ShouldNotBeNull();
        var wrong = Enumerable.Range(0, 20).Select(i => $"{(int.Parse(code.Code!, System.Globalization.CultureInfo.InvariantCulture) + 1 + i) % 1_000_000:D6}").ToArray();
        await patient.TypeCodesAtOnceAsync(wrong);
        return await patient.TypeCodeAsync(code.Code!, code.CreatedAt);
    }

    private static async Task<string> VirtualHostAsync(Rig.HubUnderTest hub, string name)
    {
        var uri = new Uri(hub.ConnectionString("rabbitmq"));
        using var http = BrokerConsole.Open(uri, hub.Address("rabbitmq", "management"));
        (await http.PutAsync($"/api/vhosts/{name}", new StringContent("{\"default_queue_type\":\"quorum\"}", null, "application/json"))).EnsureSuccessStatusCode();
        (await http.PutAsync($"/api/permissions/{name}/{uri.UserInfo.Split(':')[0]}", new StringContent("{\"configure\":\".*\",\"write\":\".*\",\"read\":\".*\"}", null, "application/json"))).EnsureSuccessStatusCode();
        return $"{uri.ToString().TrimEnd('/')}/{name}";
    }

    private static async Task SendAsync(string broker, string to, int times)
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(broker) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        var (messageId, errand) = (Guid.CreateVersion7(), new Errand { ErrandId = Guid.CreateVersion7(), To = to });
        var type = $"urn:message:{typeof(Errand).Namespace}:{nameof(Errand)}";
        var body = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new { messageId, messageType = new[] { type }, message = errand }, System.Text.Json.JsonSerializerOptions.Web);
        for (var i = 0; i < times; i++)
            await channel.BasicPublishAsync($"{typeof(Errand).Namespace}:{nameof(Errand)}", "", mandatory: true, new BasicProperties { ContentType = "application/vnd.masstransit+json", MessageId = messageId.ToString(), Persistent = true }, body);
    }

    private static async Task<bool> EmptyAsync(string broker)
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(broker) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        return (await channel.QueueDeclarePassiveAsync("courier.errand")).MessageCount == 0;
    }
}
