using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using PatientHub.Appointments.Contracts;
using PatientHub.Identity.Contracts;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Identity.Tests.Support;
using PatientHub.Testing;

namespace PatientHub.Identity.Tests;

/// <summary>PUT /fhir/Patient over HTTP: what is stored, what is published, what is refused.</summary>
public sealed class IntakeTests(IdentitySystem identity)
{
    private static readonly PatientQuery None = new() { PatientIds = [] };

    [Fact]
    public async Task Richard_smith_gets_post_in_large_print_and_his_contacts_number_signs_nobody_in()
    {
        using var response = await PutXmlAsync("UKCore-Patient-RichardSmith-Example.xml");
        response.StatusCode.ShouldBe(HttpStatusCode.Created);
        var id = identity.IdOf("UKCore-Patient-RichardSmith-Example");
        var state = (await identity.Bus.NextAsync<PatientRegistered>(m => m.Patient.PatientId == id)).Patient;
        (state.HasMobile, state.HasEmail, state.Deceased, state.NeedsAccessibleFormat, state.Active).ShouldBe((false, false, false, false, true));
        (await identity.Bus.NextAsync<RaiseTask>(t => t.PatientId == id)).Code.ShouldBe(TaskCodes.AccessibleFormat, "a sign language is recorded: a person looks");

        var address = (await AddressesAsync(id)).ShouldHaveSingleItem();
        address.MayPrint.ShouldBeTrue();
        address.Format.ShouldBe(PrintFormat.LargePrint);
        address.Lines.ShouldBe(["Richard SMITH", "4 Sandmoor Drive", "LEEDS", "LS17 7DF"]);
        address.NhsNumber.ShouldBe("991 200 3888");
        var contact = (await ContactsAsync(id)).ShouldHaveSingleItem();
        (contact.Mobile, contact.Email, contact.MaySend).ShouldBe((null, null, true));

        await identity.StartAsync("07777123123", new DateOnly(1970, 9, 11));
        (await identity.CollectAsync()).ShouldBeEmpty();
        await identity.StartAsync("01131231234", new DateOnly(1970, 9, 11));
        (await identity.CollectAsync()).ShouldBeEmpty("a landline is nothing to sign in with");

        using var again = await PutXmlAsync("UKCore-Patient-RichardSmith-Example.xml");
        again.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_baby_is_taken_with_a_warning_and_a_row_for_operations()
    {
        using var response = await PutXmlAsync("UKCore-Patient-BabyPatient-Example.xml");
        response.StatusCode.ShouldBe(HttpStatusCode.Created);
        var outcome = await IdentitySystem.TextAsync(response);
        outcome.ShouldContain("warning");
        outcome.ShouldContain("Patient.identifier[0].value");
        outcome.ShouldNotContain("9912003890");
        var id = identity.IdOf("UKCore-Patient-BabyPatient-Example");
        (await identity.SqlAsync<string>("select element from intake_warning where patient_id = $1", id)).ShouldBe("Patient.identifier[0].value");
        (await AddressesAsync(id)).Single().NhsNumber.ShouldBeNull();
        (await AddressesAsync(id)).Single().Lines[0].ShouldBe("Parent or guardian of");
        var warnings = await identity.GetAsync<List<IntakeWarningLine>>("trust-admin", "/api/intake-warnings");
        warnings.ShouldContain(w => w.PatientId == id);
    }

    [Fact]
    public async Task The_same_resource_twice_changes_and_publishes_nothing()
    {
        var patient = new PatientJson().Phone(PatientJson.NewMobile());
        var id = await identity.FeedAsync(patient);
        await identity.FeedAsync(patient);
        await identity.FeedAsync(patient.LastUpdated("2099-01-01T00:00:00Z"));
        await identity.FeedAsync(patient.Email(PatientJson.NewEmail()));

        var changed = await identity.Bus.NextAsync<PatientDetailsChanged>(m => m.Patient.PatientId == id);
        changed.Patient.Version.ShouldBe(2, "the only change so far is the last one");
        changed.ContactsChanged.ShouldBeTrue();
        (changed.Patient.HasMobile, changed.Patient.HasEmail).ShouldBe((true, true));
        identity.Bus.Waiting<PatientDetailsChanged>(m => m.Patient.PatientId == id).ShouldBeEmpty();
        (await identity.Bus.NextAsync<SessionsEnded>(m => m.PatientId == id)).SessionId.ShouldBeNull();
    }

    [Fact]
    public async Task Forty_copies_at_once_make_one_patient() // checklist 29
    {
        var patient = new PatientJson().Phone(PatientJson.NewMobile());
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(async _ =>
        {
            using var response = await identity.PutPatientAsync(patient);
            return response.StatusCode;
        }));
        answers.Count(s => s == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(s => s == HttpStatusCode.OK).ShouldBe(39);
    }

    [Fact]
    public async Task An_older_resource_gets_412_and_changes_nothing() // A34
    {
        var patient = new PatientJson().Named("New", "Testperson").LastUpdated("2026-05-02T10:00:00Z");
        var id = await identity.FeedAsync(patient);
        using var response = await identity.PutPatientAsync(patient.Named("Old", "Testperson").LastUpdated("2026-05-02T09:59:59Z"));
        response.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await ContactsAsync(id)).Single().FirstName.ShouldBe("New");
    }

