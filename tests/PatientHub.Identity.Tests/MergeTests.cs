using System.Net;
using System.Text.Json.Nodes;
using PatientHub.Appointments.Contracts;
using PatientHub.Identity.Contracts;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Identity.Tests.Support;

namespace PatientHub.Identity.Tests;

/// <summary>Merges (A30): everything, old links and UVCs lead to the survivor; sessions end; a merge can be taken back.</summary>
public sealed class MergeTests(IdentitySystem identity)
{
    [Theory]
    [InlineData(true)] // the replaced record says so
    [InlineData(false)] // the survivor says so
    public async Task Whoever_says_it_the_old_record_leads_to_the_survivor_and_sessions_end(bool byTheReplaced)
    {
        var (mobile, other) = (PatientJson.NewMobile(), PatientJson.NewMobile());
        var (old, survivor) = (new PatientJson().Phone(mobile), new PatientJson().Phone(other));
        var (oldId, survivorId) = (await identity.FeedAsync(old), await identity.FeedAsync(survivor));
        var session = await identity.SessionAsync(mobile, old.Born);

        await identity.FeedAsync(byTheReplaced ? old.With("active", false).With("link", Link("replaced-by", survivor)) : survivor.With("link", Link("replaces", old)));

        var merged = await identity.Bus.NextAsync<PatientMerged>(m => m.FromPatientId == oldId);
        merged.ToPatientId.ShouldBe(survivorId);
        await identity.Bus.NextAsync<SessionsEnded>(m => m.PatientId == oldId);
        await identity.Bus.NextAsync<SessionsEnded>(m => m.PatientId == survivorId);
        (await identity.RenewAsync(session.SessionId)).ShouldBeNull();
        identity.Bus.Waiting<RaiseTask>(t => t.PatientId == oldId || t.PatientId == survivorId).ShouldBeEmpty("a merge that is applied needs nobody");

        // Whoever asks for the old record is answered as for the survivor.
        var contact = (await ContactsAsync(oldId)).Single();
        (contact.PatientId, contact.Mobile, contact.MaySend).ShouldBe((oldId, "+44" + other[1..], true));
        (await identity.PostAsync<List<PatientAddress>>("/internal/addresses", new PatientQuery { PatientIds = [oldId] }, "postal")).Single().MayPrint.ShouldBeTrue();
        contact.LinkToken.ShouldBe((await ContactsAsync(survivorId)).Single().LinkToken);

        // Nobody signs in to the old record.
        await identity.StartAsync(mobile, old.Born);
        (await identity.CollectAsync()).ShouldBeEmpty();
        // The same message again changes nothing.
        await identity.FeedAsync(byTheReplaced ? old : survivor);
        identity.Bus.Waiting<PatientMerged>(m => m.FromPatientId == oldId).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_old_link_and_an_old_uvc_lead_to_the_survivor()
    {
        var mobile = PatientJson.NewMobile();
        // Two who match, and a third that was merged into the second.
        var (twin, survivor, old) = (new PatientJson().Phone(mobile).Named("Jack", "Twin"), new PatientJson().Phone(mobile).Named("Jill", "Twin"), new PatientJson().Phone(mobile).Named("Jilly", "Twin"));
        await identity.FeedAsync(twin);
        var (survivorId, oldId) = (await identity.FeedAsync(survivor), await identity.FeedAsync(old));
        var oldContact = (await ContactsAsync(oldId)).Single();
        await identity.FeedAsync(old.With("link", Link("replaced-by", survivor)));

        var attempt = await identity.StartAsync(mobile, old.Born, oldContact.LinkToken);
        var byLink = await identity.VerifyAsync(attempt, (await identity.CollectAsync()).Single().Code!);
        byLink.Outcome.ShouldBe(SignInOutcome.SignedIn, "the old link has chosen the survivor");
        Subject(await identity.ExchangeAsync(byLink.Grant!)).ShouldBe(survivorId);

        attempt = await identity.StartAsync(mobile, old.Born);
        (await identity.VerifyAsync(attempt, (await identity.CollectAsync()).Single().Code!)).Outcome.ShouldBe(SignInOutcome.UvcNeeded);
        var byUvc = await identity.VerifyUvcAsync(attempt, oldContact.Uvc!);
        byUvc.Outcome.ShouldBe(SignInOutcome.SignedIn);
        Subject(await identity.ExchangeAsync(byUvc.Grant!)).ShouldBe(survivorId);
    }

    [Fact]
    public async Task A_merge_that_is_taken_back_gives_the_record_back_and_a_person_looks()
    {
        var mobile = PatientJson.NewMobile();
        var (old, survivor) = (new PatientJson().Phone(mobile), new PatientJson().Phone(PatientJson.NewMobile()));
        var (oldId, survivorId) = (await identity.FeedAsync(old), await identity.FeedAsync(survivor));
        await identity.FeedAsync(survivor.With("link", Link("replaces", old)));
        await identity.Bus.NextAsync<PatientMerged>(m => m.FromPatientId == oldId);
        survivor.Json.Remove("link");
        await identity.FeedAsync(survivor);

        (await identity.Bus.NextAsync<PatientUnmerged>(m => m.PatientId == oldId)).FromPatientId.ShouldBe(survivorId);
        var task = await identity.Bus.NextAsync<RaiseTask>(t => t.PatientId == oldId);
        (task.Code, task.Alarmed).ShouldBe((TaskCodes.RecordConflict, true));
        task.Note!.ShouldContain("What the hospital system sent under the other record meanwhile stayed there");
        // Who still sees the other's letters is somebody's work, too.
        var others = await identity.Bus.NextAsync<RaiseTask>(t => t.PatientId == survivorId);
        (others.Code, others.Alarmed).ShouldBe((TaskCodes.RecordConflict, true));
        others.Note!.ShouldContain("mark each that is not this patient's as entered in error");
        (await ContactsAsync(oldId)).Single().Mobile.ShouldBe("+44" + mobile[1..]);
        (await identity.SessionAsync(mobile, old.Born)).SessionId.ShouldNotBe(Guid.Empty);
        // And again merged.
        await identity.FeedAsync(survivor.With("link", Link("replaces", old)));
        (await identity.Bus.NextAsync<PatientMerged>(m => m.FromPatientId == oldId)).ToPatientId.ShouldBe(survivorId);
    }

    [Fact]
    public async Task A_chain_leads_to_its_end_whichever_link_came_first()
    {
        var (first, second, third) = (new PatientJson(), new PatientJson(), new PatientJson());
        var (firstId, secondId, thirdId) = (await identity.FeedAsync(first), await identity.FeedAsync(second), await identity.FeedAsync(third));
        await identity.FeedAsync(first.With("link", Link("replaced-by", second)));
        (await identity.Bus.NextAsync<PatientMerged>(m => m.FromPatientId == firstId)).ToPatientId.ShouldBe(secondId);
        await identity.FeedAsync(second.With("link", Link("replaced-by", third)));
        (await identity.Bus.NextAsync<PatientMerged>(m => m.FromPatientId == secondId)).ToPatientId.ShouldBe(thirdId);
        (await identity.Bus.NextAsync<PatientMerged>(m => m.FromPatientId == firstId)).ToPatientId.ShouldBe(thirdId);
        (await ContactsAsync(firstId)).Single().LinkToken.ShouldBe((await ContactsAsync(thirdId)).Single().LinkToken);
    }

    [Fact]
    public async Task A_survivor_that_comes_later_and_a_record_that_comes_later_meet()
    {
        var (old, survivor) = (new PatientJson(), new PatientJson());
        var oldId = await identity.FeedAsync(old.With("link", Link("replaced-by", survivor)));
        (await identity.Bus.NextAsync<PatientMerged>(m => m.FromPatientId == oldId)).ToPatientId.ShouldBe(identity.IdOf(survivor.Id));
        (await ContactsAsync(oldId)).ShouldBeEmpty("nothing is sent to an old record while its survivor is unknown");
        await identity.FeedAsync(survivor);
        (await ContactsAsync(oldId)).Single().MaySend.ShouldBeTrue();

        var (late, known) = (new PatientJson(), new PatientJson());
        await identity.FeedAsync(known.With("link", Link("replaces", late)));
        var lateId = await identity.FeedAsync(late);
        (await identity.Bus.NextAsync<PatientMerged>(m => m.FromPatientId == lateId)).ToPatientId.ShouldBe(identity.IdOf(known.Id));
    }

    [Fact]
    public async Task A_ring_merges_nobody_and_alarms()
    {
        var (one, two) = (new PatientJson(), new PatientJson());
        var (oneId, twoId) = (await identity.FeedAsync(one), await identity.FeedAsync(two));
        await identity.FeedAsync(one.With("link", Link("replaced-by", two)));
        await identity.Bus.NextAsync<PatientMerged>(m => m.FromPatientId == oneId);
        await identity.FeedAsync(two.With("link", Link("replaced-by", one)));
        (await identity.Bus.NextAsync<RaiseTask>(t => t.PatientId == twoId || t.PatientId == oneId)).Code.ShouldBe(TaskCodes.RecordConflict);
        (await identity.SqlAsync<long>("select count(*) from patient where id = any($1) and merged_into is not null", new[] { oneId, twoId })).ShouldBe(0);
    }

    [Fact]
    public async Task Two_that_name_each_other_at_once_do_not_block_each_other()
    {
        for (var round = 0; round < 5; round++)
        {
            var (old, survivor) = (new PatientJson(), new PatientJson());
            var oldId = await identity.FeedAsync(old);
            await identity.FeedAsync(survivor);
            old.With("link", Link("replaced-by", survivor));
            survivor.With("link", Link("replaces", old));
            var answers = await Task.WhenAll(identity.PutPatientAsync(old), identity.PutPatientAsync(survivor));
            answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);
            await identity.Bus.NextAsync<PatientMerged>(m => m.FromPatientId == oldId);
            identity.Bus.Waiting<PatientMerged>(m => m.FromPatientId == oldId).ShouldBeEmpty("one merge");
        }
    }

    private static JsonNode Link(string type, PatientJson other) => JsonNode.Parse($$"""[{"other":{"reference":"Patient/{{other.Id}}"},"type":"{{type}}"}]""")!;

    private static Guid Subject(JsonObject? token) => Guid.Parse(IdentitySystem.Claims(token!["access_token"]!.GetValue<string>()).GetProperty("sub").GetString()!);

    private Task<List<PatientContact>> ContactsAsync(Guid id) => identity.PostAsync<List<PatientContact>>("/internal/contacts", new PatientQuery { PatientIds = [id] }, "notifications");
}
