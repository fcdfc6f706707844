using System.Net;
using System.Net.Http.Json;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using PatientHub.Appointments.Contracts.Http;
using Task = System.Threading.Tasks.Task;

namespace PatientHub.Appointments.Tests.Integration;

/// <summary>R29: "these details are wrong" is a task, never an edit.</summary>
public sealed class ContactCorrectionTests(AppointmentsSystem system)
{
    private const string Path = "/api/me/contact-corrections";

    [Fact]
    public async Task The_patients_words_become_one_task_for_the_hospital()
    {
        var patient = Guid.CreateVersion7();
        var client = system.Patient(patient);
        (await client.GetFromJsonAsync<MyContactCorrections>(Path))!.ShouldBe(new MyContactCorrections { Open = 0 });
        var presses = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => ReportAsync(client, "Mobile: Zephyrine has a new one, 07700 900999")));
        presses.ShouldAllBe(p => p.StatusCode == HttpStatusCode.NoContent);
        var shown = (await client.GetFromJsonAsync<MyContactCorrections>(Path))!;
        (shown.Open, shown.ReportedAt.HasValue, shown.AnswerBy.HasValue).ShouldBe((1, true, true));

        var id = await TaskOfAsync(patient);
        var task = new FhirJsonDeserializer().Deserialize<Hl7.Fhir.Model.Task>(await system.Desk.GetStringAsync($"/fhir/Task/{id}"));
        task.Code!.Coding[0].Code.ShouldBe("contact-doubtful");
        task.For!.Identifier!.Value.ShouldBe(patient.ToString());
        task.Input.Single().Value.ShouldBeOfType<FhirString>().Value.ShouldBe("Mobile: Zephyrine has a new one, 07700 900999");
        // Neither in a log nor in a message.
        system.Log.ShouldAllBe(line => !line.Contains("Zephyrine has a new one", StringComparison.Ordinal));
        (await system.CountAsync("select count(*) from outbox_message where body::text like '%Zephyrine has%'")).ShouldBe(0);
    }

    [Theory]
    [InlineData("", "no-words")]
    [InlineData("   ", "no-words")]
    [InlineData("a\0b", "too-long")]
    public async Task Nothing_to_read_is_refused(string words, string code)
    {
        var response = await ReportAsync(system.Patient(Guid.CreateVersion7()), words);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync()).ShouldContain(code);
    }

    [Fact]
    public async Task A_sixth_open_report_names_the_phone_instead()
    {
        var client = system.Patient(Guid.CreateVersion7());
        for (var i = 0; i < 5; i++) (await ReportAsync(client, $"Wrong {i}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await AnswerTests.Refused(await ReportAsync(client, "Wrong again"), "too-many-open");
        (await ReportAsync(client, new string('x', 501))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact] // R23: the desk knows how to reach whoever asks to cancel
    public async Task A_cancellation_says_how_to_reach_the_patient()
    {
        var booking = await system.BookAsync();
        (await booking.Patient.PostAsJsonAsync($"{booking.Path}/cancel", new RequestCancellation { Revision = 0, Reason = "Better", HowToReach = "Relay UK, mornings" })).EnsureSuccessStatusCode();
        (await system.CountAsync($"select count(*) from task where appointment_id = '{booking.Id}' and reason = 'Better' and how_to_reach = 'Relay UK, mornings'")).ShouldBe(1);
    }

    private static Task<HttpResponseMessage> ReportAsync(HttpClient client, string words) => client.PostAsJsonAsync(Path, new ReportWrongContacts { Words = words });

    private async Task<Guid> TaskOfAsync(Guid patient)
    {
        await using var source = system.OpenDatabase();
        await using var command = source.CreateCommand($"select id from task where patient_id = '{patient}'");
        return (Guid)(await command.ExecuteScalarAsync())!;
    }
}