    [Fact]
    public async Task Another_person_under_a_known_id_is_quarantined_once_and_a_person_decides() // A30
    {
        var mobile = PatientJson.NewMobile();
        var patient = new PatientJson().Phone(mobile).NhsNumber("9990001014");
        var id = await identity.FeedAsync(patient);
        var other = new PatientJson(patient.Id).Phone(PatientJson.NewMobile()).NhsNumber("9990001111");
        using var response = await identity.PutPatientAsync(other);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await IdentitySystem.TextAsync(response)).ShouldContain("quarantine");
        var task = await identity.Bus.NextAsync<RaiseTask>(t => t.PatientId == id);
        (task.Code, task.Alarmed).ShouldBe((TaskCodes.RecordConflict, true));
        (await ContactsAsync(id)).Single().Mobile.ShouldBe("+44" + mobile[1..], "nothing was applied");

        using var again = await identity.PutPatientAsync(other);
        (await identity.SqlAsync<long>("select count(*) from quarantined_record where patient_id = $1", id)).ShouldBe(1);
        identity.Bus.Waiting<RaiseTask>(t => t.PatientId == id).ShouldBeEmpty("the same content is the same task");

        (await identity.GetAsync<List<QuarantinedPatient>>("trust-admin", "/api/quarantine")).ShouldContain(q => q.PatientId == id && q.TaskId == task.TaskId);
        using var stale = await identity.SendJsonAsync("trust-admin", HttpMethod.Post, $"/api/quarantine/{id}/decision", new QuarantineDecision { Apply = true, TaskId = Guid.CreateVersion7() });
        stale.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        using var decided = await identity.SendJsonAsync("trust-admin", HttpMethod.Post, $"/api/quarantine/{id}/decision", new QuarantineDecision { Apply = true, TaskId = task.TaskId });
        decided.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await ContactsAsync(id)).Single().Mobile.ShouldNotBe("+44" + mobile[1..]);
        (await identity.Bus.NextAsync<PatientDetailsChanged>(m => m.Patient.PatientId == id)).ContactsChanged.ShouldBeTrue();
    }

    [Fact]
    public async Task A_restricted_record_makes_an_alarmed_task_and_nothing_is_sent_or_printed() // A24
    {
        var mobile = PatientJson.NewMobile();
        var patient = new PatientJson().Phone(mobile);
        var id = await identity.FeedAsync(patient);
        await identity.FeedAsync(patient.Restricted());
        var task = await identity.Bus.NextAsync<RaiseTask>(t => t.PatientId == id);
        (task.Code, task.Alarmed).ShouldBe((TaskCodes.SafeRoute, true));
        (await identity.Bus.NextAsync<PatientDetailsChanged>(m => m.Patient.PatientId == id)).Patient.Restricted.ShouldBeTrue();
        await identity.Bus.NextAsync<SessionsEnded>(m => m.PatientId == id);
        (await ContactsAsync(id)).Single().MaySend.ShouldBeFalse();
        (await AddressesAsync(id)).Single().MayPrint.ShouldBeFalse();
        await identity.StartAsync(mobile, patient.Born);
        (await identity.CollectAsync()).ShouldBeEmpty();
    }

    [Theory] // A30: no merge, so a person has to look
    [InlineData("active", "false")]
    [InlineData("link", """[{"other":{"reference":"Patient/2"},"type":"seealso"}]""")]
    [InlineData("link", """[{"other":{"display":"somebody"},"type":"replaced-by"}]""")]
    public async Task A_link_or_an_inactive_record_blocks_signing_in_and_alarms(string element, string json)
    {
        var mobile = PatientJson.NewMobile();
        var patient = new PatientJson().Phone(mobile).With(element, JsonNode.Parse(json));
        var id = await identity.FeedAsync(patient);
        var task = await identity.Bus.NextAsync<RaiseTask>(t => t.PatientId == id);
        (task.Code, task.Alarmed).ShouldBe((TaskCodes.RecordConflict, true));
        await identity.StartAsync(mobile, patient.Born);
        (await identity.CollectAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Death_and_its_withdrawal() // A24
    {
        var patient = new PatientJson().Phone(PatientJson.NewMobile());
        var id = await identity.FeedAsync(patient);
        await identity.FeedAsync(patient.With("deceasedBoolean", true));
        (await identity.Bus.NextAsync<PatientDetailsChanged>(m => m.Patient.PatientId == id)).Patient.Deceased.ShouldBeTrue();
        await identity.FeedAsync(patient.With("deceasedBoolean", false));
        (await identity.Bus.NextAsync<PatientDetailsChanged>(m => m.Patient.PatientId == id)).Patient.Deceased.ShouldBeFalse();
        (await identity.Bus.NextAsync<RaiseTask>(t => t.PatientId == id)).Code.ShouldBe(TaskCodes.DeceasedRevoked);
    }

    [Theory]
    [InlineData("application/fhir+json", "not json", 400)]
    [InlineData("application/fhir+json", "[]", 400)]
    [InlineData("application/fhir+json", """{"resourceType":"Observation","id":"bad"}""", 400)]
    [InlineData("application/fhir+json", """{"resourceType":"Patient","id":"other"}""", 400)]
    [InlineData("application/fhir+json", """{"resourceType":"Patient","id":"bad","birthDate":"1980-02-30"}""", 400)]
    [InlineData("application/fhir+json", """{"resourceType":"Patient","id":"bad","birthDate":"31/03/1980"}""", 400)]
    [InlineData("application/fhir+json", """{"resourceType":"Patient","id":"bad","favouriteColour":"blue"}""", 400)]
    [InlineData("application/fhir+json", """{"resourceType":"Patient","id":"bad","gender":"purple"}""", 400)]
    [InlineData("application/fhir+xml", "<!DOCTYPE x [<!ENTITY e \"boom\">]><Patient xmlns=\"http://hl7.org/fhir\"><id value=\"bad\"/><birthDate value=\"&e;\"/></Patient>", 400)]
    [InlineData("text/plain", "{}", 415)]
    public async Task What_is_not_fhir_is_refused_with_an_outcome_and_nothing_is_stored(string type, string body, int status)
    {
        using var response = await identity.SendAsync("pas", HttpMethod.Put, "/fhir/Patient/bad", new StringContent(body, Encoding.UTF8, type));
        ((int)response.StatusCode).ShouldBe(status);
        var text = await IdentitySystem.TextAsync(response);
        text.ShouldContain("OperationOutcome");
        text.ShouldNotContain("boom");
        (await ContactsAsync(identity.IdOf("bad"))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Ten_megabytes_and_ten_thousand_levels_are_refused() // checklist 117
    {
        using var huge = await identity.SendAsync("pas", HttpMethod.Put, "/fhir/Patient/bad",
            new StringContent($$"""{"resourceType":"Patient","id":"bad","name":[{"text":"{{new string('x', 10 * 1024 * 1024)}}"}]}""", Encoding.UTF8, "application/fhir+json"));
        huge.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        var deep = string.Concat(Enumerable.Repeat("""{"extension":[""", 10_000));
        using var nested = await identity.SendAsync("pas", HttpMethod.Put, "/fhir/Patient/bad", new StringContent("""{"resourceType":"Patient","id":"bad","extension":[""" + deep, Encoding.UTF8, "application/fhir+json"));
        nested.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_failed_contact_counts_as_none_and_codes_go_by_email() // R14, A18
    {
        var (mobile, email) = (PatientJson.NewMobile(), PatientJson.NewEmail());
        var patient = new PatientJson().Phone(mobile).Email(email);
        var id = await identity.FeedAsync(patient);
        await identity.Bus.PublishAsync(new PatientHub.Notifications.Contracts.NotificationUndeliverable
        {
            PatientId = id,
            Channel = PatientHub.Notifications.Contracts.Channel.Sms,
            ContactFailed = true,
            AllChannelsFailed = false,
            OccurredAt = DateTimeOffset.UtcNow,
        });
        var changed = await identity.Bus.NextAsync<PatientDetailsChanged>(m => m.Patient.PatientId == id);
        (changed.Patient.HasMobile, changed.Patient.HasEmail, changed.ContactsChanged).ShouldBe((false, true, false));
        (await ContactsAsync(id)).Single().Mobile.ShouldBeNull();

        await identity.StartAsync(mobile, patient.Born);
        var code = (await identity.CollectAsync()).ShouldHaveSingleItem();
        (code.Channel, code.Destination).ShouldBe(("email", email));
        await identity.FeedAsync(patient.Named("Renamed", "Testperson"));
        (await ContactsAsync(id)).Single().Mobile.ShouldBeNull("the feed repeats the number; it is still dead");
    }

    [Fact] // A24, A30
    public async Task A_late_report_of_a_failure_does_not_touch_the_contact_that_came_since()
    {
        var (old, fresh) = (PatientJson.NewMobile(), PatientJson.NewMobile());
        var patient = new PatientJson("late-report-" + old).Phone(old);
        var id = await identity.FeedAsync(patient);
        var sentAt = DateTimeOffset.UtcNow;
        await identity.FeedAsync(patient.WithoutTelecom().Phone(fresh));
        await identity.SqlAsync<int>("update patient_contact set added_at = $2 where patient_id = $1", id, sentAt.AddMinutes(1));
        var failed = new PatientHub.Notifications.Contracts.NotificationUndeliverable
        {
            PatientId = id,
            Channel = PatientHub.Notifications.Contracts.Channel.Sms,
            ContactFailed = true,
            AllChannelsFailed = false,
            SentAt = sentAt,
            OccurredAt = sentAt.AddHours(2),
        };
        await identity.Bus.NextAsync<PatientDetailsChanged>(m => m.Patient.PatientId == id && m.ContactsChanged);
        const string taken = "select count(*) from inbox_message where endpoint = 'identity.notification-undeliverable'";
        var before = await identity.SqlAsync<long>(taken);
        await identity.Bus.PublishAsync(failed);
        await Eventually.True(async () => await identity.SqlAsync<long>(taken) > before, "the report was never taken");
        (await ContactsAsync(id)).Single().Mobile.ShouldBe("+44" + fresh[1..]);
        // What was sent to the new one counts.
        await identity.Bus.PublishAsync(failed with { SentAt = sentAt.AddMinutes(2) });
        (await identity.Bus.NextAsync<PatientDetailsChanged>(m => m.Patient.PatientId == id)).Patient.HasMobile.ShouldBeFalse();
        (await ContactsAsync(id)).Single().Mobile.ShouldBeNull();
    }

    [Fact]
    public async Task Staff_can_send_codes_by_email() // R14
    {
        var (mobile, email) = (PatientJson.NewMobile(), PatientJson.NewEmail());
        var patient = new PatientJson().Phone(mobile).Email(email);
        var id = await identity.FeedAsync(patient);
        using var set = await identity.SendJsonAsync("trust-admin", HttpMethod.Put, $"/api/patients/{id}/codes-by-email", new CodesByEmail { Enabled = true });
        set.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await identity.StartAsync(mobile, patient.Born);
        (await identity.CollectAsync()).Single().Destination.ShouldBe(email);
        using var unknown = await identity.SendJsonAsync("trust-admin", HttpMethod.Put, $"/api/patients/{Guid.CreateVersion7()}/codes-by-email", new CodesByEmail { Enabled = true });
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Contacts_leave_out_the_unknown_and_refuse_more_than_500_ids()
    {
        (await ContactsAsync(Guid.CreateVersion7())).ShouldBeEmpty();
        using var tooMany = await identity.SendJsonAsync("notifications", HttpMethod.Post, "/internal/contacts",
            None with { PatientIds = [.. Enumerable.Range(0, 501).Select(_ => Guid.CreateVersion7())] });
        tooMany.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact] // A24, A31: what is served without a session asks how the record stands
    public async Task Standing_says_who_may_sign_in_and_through_whom()
    {
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var child = await identity.FeedAsync(new PatientJson().BornOn(today.AddYears(-10).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)));
        var adult = await identity.FeedAsync(new PatientJson());
        var closed = await identity.FeedAsync(new PatientJson().Restricted());
        var standings = await identity.PostAsync<List<PatientStanding>>("/internal/patients/standing", None with { PatientIds = [child, adult, closed, Guid.CreateVersion7()] }, "appointments");
        standings.ToDictionary(s => s.PatientId, s => (s.MaySignIn, s.ThroughParent)).ShouldBe(new Dictionary<Guid, (bool, bool)> { [child] = (true, true), [adult] = (true, false), [closed] = (false, false) }, ignoreOrder: true);
    }

    [Fact]
    public async Task The_uvc_stands_at_the_end_from_the_moment_a_second_record_matches() // R17
    {
        var mobile = PatientJson.NewMobile();
        var one = await identity.FeedAsync(new PatientJson().Phone(mobile));
        (await ContactsAsync(one)).Single().Uvc.ShouldBeNull();
        var two = await identity.FeedAsync(new PatientJson().Phone(mobile));
        var uvc = (await ContactsAsync(one)).Single().Uvc.ShouldNotBeNull();
        (await ContactsAsync(two)).Single().Uvc.ShouldNotBeNull().ShouldNotBe(uvc);
        (await AddressesAsync(one)).Single().Uvc.ShouldBe(uvc, "the same on letters");
    }

    private Task<List<PatientContact>> ContactsAsync(params Guid[] ids) => identity.PostAsync<List<PatientContact>>("/internal/contacts", None with { PatientIds = ids }, "notifications");

    private Task<List<PatientAddress>> AddressesAsync(params Guid[] ids) => identity.PostAsync<List<PatientAddress>>("/internal/addresses", None with { PatientIds = ids }, "postal");

    private Task<HttpResponseMessage> PutXmlAsync(string file) => identity.SendAsync(
        "pas", HttpMethod.Put, "/fhir/Patient/" + Path.GetFileNameWithoutExtension(file), new StringContent(File.ReadAllText(PatientReaderTests.Example(file)), Encoding.UTF8, "application/fhir+xml"));
}
