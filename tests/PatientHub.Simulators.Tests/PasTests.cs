using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Hl7.Fhir.Model;
using PatientHub.Appointments.Contracts;
using PatientHub.Simulators.Pas;
using PatientHub.Testing;
using Task = System.Threading.Tasks.Task;

namespace PatientHub.Simulators.Tests;

/// <summary>A hub that has been fed once, for the tests that only look at what was sent.</summary>
public sealed class FedHub : IAsyncLifetime
{
    public FakeHub Hub { get; private set; } = null!;

    public RunningSimulators Outside { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Hub = await FakeHub.StartAsync();
        Outside = await PasTests.FedAsync(Hub);
    }

    public async ValueTask DisposeAsync()
    {
        await Outside.DisposeAsync();
        await Hub.DisposeAsync();
    }
}

public sealed class PasTests(FedHub fed) : IClassFixture<FedHub>
{
    private readonly FakeHub hub = fed.Hub;
    private readonly RunningSimulators outside = fed.Outside;

    [Fact]
    public async Task The_hub_is_fed_as_soon_as_it_answers_and_takes_all_of_it()
    {
        await using var hub = await FakeHub.StartAsync(unready: 3);
        await using var outside = await FedAsync(hub);
        var report = await ReportAsync(outside);

        report.Remarkable.ShouldHaveSingleItem().Id.ShouldBe("UKCore-Patient-BabyPatient-Example"); // the fake hub's one warning; nothing was refused
        report.Counts.Select(count => count.Type).ShouldBe(
            ["Location", "HealthcareService", "settings of clinics", "settings of sites", "Patient", "Appointment", "DocumentReference"], ignoreOrder: true);
        report.Counts.Sum(count => count.Refused).ShouldBe(0);
        hub.All<Patient>().Count().ShouldBe(PeopleView.All(Register(outside)).Count + 2);

        // An appointment booked before its clinic is configured invites nobody (R1): settings come first.
        var paths = hub.Puts.Select(put => put.Path).ToList();
        paths.FindLastIndex(path => path.EndsWith("/settings", StringComparison.Ordinal)).ShouldBeLessThan(paths.FindIndex(path => path.StartsWith("/fhir/Appointment", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_UK_Core_examples_are_sent_as_XML_byte_for_byte()
    {
        var sent = hub.Puts.Where(put => put.Path.Contains("UKCore-", StringComparison.Ordinal) && put.Resource is not null).ToList();
        sent.ShouldAllBe(put => put.MediaType == "application/fhir+xml");
        // SHA-256 of the files as UK Core publishes them, taken with sha256sum.
        sent.ToDictionary(put => put.Resource!.Id!, put => Convert.ToHexStringLower(SHA256.HashData(put.Body))).ShouldBe(
            new Dictionary<string, string>
            {
                ["UKCore-Appointment-OrthopaedicSurgery-Example"] = "46de837b305857afc9f7c59322a90fe230c54d8c0260734ee9dddb15ea418482",
                ["UKCore-DocumentReference-CarePlanReportPDF-Example"] = "f728f501f766938266ac448479ac0461e28129928d41efdcfa8d881205f8f552",
                ["UKCore-HealthcareService-OrthopaedicService-Example"] = "febfe34e6a39b29731b3d49eabba0e6fb61b0ccc67f845795e1a64b385c456ae",
                ["UKCore-Location-CardiologySJUH-Example"] = "4bed9713a59ffd80d0557b68f326b87aed02cf8b7a5d68a155415dc30f8fa5b3",
                ["UKCore-Location-HospitalSJUH-Example"] = "719a34de6cd30a4f071f0bb1abe7497409c62c2cf508033f5c44716f863977fb",
                ["UKCore-Patient-BabyPatient-Example"] = "dddc49f9364bbbf028665d245ab7e66e4945bd0b783403adabe77dfdaeebb265",
                ["UKCore-Patient-RichardSmith-Example"] = "f9673fb229de941ec4b24f2038f31f49e7f7c971b070d9e2c222d3f857c7b06c",
            },
            ignoreOrder: true);
    }

    [Fact]
    public void Settings_put_every_clinic_into_its_mode()
    {
        hub.Clinics.Values.Select(settings => settings.Mode).Distinct().ShouldBe(Enum.GetValues<ClinicMode>(), ignoreOrder: true);
        hub.Clinics.Values.ShouldAllBe(settings => settings.Phone.Length > 0); // every letter names the number to call (R10)
        hub.Clinics.ShouldNotContainKey("C100009"); // nobody has configured it
        hub.Clinics["C100010"].ModeSince.ShouldBeGreaterThan(DateTimeOffset.UtcNow); // goes live later
        hub.Clinics["C100003"].LetterSource.ShouldBe(LetterSource.Pas);
        hub.Clinics["C100007"].DeskConfigured.ShouldBeFalse();
        hub.Sites["UKCore-Location-HospitalSJUH-Example"].DisplayName.ShouldBe("St James's University Hospital");
    }

    [Fact]
    public void People_are_sent_as_UK_Core_has_them()
    {
        hub.Last<Patient>("P100119").Meta!.Security.Single().Code.ShouldBe("R");
        hub.Last<Patient>("P100120").Deceased.ShouldBeOfType<FhirDateTime>();
        Preference(hub.Last<Patient>("P100105"), "PreferredContactMethod").ShouldBe("1");
        Preference(hub.Last<Patient>("P100121"), "PreferredWrittenCommunicationFormat").ShouldBe("12");
        Preference(hub.Last<Patient>("P100122"), "PreferredWrittenCommunicationFormat").ShouldBe("11");
        hub.Last<Patient>("P100113").Contact.Single().Telecom.Single().Value.ShouldBe("07700 900114");
        var telecom = hub.Last<Patient>("P100111").Telecom;
        telecom.Single(contact => contact.Use == ContactPoint.ContactPointUse.Old).Value.ShouldBe("07700 900113");
        telecom.Where(contact => contact.Use == ContactPoint.ContactPointUse.Mobile).OrderBy(contact => contact.Rank).Select(contact => contact.Value)
            .ShouldBe(["07700 900111", "07700 900112"]);
        hub.All<Patient>().Where(patient => !patient.Id!.StartsWith("UKCore", StringComparison.Ordinal)).ShouldAllBe(patient => patient.Meta!.LastUpdated != null);

        static string? Preference(Patient patient, string name) =>
            (patient.GetExtension("https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-ContactPreference")!.GetExtension(name)!.Value as CodeableConcept)!.Coding.Single().Code;
    }

    [Fact]
    public void Appointments_name_patient_clinic_place_and_medium()
    {
        var byPerson = PeopleView.All(Register(outside)).Single(person => person.PatientId == "P100129").Appointments;
        var faceToFace = hub.Last<Appointment>(byPerson.Single(appointment => appointment.Medium == AppointmentMedium.FaceToFace).AppointmentId);
        faceToFace.Participant.Select(participant => participant.Actor!.Reference).ShouldBe(["Patient/P100129", "HealthcareService/C100001", "Location/L100001"]);
        var video = hub.Last<Appointment>(byPerson.Single(appointment => appointment.Medium == AppointmentMedium.Video).AppointmentId);
        video.Participant.Count.ShouldBe(2);
        (video.Extension.Single().Value as CodeableConcept)!.Coding.Single().Code.ShouldBe("Video");
        hub.All<Appointment>().Select(appointment => appointment.Status).Distinct().Count().ShouldBeGreaterThanOrEqualTo(4);
    }

    [Fact]
    public void A_letter_of_the_PAS_is_a_PDF_that_names_time_and_phone()
    {
        var appointment = PeopleView.All(Register(outside)).Single(person => person.PatientId == "P100128").Appointments.Single(appointment => appointment.ClinicId == "C100003");
        var document = hub.All<DocumentReference>().Single(document => document.Context?.Related.Any(related => related.Reference == $"Appointment/{appointment.AppointmentId}") == true);
        document.Subject!.Reference.ShouldBe("Patient/P100128");
        var attachment = document.Content.Single().Attachment!;
        attachment.ContentType.ShouldBe("application/pdf");
        using var pdf = UglyToad.PdfPig.PdfDocument.Open(attachment.Data!);
        var text = string.Join(' ', pdf.GetPage(1).GetWords().Select(word => word.Text));
        text.ShouldContain("Diana Brooks");
        text.ShouldContain(LondonDates.Words(appointment.Start));
        text.ShouldContain("0113 496 0103");
    }

    [Fact]
    public async Task Feeding_again_sends_the_same_bytes()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var outside = await FedAsync(hub);
        var first = hub.Puts.ToLookup(put => put.Path, put => Convert.ToHexString(put.Body));

        using var http = Client(outside);
        (await http.PostAsync("/api/pas/feed", null, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);

        foreach (var again in hub.Puts.GroupBy(put => put.Path))
            again.Select(put => Convert.ToHexString(put.Body)).ShouldBe([first[again.Key].Single(), first[again.Key].Single()]);
    }

    [Fact]
    public async Task Staff_book_move_and_cancel_and_the_hub_hears_at_once()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var outside = await FedAsync(hub);
        using var http = Client(outside);

        var start = new DateTimeOffset(2027, 5, 4, 10, 30, 0, TimeSpan.FromHours(1));
        var id = await PostAsync(http, "/api/pas/appointments", new { patientId = "P100101", clinicId = "C100003", start });
        var booked = hub.Last<Appointment>(id);
        booked.Start.ShouldBe(start);
        hub.All<DocumentReference>().Last().Context!.Related.Single().Reference.ShouldBe($"Appointment/{id}"); // this clinic's letters come from the PAS

        await PostAsync(http, $"/api/pas/appointments/{id}/move", new { start = start.AddDays(1) });
        var moved = hub.Last<Appointment>(id);
        moved.Start.ShouldBe(start.AddDays(1));
        (moved.Meta!.LastUpdated > booked.Meta!.LastUpdated).ShouldBeTrue();

        await PostAsync(http, $"/api/pas/appointments/{id}/cancel", new { });
        hub.Last<Appointment>(id).Status.ShouldBe(Appointment.AppointmentStatus.Cancelled);

        (await http.PostAsJsonAsync("/api/pas/appointments/unknown/cancel", new { }, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Staff_change_contacts_and_register_people()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var outside = await FedAsync(hub);
        using var http = Client(outside);

        await PostAsync(http, "/api/pas/patients/P100101/contact", new { mobile = "07700 900555", email = "" });
        hub.Last<Patient>("P100101").Telecom.Select(contact => contact.Value).ShouldBe(["07700 900555"]);

        await PostAsync(http, "/api/pas/patients/P100101/standing", new { deceased = true, restricted = true });
        hub.Last<Patient>("P100101").Deceased.ShouldNotBeNull();

        var id = await PostAsync(http, "/api/pas/patients", new { given = "New", family = "Person", born = "2001-02-03", mobile = "07700 900777" });
        hub.Last<Patient>(id).BirthDate.ShouldBe("2001-02-03");
        (await http.GetFromJsonAsync<List<PersonView>>("/api/people", SimulatorsJson.Options, TestContext.Current.CancellationToken))!
            .Single(person => person.PatientId == id).Mobile.ShouldBe("+447700900777");
    }

    [Fact]
    public async Task A_wrong_secret_is_on_the_report_and_nothing_is_sent()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var outside = await RunningSimulators.StartAsync(
            ("Pas:FhirBaseUrl", hub.Address.ToString()), ("Pas:ClientSecret", "wrong"), ("TrustAdmin:ClientSecret", "admin-secret"));

        await Eventually.True(async () => (await ReportAsync(outside)).Trouble?.Contains("400", StringComparison.Ordinal) == true, "the report never told of the refused token");
        hub.Puts.ShouldBeEmpty();
    }

    internal static async Task<RunningSimulators> FedAsync(FakeHub hub)
    {
        var outside = await RunningSimulators.StartAsync(
            ("Pas:FhirBaseUrl", hub.Address.ToString()), ("Pas:ClientSecret", "pas-secret"), ("TrustAdmin:ClientSecret", "admin-secret"));
        await Eventually.True(async () => (await ReportAsync(outside)).State == FeedState.Done, "the hub was never fed");
        return outside;
    }

    private static PasRegister Register(RunningSimulators outside) => (PasRegister)outside.Services.GetService(typeof(PasRegister))!;

    private static HttpClient Client(RunningSimulators outside) => new() { BaseAddress = outside.BaseAddress };

    private static async Task<FeedReport> ReportAsync(RunningSimulators outside)
    {
        using var http = Client(outside);
        return (await http.GetFromJsonAsync<FeedReport>("/api/feed", SimulatorsJson.Options, TestContext.Current.CancellationToken))!;
    }

    private static async Task<string> PostAsync(HttpClient http, string path, object body)
    {
        using var answer = await http.PostAsJsonAsync(path, body, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var outcome = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
        outcome.GetProperty("answers").EnumerateArray().ShouldAllBe(each => each.GetProperty("accepted").GetBoolean());
        return outcome.GetProperty("id").GetString()!;
    }
}
