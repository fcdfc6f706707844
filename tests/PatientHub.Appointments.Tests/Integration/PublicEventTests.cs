using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using PatientHub.Testing;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using Task = System.Threading.Tasks.Task;

namespace PatientHub.Appointments.Tests.Integration;

/// <summary>An integrator without our code, and the pages that tell him what to expect.</summary>
public sealed partial class PublicEventTests(AppointmentsSystem system)
{
    [Fact]
    public async Task Every_event_reaches_integrators_as_its_page_says()
    {
        var heard = new ConcurrentQueue<(string Type, string Subject, JsonElement Body, string Raw)>();
        await using var connection = await new ConnectionFactory { Uri = new Uri(system.RabbitMq) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        var queue = (await channel.QueueDeclareAsync()).QueueName;
        await channel.QueueBindAsync(queue, "patienthub.events", "#");
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, message) =>
        {
            var header = message.BasicProperties.Headers!.ToDictionary(h => h.Key, h => h.Value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : $"{h.Value}");
            var raw = Encoding.UTF8.GetString(message.Body.Span);
            header["cloudEvents_type"].ShouldBe(message.RoutingKey);
            heard.Enqueue((message.RoutingKey, header["cloudEvents_subject"], JsonDocument.Parse(raw).RootElement, string.Join(' ', header.Values) + raw));
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue, autoAck: true, consumer);

        // One appointment through everything that can happen to it.
        var booking = await system.BookAsync(TimeSpan.FromDays(40));
        await Good(booking.AcceptAsync());
        await Good(booking.CancelAsync(reason: $"{Booking.Secret} moved"));
        await Good(booking.WithdrawAsync());
        await Good(booking.RebookAsync(unsuitable: $"{Booking.Secret} works"));
        await CloseTaskAsync(booking);
        booking.Resource.Start = booking.Resource.Start!.Value.AddDays(1);
        await Good(booking.SendAsync());
        booking.Resource.Status = Appointment.AppointmentStatus.Cancelled;
        await Good(booking.SendAsync());
        booking.Resource.Status = Appointment.AppointmentStatus.Noshow;
        await Good(booking.SendAsync());

        var pages = Pages();
        await Eventually.True(() => pages.Keys.All(type => Mine(type).Any()), "an event never reached the integrator");
        foreach (var (type, example) in pages)
        {
            var (_, subject, body, raw) = Mine(type).First();
            subject.ShouldBe(type.Contains("task", StringComparison.Ordinal) ? $"task/{body.GetProperty("taskId")}" : $"appointment/{booking.Id}");
            body.EnumerateObject().Select(p => p.Name).Order().ShouldBe(example.EnumerateObject().Select(p => p.Name).Order(), type);
            foreach (var secret in new[] { "Zephyrine", "Quillfeather", "Fracture", booking.PatientId.ToString(), system.Ids.Clinic("pas", booking.Clinic).ToString(), Environment.MachineName })
                raw.ShouldNotContain(secret, Case.Insensitive);
        }

        IEnumerable<(string Type, string Subject, JsonElement Body, string Raw)> Mine(string type) =>
            heard.Where(h => h.Type == type && h.Body.TryGetProperty("appointmentId", out var id) && id.GetGuid() == booking.Id);
    }

    [Fact] // no name, no words of the patient and no id of the hospital's records in a log line
    public async Task Logs_hold_ids_only()
    {
        var booking = await system.BookAsync(patient: "hospital-number-4711-0815");
        await Good(booking.RebookAsync(unsuitable: $"{Booking.Secret} works"));
        await Good(booking.Patient.GetAsync($"{booking.Path}/calendar.ics"));
        system.Log.ShouldContain(line => line.Contains(booking.Id.ToString(), StringComparison.Ordinal));
        foreach (var secret in new[] { "Zephyrine", "Quillfeather", "hospital-number-4711-0815", "Fracture", "0113 496 0000" })
            system.Log.ShouldNotContain(line => line.Contains(secret, StringComparison.OrdinalIgnoreCase), secret);
    }

    private async Task CloseTaskAsync(Booking booking)
    {
        var bundle = new FhirJsonDeserializer().Deserialize<Bundle>(await system.Desk.GetStringAsync("/fhir/Task?status=requested&code=rebook&_count=200"));
        var task = bundle.Entry.Select(e => (Hl7.Fhir.Model.Task)e.Resource!).Single(t => t.Focus?.Reference == $"Appointment/{booking.SourceId}");
        task.Status = Hl7.Fhir.Model.Task.TaskStatus.Completed;
        task.BusinessStatus = new CodeableConcept { Coding = [new Coding(null, "kept")] };
        var request = new HttpRequestMessage(HttpMethod.Put, $"/fhir/Task/{task.Id}") { Content = new StringContent(FhirJsonSerializer.Default.SerializeToString(task), Encoding.UTF8, "application/fhir+json") };
        request.Headers.TryAddWithoutValidation("If-Match", $"W/\"{task.Meta!.VersionId}\"");
        await Good(system.Desk.SendAsync(request));
    }

    private static async Task Good(Task<HttpResponseMessage> response) => (await response).EnsureSuccessStatusCode();

    private static Dictionary<string, JsonElement> Pages([CallerFilePath] string here = "")
    {
        var text = File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "../../../services/Appointments/EVENTS.md"));
        return Page().Matches(text).ToDictionary(m => m.Groups[1].Value, m => JsonDocument.Parse(m.Groups[2].Value).RootElement);
    }

    [GeneratedRegex("^## (uk\\.nhs\\.\\S+)$.*?```json\n(.*?)```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Page();
}
