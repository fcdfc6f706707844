using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using PatientHub.Appointments.Contracts;
using PatientHub.Identity.Contracts;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Identity.Tests.Support;

namespace PatientHub.Identity.Tests;

/// <summary>What staff read and do at a record: by a token that names the person, and never without a line in the audit trail.</summary>
public sealed class DeskTests(IdentitySystem identity)
{
    [Fact]
    public async Task The_gateway_alone_vouches_for_staff()
    {
        var claims = IdentitySystem.Claims(await StaffTokenAsync("staff-001", "Priya Shah"));
        (claims.GetProperty("sub").GetString(), claims.GetProperty("staff_name").GetString(), claims.GetProperty("scope").GetString()).ShouldBe(("staff-001", "Priya Shah", "desk"));
        (claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64()).ShouldBe(60);
        IdentitySystem.Claims(await StaffTokenAsync("staff-003", "Grace Adeyemi", supervisor: true)).GetProperty("scope").GetString().ShouldBe("desk desk.supervise");
        foreach (var (client, id, name) in new[] { ("pas", "staff-001", "Priya Shah"), ("booking-centre", "staff-001", "Priya Shah"), ("gateway", "", "Priya Shah"), ("gateway", "staff-001", ""), ("gateway", new string('x', 201), "x"), ("gateway", "a\nb", "x") })
        {
            using var refused = await identity.TokenRequestAsync(client, new() { ["grant_type"] = Grants.Staff, ["staff_id"] = id, ["staff_name"] = name });
            refused.StatusCode.ShouldBeOneOf(HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden);
        }
    }

