using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PatientHub.Appointments.Contracts;
using PatientHub.Calendar;
using PatientHub.Identity.Contracts;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Identity.Tests.Support;
using PatientHub.Identity.Workers;

namespace PatientHub.Identity.Tests;

/// <summary>A31: "not to parents", the review at 13, eight weeks' notice, and what stops at 16.</summary>
public sealed class GrowingUpTests(IdentitySystem identity)
{
    private static readonly DateOnly Today = LondonTime.DateOf(DateTimeOffset.UtcNow);

    [Fact]
    public async Task At_16_a_parents_contact_stops_until_the_hospital_confirms_it()
    {
        var (mobile, own) = (PatientJson.NewMobile(), PatientJson.NewEmail());
        var patient = Born(Today.AddYears(-16).AddDays(-1)).Phone(mobile);
        var id = await identity.FeedAsync(patient);
        // It came while the patient was a child.
        await identity.SqlAsync<int>("update patient_contact set added_at = added_at - interval '100 days' where patient_id = $1", id);
        (await ContactAsync(id)).ShouldSatisfyAllConditions(c => c.Mobile.ShouldBeNull(), c => c.ThroughParent.ShouldBeFalse());
        (await AddressAsync(id)).Lines[0].ShouldBe("Robin Testperson", "post is addressed to the young person");
        await identity.StartAsync(mobile, patient.Born);
        (await identity.CollectAsync()).ShouldBeEmpty("the parent does not sign in any more");

        await Worker.RunOnceAsync(TestContext.Current.CancellationToken);
        var task = await identity.Bus.NextAsync<RaiseTask>(t => t.PatientId == id);
        (task.Code, task.Alarmed).ShouldBe((TaskCodes.ContactDoubtful, false));
        await identity.Bus.NextAsync<ContactsEnded>(m => m.PatientId == id);
        await identity.Bus.NextAsync<SessionsEnded>(m => m.PatientId == id);
        (await identity.Bus.NextAsync<PatientDetailsChanged>(m => m.Patient.PatientId == id)).ShouldSatisfyAllConditions(m => m.ContactsChanged.ShouldBeTrue(), m => m.Patient.HasMobile.ShouldBeFalse());
        await Worker.RunOnceAsync(TestContext.Current.CancellationToken);
        identity.Bus.Waiting<RaiseTask>(t => t.PatientId == id).ShouldBeEmpty("once");
        identity.Bus.Waiting<ContactsEnded>(m => m.PatientId == id).ShouldBeEmpty("once");

        // The young person's own contact is another one.
        await identity.FeedAsync(patient.Email(own));
        (await ContactAsync(id)).ShouldSatisfyAllConditions(c => c.Email.ShouldBe(own), c => c.Mobile.ShouldBeNull());
        using var confirmed = await identity.SendAsync("trust-admin", HttpMethod.Put, $"/api/patients/{id}/contacts-confirmed");
        confirmed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await ContactAsync(id)).Mobile.ShouldBe("+44" + mobile[1..]);
    }

    [Fact]
    public async Task An_adult_who_came_as_an_adult_keeps_every_contact()
    {
        var mobile = PatientJson.NewMobile();
        var patient = Born(Today.AddYears(-16).AddDays(-1)).Phone(mobile);
        var id = await identity.FeedAsync(patient);
        await Worker.RunOnceAsync(TestContext.Current.CancellationToken);
        (await ContactAsync(id)).Mobile.ShouldBe("+44" + mobile[1..]);
        identity.Bus.Waiting<RaiseTask>(t => t.PatientId == id).ShouldBeEmpty();
        identity.Bus.Waiting<ContactsEnded>(m => m.PatientId == id).ShouldBeEmpty();
    }

    [Fact]
    public async Task People_look_at_13_and_tell_both_eight_weeks_before_16()
    {
        var thirteen = await identity.FeedAsync(Born(Today.AddYears(-13)).Phone(PatientJson.NewMobile()));
        var nearly = await identity.FeedAsync(Born(Today.AddYears(-16).AddDays(50)).Phone(PatientJson.NewMobile()));
        var (notYet, long15) = (await identity.FeedAsync(Born(Today.AddYears(-16).AddDays(60)).Phone(PatientJson.NewMobile())), await identity.FeedAsync(Born(Today.AddYears(-13).AddDays(1)).Phone(PatientJson.NewMobile())));
        await Worker.RunOnceAsync(TestContext.Current.CancellationToken);
        (await identity.Bus.NextAsync<RaiseTask>(t => t.PatientId == thirteen)).Code.ShouldBe(TaskCodes.ContactDoubtful);
        var told = await identity.Bus.NextAsync<RaiseTask>(t => t.PatientId == nearly);
        told.Code.ShouldBe(TaskCodes.TelephonePatient);
        told.Note!.ShouldContain("The hub tells the contacts on record");
        await identity.Bus.NextAsync<ContactsEndAnnounced>(m => m.PatientId == nearly);
        await Worker.RunOnceAsync(TestContext.Current.CancellationToken);
        identity.Bus.Waiting<RaiseTask>(t => t.PatientId == thirteen || t.PatientId == nearly || t.PatientId == notYet || t.PatientId == long15).ShouldBeEmpty();
        identity.Bus.Waiting<ContactsEndAnnounced>(m => m.PatientId == thirteen || m.PatientId == nearly || m.PatientId == notYet).ShouldBeEmpty("once, and at no other age");
    }

    [Fact]
    public async Task Who_gets_letters_only_is_told_by_a_letter()
    {
        var id = await identity.FeedAsync(Born(Today.AddYears(-16).AddDays(40)).Phone(PatientJson.NewMobile())
            .Preference(FhirConventions.PreferredContactMethod, FhirConventions.PreferredContactMethodSystem, FhirConventions.Letter));
        await Worker.RunOnceAsync(TestContext.Current.CancellationToken);
        (await identity.Bus.NextAsync<RaiseTask>(t => t.PatientId == id)).Note!.ShouldContain("The hub posts a letter for both.");
        await identity.Bus.NextAsync<ContactsEndAnnounced>(m => m.PatientId == id);
    }

    [Fact] // A31: the young person alone is told
    public async Task Not_to_parents_announces_nothing_to_a_parent()
    {
        var id = await identity.FeedAsync(Born(Today.AddYears(-16).AddDays(40)).Phone(PatientJson.NewMobile()).Extension($$$"""{"url":"{{{FhirConventions.NotToParentsExtension}}}","valueBoolean":true}"""));
        await identity.Bus.NextAsync<RaiseTask>(t => t.PatientId == id && t.Code == TaskCodes.SafeRoute);
        await Worker.RunOnceAsync(TestContext.Current.CancellationToken);
        (await identity.Bus.NextAsync<RaiseTask>(t => t.PatientId == id)).Note!.ShouldContain("tell the young person alone, by the safe route");
        // The worker's event about the record is the later one of the two.
        await identity.Bus.NextAsync<PatientDetailsChanged>(m => m.Patient.PatientId == id);
        identity.Bus.Waiting<ContactsEndAnnounced>(m => m.PatientId == id).ShouldBeEmpty();
    }

    [Fact] // A24
    public async Task A_corrected_date_of_birth_is_a_new_age()
    {
        var mobile = PatientJson.NewMobile();
        var patient = Born(Today.AddYears(-15).AddDays(-200)).Phone(mobile);
        var id = await identity.FeedAsync(patient);
        await identity.SqlAsync<int>("update patient_contact set added_at = added_at - interval '600 days' where patient_id = $1", id);
        var session = await identity.SessionAsync(mobile, patient.Born);

        // It makes the patient 16: whoever signed in through the parent's contact is signed out, and senders hear that there is none.
        await identity.FeedAsync(patient.BornOn(Today.AddYears(-16).AddDays(-1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
        (await identity.RenewAsync(session.SessionId)).ShouldBeNull();
        await identity.Bus.NextAsync<PatientDetailsChanged>(m => m.Patient.PatientId == id && !m.Patient.HasMobile && m.ContactsChanged);
        await Worker.RunOnceAsync(TestContext.Current.CancellationToken);
        await identity.Bus.NextAsync<RaiseTask>(t => t.PatientId == id && t.Note!.StartsWith("This patient is 16"));

        // And back: 15, and in fifty days again what was done before its time.
        await identity.FeedAsync(patient.BornOn(Today.AddYears(-16).AddDays(50).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
        (await ContactAsync(id)).ShouldSatisfyAllConditions(c => c.Mobile.ShouldNotBeNull(), c => c.ThroughParent.ShouldBeTrue());
        await Worker.RunOnceAsync(TestContext.Current.CancellationToken);
        await identity.Bus.NextAsync<ContactsEndAnnounced>(m => m.PatientId == id);
    }

    [Fact]
    public async Task Not_to_parents_shows_and_sends_nothing_while_the_patient_is_a_child()
    {
        var mobile = PatientJson.NewMobile();
        var patient = Born(Today.AddYears(-14)).Phone(mobile);
        var id = await identity.FeedAsync(patient);
        var session = await identity.SessionAsync(mobile, patient.Born);
        await identity.FeedAsync(patient.Extension($$$"""{"url":"{{{FhirConventions.NotToParentsExtension}}}","valueBoolean":true}"""));
        var task = await identity.Bus.NextAsync<RaiseTask>(t => t.PatientId == id && t.Code == TaskCodes.SafeRoute);
        task.Alarmed.ShouldBeTrue();
        (await identity.Bus.NextAsync<PatientDetailsChanged>(m => m.Patient.PatientId == id)).Patient.Restricted.ShouldBeTrue("for senders it is the same");
        (await identity.RenewAsync(session.SessionId)).ShouldBeNull();
        (await ContactAsync(id)).MaySend.ShouldBeFalse();
        (await AddressAsync(id)).MayPrint.ShouldBeFalse();
        await identity.StartAsync(mobile, patient.Born);
        (await identity.CollectAsync()).ShouldBeEmpty();
        patient.Json.Remove("extension");
        await identity.FeedAsync(patient);
        (await identity.Bus.NextAsync<RaiseTask>(t => t.PatientId == id)).Code.ShouldBe(TaskCodes.RestrictionLifted, "taken back");

        // An adult's record may say it too: it means nothing then.
        var adult = new PatientJson().Phone(PatientJson.NewMobile()).Extension($$$"""{"url":"{{{FhirConventions.NotToParentsExtension}}}","valueBoolean":true}""");
        (await ContactAsync(await identity.FeedAsync(adult))).MaySend.ShouldBeTrue();
    }

    private BirthdayWorker Worker => identity.Services.GetServices<IHostedService>().OfType<BirthdayWorker>().Single();

    private static PatientJson Born(DateOnly day) => new PatientJson().BornOn(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    private async Task<PatientContact> ContactAsync(Guid id) => (await identity.PostAsync<List<PatientContact>>("/internal/contacts", new PatientQuery { PatientIds = [id] }, "notifications")).Single();

    private async Task<PatientAddress> AddressAsync(Guid id) => (await identity.PostAsync<List<PatientAddress>>("/internal/addresses", new PatientQuery { PatientIds = [id] }, "postal")).Single();
}
