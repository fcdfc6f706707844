using System.Net.Http.Json;
using PatientHub.Identity.Contracts;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Identity.Tests.Support;

namespace PatientHub.Identity.Tests;

/// <summary>R14: who texts STOP has no mobile any more, on every record with that number; START takes it back.</summary>
public sealed class NumberTextedTests(IdentitySystem identity)
{
    [Fact]
    public async Task STOP_counts_as_no_mobile_on_every_record_and_START_takes_it_back()
    {
        var (mobile, email) = (PatientJson.NewMobile(), PatientJson.NewEmail());
        var first = await identity.FeedAsync(new PatientJson().Phone(mobile).Email(email));
        var second = await identity.FeedAsync(new PatientJson().Phone(mobile).BornOn("2001-01-01"));
        var number = "+44" + mobile[1..];

        var owners = await TextedAsync(new NumberTexted { Mobile = number, Stopped = true });
        owners.Select(o => o.PatientId).ShouldBe([first, second], ignoreOrder: true);
        owners.Single(o => o.PatientId == first).HasAnotherContact.ShouldBeTrue();
        owners.Single(o => o.PatientId == second).HasAnotherContact.ShouldBeFalse();
        (await identity.Bus.NextAsync<PatientDetailsChanged>(e => e.Patient.PatientId == second)).Patient.HasMobile.ShouldBeFalse();
        (await ContactAsync(first)).ShouldSatisfyAllConditions(c => c.Mobile.ShouldBeNull(), c => c.Email.ShouldBe(email));

        await TextedAsync(new NumberTexted { Mobile = number, Stopped = true });
        (await identity.SqlAsync<int>("select version from patient where id = $1", first)).ShouldBe(2, "said twice it changes nothing more");

        (await TextedAsync(new NumberTexted { Mobile = number, Stopped = false })).Count.ShouldBe(2);
        (await ContactAsync(first)).Mobile.ShouldBe(number);
        (await TextedAsync(new NumberTexted { Mobile = number })).Count.ShouldBe(2);
        (await identity.SqlAsync<int>("select version from patient where id = $1", first)).ShouldBe(3, "asking whose it is changes nothing");
        (await TextedAsync(new NumberTexted { Mobile = "+447700900000", Stopped = true })).ShouldNotContain(o => o.PatientId == first);
    }

    private Task<List<NumberOwner>> TextedAsync(NumberTexted texted) => identity.PostAsync<List<NumberOwner>>("/internal/contacts/texting", texted, "notifications");

    private async Task<PatientContact> ContactAsync(Guid id)
    {
        using var response = await identity.SendAsync("notifications", HttpMethod.Post, "/internal/contacts", JsonContent.Create(new PatientQuery { PatientIds = [id] }), scope: "contacts.read");
        return (await response.Content.ReadFromJsonAsync<List<PatientContact>>())!.Single();
    }
}
