using System.Net;
using System.Net.Http.Json;
using PatientHub.Appointments.Contracts;
using PatientHub.Identity.Contracts;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Identity.Tests.Support;
using PatientHub.Testing;

namespace PatientHub.Identity.Tests;

/// <summary>A32: "not for me". The contact is in doubt until the hospital has changed or confirmed it; signing in goes on, so that nobody can lock a patient out.</summary>
public sealed class WrongPersonTests(IdentitySystem identity)
{
    [Fact]
    public async Task Typed_number_is_in_doubt_on_every_record_that_has_it()
    {
        var (mobile, email) = (PatientJson.NewMobile(), PatientJson.NewEmail());
        var first = await identity.FeedAsync(new PatientJson().Phone(mobile).Email(email));
        var second = await identity.FeedAsync(new PatientJson().Phone(mobile).BornOn("2001-01-01"));
        var other = await identity.FeedAsync(new PatientJson().Phone(PatientJson.NewMobile()));
        (await ReportAsync(new WrongPerson { Identifier = " +44 " + mobile[1..5] + " " + mobile[5..] })).ShouldBe(HttpStatusCode.NoContent);

        foreach (var id in new[] { first, second })
        {
            await identity.Bus.NextAsync<ContactDoubted>(e => e.PatientId == id);
            (await identity.Bus.NextAsync<RaiseTask>(t => t.PatientId == id)).Code.ShouldBe(TaskCodes.ContactDoubtful);
        }

        (await identity.Bus.NextAsync<PatientDetailsChanged>(e => e.Patient.PatientId == first)).Patient.ShouldSatisfyAllConditions(p => p.HasMobile.ShouldBeFalse(), p => p.HasEmail.ShouldBeTrue());
        (await ContactAsync(first)).ShouldSatisfyAllConditions(c => c.Mobile.ShouldBeNull(), c => c.Email.ShouldBe(email));
        (await ContactAsync(second)).Mobile.ShouldBeNull();
        (await ContactAsync(other)).Mobile.ShouldNotBeNull();
        identity.Bus.Waiting<ContactDoubted>(e => e.PatientId == other).ShouldBeEmpty();
        (await identity.SqlAsync<long>("select count(*) from wrong_person_report where value = $1", "+44" + mobile[1..])).ShouldBe(0, "what was typed is not kept");
    }

    [Fact]
    public async Task Link_puts_all_contacts_of_its_record_in_doubt_once()
    {
        var id = await identity.FeedAsync(new PatientJson().Phone(PatientJson.NewMobile()).Email(PatientJson.NewEmail()));
        var token = (await ContactAsync(id)).LinkToken;
        await ReportAsync(new WrongPerson { LinkToken = token });
        await identity.Bus.NextAsync<ContactDoubted>(e => e.PatientId == id);
        await ReportAsync(new WrongPerson { LinkToken = token });
        await Eventually.True(async () => await identity.SqlAsync<long>("select count(*) from wrong_person_report where link_token = $1", token) == 0, "the second report was never looked at");
        (await ContactAsync(id)).ShouldSatisfyAllConditions(c => c.Mobile.ShouldBeNull(), c => c.Email.ShouldBeNull());
        (await identity.SqlAsync<int>("select version from patient where id = $1", id)).ShouldBe(2, "said twice it changes nothing more");
    }

    [Fact]
    public async Task Hospital_confirms_or_changes_the_contact()
    {
        var (mobile, patient) = (PatientJson.NewMobile(), new PatientJson());
        var id = await identity.FeedAsync(patient.Phone(mobile));
        await ReportAsync(new WrongPerson { Identifier = mobile });
        await identity.Bus.NextAsync<ContactDoubted>(e => e.PatientId == id);
        await identity.FeedAsync(patient);
        (await ContactAsync(id)).Mobile.ShouldBeNull("the same details again say nothing new");

        (await identity.SendAsync("trust-admin", HttpMethod.Put, $"/api/patients/{id}/contacts-confirmed")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await ContactAsync(id)).Mobile.ShouldNotBeNull();
        (await identity.SendAsync("trust-admin", HttpMethod.Put, $"/api/patients/{Guid.CreateVersion7()}/contacts-confirmed")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await identity.SendAsync("pas", HttpMethod.Put, $"/api/patients/{id}/contacts-confirmed")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        await ReportAsync(new WrongPerson { Identifier = mobile });
        await identity.Bus.NextAsync<ContactDoubted>(e => e.PatientId == id);
        await identity.FeedAsync(patient.WithoutTelecom().Phone(PatientJson.NewMobile()));
        (await ContactAsync(id)).Mobile.ShouldNotBeNull("another number is not in doubt");
    }

    [Fact]
    public async Task Known_and_unknown_get_the_same_answer_and_signing_in_goes_on() // A19
    {
        var mobile = PatientJson.NewMobile();
        var id = await identity.FeedAsync(new PatientJson().Phone(mobile));
        foreach (var report in new[] { new WrongPerson { Identifier = mobile }, new() { Identifier = PatientJson.NewMobile() }, new() { Identifier = "0113 496 0000" }, new() { LinkToken = "nobody-has-this-link" }, new() { LinkToken = new string('x', 500) } })
            (await ReportAsync(report)).ShouldBe(HttpStatusCode.NoContent);
        foreach (var report in new[] { new WrongPerson(), new() { Identifier = "" }, new() { Identifier = "nonsense" } })
            (await ReportAsync(report)).ShouldBe(HttpStatusCode.BadRequest);
        await identity.Bus.NextAsync<ContactDoubted>(e => e.PatientId == id);
        identity.Bus.Forget<PatientHub.Notifications.Contracts.SendSignInCode>();
        (await identity.SignInAsync(mobile, new DateOnly(1980, 3, 31))).ShouldNotBeEmpty();
    }

    private async Task<HttpStatusCode> ReportAsync(WrongPerson report)
    {
        using var response = await identity.SendJsonAsync("gateway", HttpMethod.Post, "/internal/contacts/wrong-person", report);
        return response.StatusCode;
    }

    private async Task<PatientContact> ContactAsync(Guid id)
    {
        using var response = await identity.SendAsync("notifications", HttpMethod.Post, "/internal/contacts", JsonContent.Create(new PatientQuery { PatientIds = [id] }), scope: "contacts.read");
        return (await response.Content.ReadFromJsonAsync<List<PatientContact>>())!.Single();
    }
}