    [Fact]
    public async Task Reading_a_patient_is_recorded_with_the_person()
    {
        var mobile = PatientJson.NewMobile();
        var patient = new PatientJson().Phone(mobile).Email("robin.desk@example.org").NhsNumber("9990548609");
        var id = await identity.FeedAsync(patient);
        var act = Guid.CreateVersion7();
        var read = await SendAsync<StaffPatient>($"/internal/desk/patients/{id}/read", new ReadPatient { ActId = act });
        (read.FullName, read.BirthDate, read.SourceId, read.ThroughParent, read.MaySignIn).ShouldBe(("Robin Testperson", patient.Born, patient.Id, false, true));
        read.Mobiles.ShouldBe([new StaffContact("+44" + mobile[1..], "used")]);
        read.Emails.ShouldBe([new StaffContact("robin.desk@example.org", "used")]);
        var recorded = await identity.Bus.NextAsync<RecordStaffAct>(a => a.ActId == act);
        (recorded.Act, recorded.StaffId, recorded.PatientId).ShouldBe((StaffActs.PatientRead, "staff-001", id));
        (await StatusAsync($"/internal/desk/patients/{Guid.CreateVersion7()}/read", new ReadPatient { ActId = Guid.CreateVersion7() })).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_patient_is_found_by_nhs_number_or_by_name_and_birth_date()
    {
        var patient = new PatientJson().Named("Robin", "Quillfeather").BornOn("1951-02-03").NhsNumber("9990548617");
        var id = await identity.FeedAsync(patient);
        (await FindAsync(new FindPatients { ActId = Guid.CreateVersion7(), NhsNumber = "999 054 8617" })).Select(p => p.PatientId).ShouldContain(id);
        var found = (await FindAsync(new FindPatients { ActId = Guid.CreateVersion7(), FamilyName = "quillFEATHER", BirthDate = new DateOnly(1951, 2, 3) })).Single();
        (found.PatientId, found.FullName, found.Postcode).ShouldBe((id, "Robin Quillfeather", "LS1 1AA"));
        (await FindAsync(new FindPatients { ActId = Guid.CreateVersion7(), FamilyName = "Quillfeather", BirthDate = new DateOnly(1951, 2, 4) })).ShouldBeEmpty();
        (await StatusAsync("/internal/desk/patients/find", new FindPatients { ActId = Guid.CreateVersion7(), FamilyName = "Quillfeather" })).ShouldBe(HttpStatusCode.BadRequest);
        (await identity.Bus.NextAsync<RecordStaffAct>(a => a.Act == StaffActs.PatientSearched)).PatientId.ShouldBeNull();
    }

    [Fact]
    public async Task Letters_only_codes_by_email_and_confirmed_contacts_are_recorded_with_the_act()
    {
        var patient = new PatientJson().Phone(PatientJson.NewMobile()).Email(PatientJson.NewEmail());
        var id = await identity.FeedAsync(patient);
        foreach (var (act, lettersOnly) in new[] { (StaffActs.LettersOnlyOn, true), (StaffActs.CodesByEmailOn, true), (StaffActs.LettersOnlyOff, false), (StaffActs.CodesByEmailOff, false) })
        {
            var actId = Guid.CreateVersion7();
            for (var press = 0; press < 2; press++)
                (await StatusAsync($"/internal/desk/patients/{id}/acts", new ActOnPatient { ActId = actId, Act = act })).ShouldBe(HttpStatusCode.NoContent);
            (await identity.Bus.NextAsync<RecordStaffAct>(a => a.ActId == actId)).ShouldSatisfyAllConditions(a => a.Act.ShouldBe(act), a => a.StaffId.ShouldBe("staff-001"), a => a.PatientId.ShouldBe(id));
            (await identity.Bus.NextAsync<PatientDetailsChanged>(m => m.Patient.PatientId == id)).Patient.LettersOnly.ShouldBe(lettersOnly);
        }
        // What staff have set is not the hospital system's to overwrite (R9).
        (await StatusAsync($"/internal/desk/patients/{id}/acts", new ActOnPatient { ActId = Guid.CreateVersion7(), Act = StaffActs.LettersOnlyOn })).ShouldBe(HttpStatusCode.NoContent);
        await identity.FeedAsync(patient.Named("Robyn", "Testperson"));
        (await SendAsync<StaffPatient>($"/internal/desk/patients/{id}/read", new ReadPatient { ActId = Guid.CreateVersion7() })).LettersOnlyByStaff.ShouldBeTrue();
        (await StatusAsync($"/internal/desk/patients/{id}/acts", new ActOnPatient { ActId = Guid.CreateVersion7(), Act = StaffActs.ContactsConfirmed })).ShouldBe(HttpStatusCode.NoContent);
        (await StatusAsync($"/internal/desk/patients/{id}/acts", new ActOnPatient { ActId = Guid.CreateVersion7(), Act = StaffActs.OptOut })).ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact] // A30
    public async Task A_record_in_quarantine_is_compared_and_decided()
    {
        var patient = new PatientJson().Named("Robin", "Fenwickson").NhsNumber("9990548633");
        var id = await identity.FeedAsync(patient);
        (await StatusAsync($"/internal/desk/patients/{id}/quarantine/read", new ReadPatient { ActId = Guid.CreateVersion7() })).ShouldBe(HttpStatusCode.NotFound);
        await identity.FeedAsync(patient.NhsNumber("9990548641"));
        var waiting = await SendAsync<StaffQuarantine>($"/internal/desk/patients/{id}/quarantine/read", new ReadPatient { ActId = Guid.CreateVersion7() });
        (waiting.Reason, waiting.Known.NhsNumber, waiting.Sent.NhsNumber, waiting.Sent.FullName).ShouldBe(("new-nhs-number", "999 054 8633", "999 054 8641", "Robin Fenwickson"));
        (await StatusAsync($"/internal/desk/patients/{id}/quarantine/decide", new DecideQuarantine { ActId = Guid.CreateVersion7(), TaskId = Guid.CreateVersion7(), Apply = true })).ShouldBe(HttpStatusCode.Conflict);
        var act = Guid.CreateVersion7();
        (await StatusAsync($"/internal/desk/patients/{id}/quarantine/decide", new DecideQuarantine { ActId = act, TaskId = waiting.TaskId, Apply = true })).ShouldBe(HttpStatusCode.NoContent);
        (await identity.Bus.NextAsync<RecordStaffAct>(a => a.ActId == act)).Act.ShouldBe(StaffActs.RecordApplied);
        (await SendAsync<StaffPatient>($"/internal/desk/patients/{id}/read", new ReadPatient { ActId = Guid.CreateVersion7() })).NhsNumber.ShouldBe("999 054 8641");
    }

    [Theory]
    [InlineData("trust-admin")]
    [InlineData("booking-centre")]
    [InlineData("notifications")]
    public async Task No_machine_reads_as_staff(string client)
    {
        using var refused = await identity.SendJsonAsync(client, HttpMethod.Post, $"/internal/desk/patients/{Guid.CreateVersion7()}/read", new ReadPatient { ActId = Guid.CreateVersion7() });
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact] // A34
    public async Task An_unusual_mass_change_of_contacts_stops_the_source_until_a_supervisor_lets_it_in()
    {
        var (one, two, three) = (new PatientJson().Phone(PatientJson.NewMobile()), new PatientJson().Phone(PatientJson.NewMobile()), new PatientJson().Phone(PatientJson.NewMobile()));
        var (oneId, twoId, threeId) = (await identity.FeedAsync(one), await identity.FeedAsync(two), await identity.FeedAsync(three));
        await identity.SqlAsync<int>("insert into contact_changes (source_system, minute, count) values ('pas', date_trunc('minute', now()), 500) on conflict (source_system, minute) do update set count = contact_changes.count + 500");
        try
        {
            using (var refused = await identity.PutPatientAsync(one.WithoutTelecom().Phone(PatientJson.NewMobile())))
                refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
            var task = await identity.Bus.NextAsync<RaiseTask>(t => t.Alarmed && t.PatientId is null && t.Code == TaskCodes.RecordConflict);
            task.Note.ShouldContain("unusually many");
            using (var still = await identity.PutPatientAsync(two.WithoutTelecom().Email(PatientJson.NewEmail())))
                still.StatusCode.ShouldBe(HttpStatusCode.Conflict);
            // What is no change of contacts still comes through, a death above all, whose other contacts wait.
            await identity.FeedAsync(new PatientJson(three.Id).Phone(three.Json["telecom"]![0]!["value"]!.GetValue<string>()).Named("Robyn", "Testperson"));
            await identity.FeedAsync(new PatientJson(three.Id).Phone(PatientJson.NewMobile()).Named("Robyn", "Testperson").With("deceasedBoolean", true));
            (await identity.Bus.NextAsync<PatientDetailsChanged>(m => m.Patient.PatientId == threeId && m.Patient.Deceased)).ContactsChanged.ShouldBeFalse();

            (await StatusAsync("/internal/desk/feed-stops/pas/release", new ReleaseFeed { ActId = Guid.CreateVersion7() })).ShouldBe(HttpStatusCode.Forbidden, "an agent is no supervisor");
            var act = Guid.CreateVersion7();
            (await StatusAsync("/internal/desk/feed-stops/pas/release", new ReleaseFeed { ActId = act }, supervisor: true)).ShouldBe(HttpStatusCode.NoContent);
            (await identity.Bus.NextAsync<RecordStaffAct>(a => a.ActId == act)).Act.ShouldBe(StaffActs.FeedReleased);
            await identity.FeedAsync(one);
            (await identity.Bus.NextAsync<PatientDetailsChanged>(m => m.Patient.PatientId == oneId)).ContactsChanged.ShouldBeTrue();
            twoId.ShouldNotBe(oneId);
        }
        finally
        {
            await identity.SqlAsync<int>("delete from feed_stop");
            await identity.SqlAsync<int>("delete from contact_changes");
        }
    }

    private Task<List<FoundPatient>> FindAsync(FindPatients find) => SendAsync<List<FoundPatient>>("/internal/desk/patients/find", find);

    private async Task<string> StaffTokenAsync(string id, string name, bool supervisor = false)
    {
        using var response = await identity.TokenRequestAsync("gateway", new() { ["grant_type"] = Grants.Staff, ["staff_id"] = id, ["staff_name"] = name, ["supervisor"] = supervisor ? "true" : "false" });
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonObject>())!["access_token"]!.GetValue<string>();
    }

    private async Task<HttpResponseMessage> SendAsync(string path, object body, bool supervisor)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body, body.GetType()) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", supervisor ? await StaffTokenAsync("staff-003", "Grace Adeyemi", true) : await StaffTokenAsync("staff-001", "Priya Shah"));
        return await identity.Http.SendAsync(request);
    }

    private async Task<T> SendAsync<T>(string path, object body)
    {
        using var response = await SendAsync(path, body, supervisor: false);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync<T>())!;
    }

    private async Task<HttpStatusCode> StatusAsync(string path, object body, bool supervisor = false)
    {
        using var response = await SendAsync(path, body, supervisor);
        return response.StatusCode;
    }
}
