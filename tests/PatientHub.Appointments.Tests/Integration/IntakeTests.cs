using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Testing;
using FhirAppointment = Hl7.Fhir.Model.Appointment;
using Task = System.Threading.Tasks.Task;

namespace PatientHub.Appointments.Tests.Integration;

public sealed class IntakeTests(AppointmentsSystem system)
{
    [Fact] // the real UK Core example, in XML as it is; R26: an appointment of 2022 is not shown
    public async Task Uk_Core_examples_are_taken_as_they_are()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Examples")))
        {
            var type = Path.GetFileName(file).Split('-')[1];
            var id = Path.GetFileNameWithoutExtension(file);
            var xml = new StringContent(await File.ReadAllTextAsync(file), Encoding.UTF8, "application/fhir+xml");
            var response = await system.Pas.PutAsync($"/fhir/{type}/{id}", xml);
            response.StatusCode.ShouldBe(HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
            response.Content.Headers.ContentType!.MediaType.ShouldBe("application/fhir+xml");
            (await system.Pas.PutAsync($"/fhir/{type}/{id}", new StringContent(await File.ReadAllTextAsync(file), Encoding.UTF8, "application/fhir+xml"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        var appointmentId = system.Ids.Appointment("pas", "UKCore-Appointment-OrthopaedicSurgery-Example");
        var richard = system.Patient(system.Ids.Patient("pas", "UKCore-Patient-RichardSmith-Example"));
        (await system.CountAsync($"select count(*) from appointment where id = '{appointmentId}' and preparation like 'Please do not eat%' and not announced")).ShouldBe(1);
        (await richard.GetAsync($"/api/me/appointments/{appointmentId}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var list = await richard.GetFromJsonAsync<MyAppointments>("/api/me/appointments", AppointmentsSystem.Json);
        list!.Past.ShouldBeEmpty();
        system.Events<AppointmentBooked>().ShouldNotContain(e => e.Appointment.AppointmentId == appointmentId);

        // Its reason, description and comment are nowhere.
        foreach (var table in new[] { "appointment", "outbox_message", "task", "clinic", "intake_warning" })
            (await system.CountAsync($"select count(*) from {table} t where t::text ~* 'hips|X-ray|Richard'")).ShouldBe(0, table);
    }

    [Theory] // bad input: OperationOutcome 4xx that names the element, nothing stored
    [InlineData("application/fhir+json", """{"resourceType":"Appointment","id":"ID","status":"booked","start":"2026-02-31T10:00:00Z","participant":[{"status":"accepted"}]}""", 400, "Appointment.start")]
    [InlineData("application/fhir+json", """{"resourceType":"Appointment","id":"other","status":"booked","participant":[{"status":"accepted"}]}""", 400, "Appointment.id")]
    [InlineData("application/fhir+json", """{"resourceType":"Patient","id":"ID"}""", 400, "Patient")]
    [InlineData("application/fhir+json", "this is not FHIR", 400, "Appointment")]
    [InlineData("application/fhir+json", """{"resourceType":"Appointment","id":"ID","status":"booked","start":"2027-02-01T10:00:00Z","participant":[{"status":"accepted"}]}""", 422, "Appointment.participant")]
    [InlineData("application/fhir+json", """{"resourceType":"Appointment","id":"ID","status":"booked","participant":[{"actor":{"reference":"Patient/1"},"status":"accepted"}]}""", 422, "Appointment.start")]
    [InlineData("application/fhir+json", """{"resourceType":"Appointment","id":"ID","status":"booked","start":"2027-02-01T10:00:00Z","end":"2027-02-01T09:00:00Z","participant":[{"actor":{"reference":"Patient/1"},"status":"accepted"}]}""", 422, "Appointment.end")]
    [InlineData("application/fhir+xml", """<!DOCTYPE a [<!ENTITY x "aaaaaaaaaa"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;&x;&x;">]><Appointment xmlns="http://hl7.org/fhir"><id value="ID"/><comment value="&y;"/></Appointment>""", 400, "Appointment")]
    [InlineData("application/fhir+xml", """<Appointment xmlns="http://hl7.org/fhir"><id value="ID"/><status value="booked"/><start value="2026-13-01T10:00:00Z"/><participant><status value="accepted"/></participant></Appointment>""", 400, "Appointment.start")]
    [InlineData("text/plain", "x", 415, null)]
    [InlineData("application/fhir+json", "DEEP", 400, "Appointment")]
    [InlineData("application/fhir+json", "HUGE", 413, null)]
    public async Task Bad_input_is_an_outcome_that_names_the_element(string contentType, string body, int status, string? element)
    {
        var id = Guid.CreateVersion7().ToString("N");
        body = body switch
        {
            "DEEP" => string.Concat(Enumerable.Repeat("{\"a\":", 10_000)) + "1" + new string('}', 10_000),
            "HUGE" => "{\"resourceType\":\"Appointment\",\"comment\":\"" + new string('x', 10 * 1024 * 1024) + "\"}",
            _ => body.Replace("ID", id, StringComparison.Ordinal),
        };
        var response = await system.Pas.PutAsync($"/fhir/Appointment/{id}", new StringContent(body, Encoding.UTF8, contentType));
        ((int)response.StatusCode).ShouldBe(status, await response.Content.ReadAsStringAsync());
        response.Content.Headers.ContentType!.MediaType.ShouldBe(contentType == "application/fhir+xml" ? contentType : "application/fhir+json");
        var text = await response.Content.ReadAsStringAsync();
        text.ShouldContain("OperationOutcome");
        if (element is not null) text.ShouldContain(element);
        (await system.CountAsync($"select count(*) from appointment where source_id = '{id}'")).ShouldBe(0);
    }

    [Fact] // A34
    public async Task The_same_resource_twice_changes_and_publishes_nothing_and_an_older_one_is_412()
    {
        var booking = await system.BookAsync(letter: false, change: r => r.Meta = new Meta { LastUpdated = DateTimeOffset.UtcNow });
        (await booking.SendAsync()).StatusCode.ShouldBe(HttpStatusCode.OK);
        booking.Resource.Meta!.LastUpdated = booking.Resource.Meta.LastUpdated!.Value.AddMinutes(1);
        booking.Resource.Comment = "only the comment is new";
        (await booking.SendAsync()).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await booking.ReadAsync()).Version.ShouldBe(1);

        booking.Resource.Meta.LastUpdated = booking.Resource.Meta.LastUpdated!.Value.AddMinutes(-2);
        booking.Resource.Start = booking.Resource.Start!.Value.AddDays(3);
        (await booking.SendAsync()).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await booking.ReadAsync()).Version.ShouldBe(1);

        // The next change is heard; nothing was in between.
        booking.Resource.Meta.LastUpdated = booking.Resource.Meta.LastUpdated!.Value.AddMinutes(5);
        (await booking.SendAsync()).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await system.EventAsync<AppointmentChanged>(e => e.Appointment.AppointmentId == booking.Id)).Appointment.Version.ShouldBe(2);
        system.Events<AppointmentBooked>().Count(e => e.Appointment.AppointmentId == booking.Id).ShouldBe(1);
    }

    [Fact] // A34, checklist 29
    public async Task The_same_new_appointment_ten_times_at_once_is_one()
    {
        var booking = await system.BookAsync(letter: false, change: r => r.Meta = new Meta { LastUpdated = DateTimeOffset.UtcNow });
        var twin = new Booking(system, $"twin-{booking.SourceId}", "p-twin", "c-twin");
        twin.Resource.Start = booking.Resource.Start;
        twin.Resource.Meta = booking.Resource.Meta;
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => twin.SendAsync()));
        answers.ShouldAllBe(a => a.IsSuccessStatusCode);
        answers.Count(a => a.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        await system.EventAsync<AppointmentBooked>(e => e.Appointment.AppointmentId == twin.Id);
        (await system.CountAsync($"select version from appointment where id = '{twin.Id}'")).ShouldBe(1);
        (await system.CountAsync("select count(*) from task where code = 'unknown-clinic' and note like '%(c-twin)%'")).ShouldBe(1);
    }

    [Fact] // A34
    public async Task Another_patient_on_a_known_appointment_is_refused_and_alarmed()
    {
        var booking = await system.BookAsync(letter: false);
        var owner = booking.PatientId;
        booking.Resource.Participant[0] = Booking.Participant("Patient", "somebody-else", "Somebody Else");
        for (var i = 0; i < 2; i++)
        {
            var response = await booking.SendAsync();
            response.StatusCode.ShouldBe(HttpStatusCode.Conflict);
            (await response.Content.ReadAsStringAsync()).ShouldContain("Appointment.participant");
        }

        (await system.CountAsync($"select count(*) from appointment where id = '{booking.Id}' and patient_id = '{owner}' and version = 1")).ShouldBe(1);
        (await system.CountAsync($"select count(*) from task where appointment_id = '{booking.Id}' and code = 'record-conflict' and alarmed")).ShouldBe(1);
    }

    [Fact] // R1
    public async Task An_unknown_clinic_is_ViewOnly_makes_a_task_and_invites_once_it_is_configured()
    {
        var name = Guid.CreateVersion7().ToString("N");
        var booking = new Booking(system, $"a-{name}", $"p-{name}", $"c-{name}");
        booking.Resource.Start = DateTimeOffset.UtcNow.AddDays(20);
        (await booking.SendAsync()).EnsureSuccessStatusCode();
        var booked = await system.EventAsync<AppointmentBooked>(e => e.Appointment.AppointmentId == booking.Id);
        (booked.Appointment.Invites, booked.Appointment.ClinicMode).ShouldBe((false, ClinicMode.ViewOnly));
        (await booking.ReadAsync()).ClinicPhone.ShouldBe(AppointmentsSystem.BookingPhone);
        (await system.CountAsync($"select count(*) from task where code = 'unknown-clinic' and status = 'Requested' and note like '%({booking.Clinic})%'")).ShouldBe(1);

        var settings = new ClinicSettings { DisplayName = "Hip clinic", Mode = ClinicMode.Full, ModeSince = DateTimeOffset.UtcNow.AddDays(-1), Phone = "0113 496 0002" };
        (await system.TrustAdmin.PutAsJsonAsync($"/api/clinics/{booking.Clinic}/settings", settings, AppointmentsSystem.Json)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var changed = await system.EventAsync<AppointmentChanged>(e => e.Appointment.AppointmentId == booking.Id);
        (changed.Appointment.Invites, changed.RevisionRaised, changed.Appointment.Revision).ShouldBe((true, false, 0));
        (await system.CountAsync($"select count(*) from task where code = 'unknown-clinic' and status = 'Completed' and note like '%({booking.Clinic})%'")).ShouldBe(1);

        // Switching the mode back drops no letter already promised.
        (await system.TrustAdmin.PutAsJsonAsync($"/api/clinics/{booking.Clinic}/settings", settings with { Mode = ClinicMode.ViewOnly }, AppointmentsSystem.Json)).EnsureSuccessStatusCode();
        (await StandingOf(booking)).Appointment.Invites.ShouldBeTrue();
    }

    [Fact] // design: clinic and site
    public async Task Without_a_HealthcareService_the_clinic_is_location_and_specialty()
    {
        var name = Guid.CreateVersion7().ToString("N");
        var booking = new Booking(system, $"a-{name}", $"p-{name}", "unused");
        booking.Resource.Start = DateTimeOffset.UtcNow.AddDays(20);
        booking.Resource.Participant.RemoveAt(1);
        booking.Resource.Specialty = [new CodeableConcept("https://fhir.hl7.org.uk/CodeSystem/UKCore-PracticeSettingCode", "110", "Trauma and Orthopaedics", null)];
        (await booking.SendAsync()).EnsureSuccessStatusCode();
        var page = await booking.ReadAsync();
        (page.ClinicName, page.ClinicMode).ShouldBe(("Trauma and Orthopaedics", ClinicMode.ViewOnly));
        (await system.TrustAdmin.PutAsJsonAsync("/api/clinics/site-1~110/settings",
            new ClinicSettings { DisplayName = "Bones", Mode = ClinicMode.Full, ModeSince = DateTimeOffset.UtcNow, Phone = "0113 496 0002" }, AppointmentsSystem.Json)).EnsureSuccessStatusCode();
        (await booking.ReadAsync()).ClinicName.ShouldBe("Bones");
    }

    [Fact] // A23, A8
    public async Task The_hospitals_cancellation_ends_the_patients_request_and_its_task()
    {
        var booking = await system.BookAsync();
        (await booking.CancelAsync()).EnsureSuccessStatusCode();
        booking.Resource.Status = FhirAppointment.AppointmentStatus.Cancelled;
        (await booking.SendAsync()).EnsureSuccessStatusCode();
        (await system.EventAsync<AppointmentCancelledByHospital>(e => e.Appointment.AppointmentId == booking.Id)).AskedByPatient.ShouldBeTrue();
        (await system.CountAsync($"select count(*) from task where appointment_id = '{booking.Id}' and status = 'Completed' and outcome = 'Done'")).ShouldBe(1);
        var list = await booking.Patient.GetFromJsonAsync<MyAppointments>("/api/me/appointments", AppointmentsSystem.Json);
        (list!.Upcoming.Count, list.Past.Single().PasStatus).ShouldBe((0, PasStatus.Cancelled));
        await AnswerTests.Refused(await booking.AcceptAsync(), "not-booked");
    }

    [Fact] // A30
    public async Task A_merge_gives_everything_to_the_survivor_and_the_feed_still_finds_it()
    {
        var booking = await system.BookAsync();
        (await booking.RebookAsync()).EnsureSuccessStatusCode();
        Guid middle = Guid.CreateVersion7(), survivor = Guid.CreateVersion7();
        await system.SendAsync(new PatientHub.Identity.Contracts.PatientMerged { FromPatientId = middle, ToPatientId = survivor, OccurredAt = DateTimeOffset.UtcNow });
        await Eventually.True(async () => await system.CountAsync($"select count(*) from patient_merge where from_patient_id = '{middle}'") == 1, "the first merge was never taken");
        await system.SendAsync(new PatientHub.Identity.Contracts.PatientMerged { FromPatientId = booking.PatientId, ToPatientId = middle, OccurredAt = DateTimeOffset.UtcNow });
        await Eventually.True(async () => (await system.Patient(survivor).GetAsync(booking.Path)).IsSuccessStatusCode, "the survivor never got the appointment");
        (await system.Patient(booking.PatientId).GetAsync(booking.Path)).IsSuccessStatusCode.ShouldBeTrue(); // an old token means the survivor
        (await system.CountAsync($"select count(*) from task where appointment_id = '{booking.Id}' and patient_id = '{survivor}'")).ShouldBe(1);
        booking.Resource.Start = booking.Resource.Start!.Value.AddDays(1);
        (await booking.SendAsync()).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await system.EventAsync<AppointmentChanged>(e => e.Appointment.AppointmentId == booking.Id)).Appointment.PatientId.ShouldBe(survivor);
    }

    [Fact] // the last look
    public async Task Standing_tells_what_letters_and_messages_need()
    {
        (await system.Pas.PutAsync("/fhir/Location/site-1", new StringContent(FhirJsonSerializer.Default.SerializeToString(new Location
        {
            Id = "site-1",
            Name = "ST JAMES'S",
            Address = new Address { Line = ["Beckett Street"], City = "Leeds", PostalCode = "LS9 7TF" },
            Position = new Location.PositionComponent { Latitude = 53.8m, Longitude = -1.52m },
        }), Encoding.UTF8, "application/fhir+json"))).EnsureSuccessStatusCode();
        (await system.TrustAdmin.PutAsJsonAsync("/api/sites/site-1/settings", new SiteSettings { DisplayName = "St James's Hospital", Parking = "Multi-storey" }, AppointmentsSystem.Json)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var booking = await system.BookAsync();
        (await booking.AcceptAsync()).EnsureSuccessStatusCode();
        var standing = await StandingOf(booking);
        standing.Appointment.PatientRequest.ShouldBe(PatientRequest.Accepted);
        (standing.SiteName, standing.ClinicName, standing.ClinicPhone, standing.OffersChanges).ShouldBe(("St James's Hospital", "Fracture clinic", "0113 496 0000", true));
        standing.SiteAddress.ShouldBe(["Beckett Street", "Leeds", "LS9 7TF"]);
        var page = await booking.ReadAsync();
        (page.SiteParking, page.SiteLatitude, page.ChangeUntil).ShouldBe(("Multi-storey", 53.8, standing.ChangeUntil));
        (await system.Machine("standing.read").PostAsJsonAsync("/internal/appointments/standing", new { appointmentIds = Enumerable.Range(0, 501).Select(_ => Guid.CreateVersion7()) })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Settings_are_seeded_from_the_file_once()
    {
        (await system.CountAsync("select count(*) from clinic where source_id = 'seeded-clinic' and mode = 'AcceptOnly' and has_settings")).ShouldBe(1);
        (await system.CountAsync("select count(*) from site where source_id = 'seeded-site' and parking = 'Behind the building'")).ShouldBe(1);
        (await system.TrustAdmin.PutAsJsonAsync("/api/clinics/seeded-clinic/settings",
            new ClinicSettings { DisplayName = "Changed", Mode = ClinicMode.Full, ModeSince = DateTimeOffset.UtcNow, Phone = "1" }, AppointmentsSystem.Json)).EnsureSuccessStatusCode();
        await system.MigrateAsync();
        (await system.CountAsync("select count(*) from clinic where source_id = 'seeded-clinic' and display_name = 'Changed'")).ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"displayName":"","mode":"Full","modeSince":"2026-01-01T00:00:00Z","phone":"1"}""")]
    [InlineData("""{"displayName":"x","mode":"Full","modeSince":"2026-01-01T00:00:00Z","phone":""}""")]
    [InlineData("""{"displayName":"x","mode":"Full","modeSince":"2026-01-01T00:00:00Z","phone":"1","postalNoticeDays":61}""")]
    [InlineData("""{"displayName":"x","mode":"Sometimes","modeSince":"2026-01-01T00:00:00Z","phone":"1"}""")]
    [InlineData("{}")]
    [InlineData("nonsense")]
    public async Task Bad_settings_are_400(string body)
    {
        var response = await system.TrustAdmin.PutAsync("/api/clinics/bad-clinic/settings", new StringContent(body, Encoding.UTF8, "application/json"));
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await system.CountAsync("select count(*) from clinic where source_id = 'bad-clinic'")).ShouldBe(0);
    }

    [Fact] // A29: raising the same task twice makes one
    public async Task A_raised_task_is_raised_once()
    {
        var raise = new RaiseTask { TaskId = Guid.CreateVersion7(), Code = TaskCodes.Unprintable, Note = "A letter cannot be printed.", Alarmed = true, OccurredAt = DateTimeOffset.UtcNow };
        var (first, second) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await system.SendAsync(raise, first);
        await system.SendAsync(raise, second);
        await Eventually.True(async () => await system.CountAsync($"select count(*) from inbox_message where message_id in ('{first}', '{second}')") == 2, "the two messages were never taken");
        (await system.CountAsync($"select count(*) from task where id = '{raise.TaskId}' and alarmed")).ShouldBe(1);
        (await system.CountAsync($"select count(*) from task where id = '{raise.TaskId}'")).ShouldBe(1);
    }

    [Fact] // A34: nothing is refused for an unknown patient, but after 15 minutes somebody hears of it
    public async Task A_patient_who_never_comes_is_a_task_and_one_who_comes_is_not()
    {
        var (missing, coming) = (await system.BookAsync(letter: false), await system.BookAsync(letter: false));
        (await system.CountAsync($"select count(*) from awaited_patient where patient_id in ('{missing.PatientId}', '{coming.PatientId}') and due_at > now() + interval '14 minutes'")).ShouldBe(2);
        await system.SendAsync(new PatientHub.Identity.Contracts.PatientRegistered
        {
            Patient = new() { PatientId = coming.PatientId, HasMobile = true, HasEmail = false, LettersOnly = false, Deceased = false, Restricted = false, NeedsAccessibleFormat = false, Active = true, Version = 1 },
            OccurredAt = DateTimeOffset.UtcNow,
        });
        await Eventually.True(async () => await system.CountAsync($"select count(*) from awaited_patient where patient_id = '{coming.PatientId}'") == 0, "the patient was awaited for ever");
        await system.ExecuteAsync($"update awaited_patient set due_at = now() where patient_id = '{missing.PatientId}'");
        await Eventually.True(async () => await system.CountAsync($"select count(*) from task where code = 'unknown-patient' and alarmed and appointment_id = '{missing.Id}'") == 1, "nobody heard of the unknown patient");
        (await system.CountAsync($"select count(*) from task where code = 'unknown-patient' and appointment_id = '{coming.Id}'")).ShouldBe(0);
        (await missing.Patient.GetAsync(missing.Path)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact] // R1: settings and an appointment at the same moment: it does not fall between
    public async Task An_appointment_taken_while_its_clinic_is_configured_invites()
    {
        var clinic = $"race-{Guid.CreateVersion7():N}";
        var (first, second) = (new Booking(system, $"{clinic}-1", "p-race-1", clinic), new Booking(system, $"{clinic}-2", $"p-{clinic}", clinic));
        foreach (var booking in new[] { first, second }) booking.Resource.Start = DateTimeOffset.UtcNow.AddDays(20);
        (await first.SendAsync()).EnsureSuccessStatusCode(); // the clinic is known, and unknown to the trust

        // The second appointment has read its clinic and hangs before its commit: another transaction is writing the same row.
        await using var source = system.OpenDatabase();
        await using var connection = await source.OpenConnectionAsync();
        await using var blocking = await connection.BeginTransactionAsync();
        await using (var insert = new Npgsql.NpgsqlCommand($"insert into awaited_patient values ('{second.PatientId}', '{second.Id}', now())", connection, blocking)) await insert.ExecuteNonQueryAsync();
        var taken = second.SendAsync();
        await Eventually.True(async () => await Waiting("insert into awaited_patient"), "the appointment never came to its commit");

        var settings = new ClinicSettings { DisplayName = "Hip clinic", Mode = ClinicMode.Full, ModeSince = DateTimeOffset.UtcNow.AddDays(-1), Phone = "0113 496 0002" };
        var configured = system.TrustAdmin.PutAsJsonAsync($"/api/clinics/{clinic}/settings", settings, AppointmentsSystem.Json);
        await Eventually.True(async () => configured.IsCompleted || await Waiting("from clinic where id"), "the settings neither waited nor went ahead");
        await blocking.RollbackAsync();
        (await taken).EnsureSuccessStatusCode();
        (await configured).EnsureSuccessStatusCode();
        (await system.CountAsync($"select count(*) from appointment where source_id like '{clinic}-%' and promised")).ShouldBe(2);

        async Task<bool> Waiting(string query) =>
            await system.CountAsync($"select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query ilike '%{query}%' and pid <> pg_backend_pid()") > 0;
    }

    [Fact] // checklist 124: nonsense in any place is never a 5xx
    public async Task Hostile_strings_are_never_a_server_error()
    {
        var booking = await system.BookAsync();
        string[] hostile = ["\\u0000", "\\ud800", new('x', 5000), "'; drop table appointment; --", "\u202e\ufeff\U0001F600", "%00", "~"];
        var json = FhirJsonSerializer.Default.SerializeToString(booking.Resource);
        var answers = new List<(string What, HttpResponseMessage Response)>();
        foreach (var bad in hostile)
        {
            foreach (var place in new[] { booking.SourceId, "Patient/", booking.Clinic, "site-1", Booking.Secret, "booked" })
            {
                answers.Add(($"fhir {place} {bad}", await system.Pas.PutAsync($"/fhir/Appointment/{booking.SourceId}",
                    new StringContent(json.Replace(place, place + bad, StringComparison.Ordinal), Encoding.UTF8, "application/fhir+json"))));
            }

            var segment = Uri.EscapeDataString(bad == "\\u0000" ? "\0" : bad);
            if (segment.Length < 2000)
            {
                answers.Add(($"id {bad}", await system.Pas.PutAsync($"/fhir/Appointment/{segment}", new StringContent(json, Encoding.UTF8, "application/fhir+json"))));
                answers.Add(($"task {bad}", await system.Desk.GetAsync($"/fhir/Task/{segment}")));
                answers.Add(($"tasks {bad}", await system.Desk.GetAsync($"/fhir/Task?code={segment}&status={segment}&_after={segment}&_count={segment}")));
                answers.Add(($"code {bad}", await system.Desk.GetAsync($"/fhir/Task?code={segment}")));
                answers.Add(($"mine {bad}", await booking.Patient.GetAsync($"/api/me/appointments/{segment}")));
                foreach (var kind in new[] { "clinics", "sites" })
                {
                    answers.Add(($"{kind} {bad}", await system.TrustAdmin.PutAsync($"/api/{kind}/{segment}/settings",
                        Body("""{"displayName":"x","mode":"Full","modeSince":"2026-01-01T00:00:00Z","phone":"1"}"""))));
                }
            }

            answers.Add(($"rebook {bad}", await booking.Patient.PostAsync($"{booking.Path}/rebook", Body($$"""{"revision":0,"unsuitableTimes":"{{bad}}","howToReach":"{{bad}}"}"""))));
            answers.Add(($"cancel {bad}", await booking.Patient.PostAsync($"{booking.Path}/cancel", Body($$"""{"revision":0,"reason":"{{bad}}"}"""))));
            answers.Add(($"settings {bad}", await system.TrustAdmin.PutAsync($"/api/clinics/{booking.Clinic}/settings",
                Body($$"""{"displayName":"{{bad}}","mode":"Full","modeSince":"9999-12-31T23:59:59Z","phone":"{{bad}}","phoneHours":"{{bad}}","preparation":"{{bad}}","letterTemplate":"{{bad}}"}"""))));
            answers.Add(($"site {bad}", await system.TrustAdmin.PutAsync("/api/sites/hostile/settings", Body($$"""{"displayName":"{{bad}}","parking":"{{bad}}"}"""))));
        }

        foreach (var body in new[] { "null", "[]", "{}", "1", "", """{"appointmentIds":null}""", """{"appointmentIds":["x"]}""", """{"revision":99999999999}""" })
        {
            answers.Add(($"standing {body}", await system.Machine("standing.read").PostAsync("/internal/appointments/standing", Body(body))));
            foreach (var action in new[] { "accept", "rebook", "cancel", "withdraw" }) answers.Add(($"{action} {body}", await booking.Patient.PostAsync($"{booking.Path}/{action}", Body(body))));
        }

        answers.Where(a => (int)a.Response.StatusCode >= 500).Select(a => a.What).ShouldBeEmpty();
        answers.ShouldNotContain(a => a.What.StartsWith("standing") && a.Response.IsSuccessStatusCode);

        static StringContent Body(string json) => new(json, Encoding.UTF8, "application/json");
    }

    [Fact] // A29: an alarmed task that nobody claims is measured
    public async Task An_unclaimed_alarm_grows_old_on_the_meter()
    {
        var seen = new System.Collections.Concurrent.ConcurrentDictionary<string, double>();
        using var listener = new System.Diagnostics.Metrics.MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Name == "PatientHub.Appointments") l.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => seen[instrument.Name] = value);
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => seen[tags.Length == 0 ? instrument.Name : $"{instrument.Name}:{tags[0].Value}"] = value);
        listener.Start();
        await system.SendAsync(new RaiseTask { TaskId = Guid.CreateVersion7(), Code = TaskCodes.SafeRoute, Note = "Tell by the safe route.", Alarmed = true, OccurredAt = DateTimeOffset.UtcNow.AddMinutes(-20) });
        await Eventually.True(() =>
        {
            listener.RecordObservableInstruments();
            return seen.GetValueOrDefault("patienthub.tasks.alarmed.age") > 1199 && seen.GetValueOrDefault("patienthub.tasks.open:safe-route") > 0;
        }, "nobody would have seen the alarm");
    }

    [Fact] // R21: a letter or text must not offer what the page refuses
    public async Task Standing_offers_no_changes_inside_five_days()
    {
        var standing = await StandingOf(await system.BookAsync(ahead: TimeSpan.FromDays(3)));
        standing.OffersChanges.ShouldBeFalse();
        standing.ChangeUntil.ShouldNotBeNull().ShouldBeLessThan(DateTimeOffset.UtcNow);
    }

    private async Task<AppointmentStanding> StandingOf(Booking booking)
    {
        var response = await system.Machine("standing.read").PostAsJsonAsync("/internal/appointments/standing", new AppointmentStandingQuery { AppointmentIds = [booking.Id, Guid.CreateVersion7()] }, AppointmentsSystem.Json);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<AppointmentStanding[]>(AppointmentsSystem.Json))!.Single();
    }
}
