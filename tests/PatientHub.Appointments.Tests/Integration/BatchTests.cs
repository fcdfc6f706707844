using System.Net;
using System.Net.Http.Json;
using System.Text;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Npgsql;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Testing;
using FhirAppointment = Hl7.Fhir.Model.Appointment;
using Task = System.Threading.Tasks.Task;

namespace PatientHub.Appointments.Tests.Integration;

/// <summary>Many resources in one request: each is taken as if it had come alone (A34).</summary>
public sealed class BatchTests(AppointmentsSystem system)
{
    [Fact]
    public async Task Each_appointment_of_a_bundle_is_taken_or_refused_by_itself()
    {
        var known = await system.BookAsync(letter: false, change: r => r.Meta = new Meta { LastUpdated = DateTimeOffset.UtcNow });
        var stolen = await system.BookAsync(letter: false);
        var fresh = New(known.Clinic, 250);
        var broken = New(known.Clinic);
        broken.Resource.Participant.RemoveAt(0);
        var older = known.Resource.DeepCopy();
        older.Meta!.LastUpdated = known.Resource.Meta!.LastUpdated!.Value.AddMinutes(-1);
        var another = stolen.Resource.DeepCopy();
        another.Participant[0] = Booking.Participant("Patient", "somebody-else", "Somebody Else");

        var answers = await SendAsync([.. fresh.Take(130).Select(b => b.Resource), broken.Resource, older, another, known.Resource, .. fresh.Skip(130).Select(b => b.Resource)]);
        answers.Select(a => a.Status).ShouldBe([.. Enumerable.Repeat("201 Created", 130), "422 Unprocessable Entity", "412 Precondition Failed", "409 Conflict", "200 OK", .. Enumerable.Repeat("201 Created", 120)]);
        answers[0].Location.ShouldBe($"Appointment/{fresh[0].SourceId}");
        ((OperationOutcome)answers[130].Outcome!).Issue[0].Expression.ShouldBe(["Appointment.participant"]);

        // Told once each, and nothing of those that were refused or said nothing new.
        foreach (var booking in fresh) await system.EventAsync<AppointmentBooked>(e => e.Appointment.AppointmentId == booking.Id);
        (await system.CountAsync($"select count(*) from appointment where clinic_id = '{system.Ids.Clinic("pas", known.Clinic)}' and version = 1")).ShouldBe(251);
        (await system.CountAsync($"select count(*) from task where appointment_id = '{stolen.Id}' and code = 'record-conflict' and alarmed")).ShouldBe(1);
        (await system.CountAsync($"select count(*) from awaited_patient where appointment_id = any(array['{string.Join("','", fresh.Select(b => b.Id))}']::uuid[])")).ShouldBe(250);

        // The same Bundle again: nothing new.
        (await SendAsync([.. fresh.Select(b => b.Resource)])).ShouldAllBe(a => a.Status == "200 OK");
        (await system.CountAsync($"select count(*) from appointment where clinic_id = '{system.Ids.Clinic("pas", known.Clinic)}' and version = 1")).ShouldBe(251);
        system.Events<AppointmentBooked>().Count(e => e.Appointment.AppointmentId == fresh[7].Id).ShouldBe(1);
    }

    [Fact] // R1: one task for the clinic, and one wait for the patient, however many name them
    public async Task Clinic_site_and_appointments_of_one_patient_in_one_bundle()
    {
        var name = Guid.CreateVersion7().ToString("N");
        Booking[] bookings = [.. Enumerable.Range(0, 5).Select(i => new Booking(system, $"{name}-{i}", $"p-{name}", $"c-{name}"))];
        foreach (var booking in bookings) booking.Resource.Start = DateTimeOffset.UtcNow.AddDays(20);
        var answers = await SendAsync([.. bookings.Select(b => b.Resource), new HealthcareService { Id = $"c-{name}", Name = "Hip clinic", Telecom = [new ContactPoint { System = ContactPoint.ContactPointSystem.Phone, Value = "0113 496 0003" }] }, new Location { Id = $"l-{name}", Name = "Hall" }]);
        answers.Select(a => a.Status).ShouldBe(Enumerable.Repeat("201 Created", 7));
        ((OperationOutcome)answers[6].Outcome!).Issue[0].Expression.ShouldBe(["Location.address"]);
        (await bookings[0].ReadAsync()).ClinicName.ShouldBe("Hip clinic");
        (await system.CountAsync($"select count(*) from task where code = 'unknown-clinic' and note like '%(c-{name})%'")).ShouldBe(1);
        (await system.CountAsync($"select count(*) from awaited_patient where patient_id = '{bookings[0].PatientId}'")).ShouldBe(1);
    }

    [Fact] // A23, A8, A15: what the entries do is what single PUTs do
    public async Task Moves_and_cancellations_in_a_bundle_are_told_and_end_requests()
    {
        var (moved, cancelled, twice) = (await system.BookAsync(), await system.BookAsync(), await system.BookAsync());
        (await cancelled.CancelAsync()).EnsureSuccessStatusCode();
        moved.Resource.Start = moved.Resource.Start!.Value.AddDays(2);
        cancelled.Resource.Status = FhirAppointment.AppointmentStatus.Cancelled;
        var first = twice.Resource.DeepCopy();
        first.Start = first.Start!.Value.AddDays(1);
        var second = twice.Resource.DeepCopy();
        second.Start = second.Start!.Value.AddDays(3);
        (await SendAsync(first, moved.Resource, cancelled.Resource, second)).ShouldAllBe(a => a.Status == "200 OK");
        (await system.EventAsync<AppointmentChanged>(e => e.Appointment.AppointmentId == moved.Id)).RevisionRaised.ShouldBeTrue();
        (await system.EventAsync<AppointmentCancelledByHospital>(e => e.Appointment.AppointmentId == cancelled.Id)).AskedByPatient.ShouldBeTrue();
        (await system.CountAsync($"select count(*) from task where appointment_id = '{cancelled.Id}' and status = 'Completed' and outcome = 'Done'")).ShouldBe(1);
        var read = await twice.ReadAsync();
        (read.Start, read.Revision).ShouldBe((second.Start!.Value, 2));
    }

    [Fact] // checklist 29: several senders with the same appointments, and single PUTs of them, at the same time
    public async Task The_same_bundle_from_several_senders_at_once_books_each_appointment_once()
    {
        var clinic = (await system.BookAsync(letter: false)).Clinic;
        var bookings = New(clinic, 30);
        foreach (var booking in bookings) booking.Resource.Meta = new Meta { LastUpdated = DateTimeOffset.UtcNow };
        var bundles = Enumerable.Range(0, 5).Select(n => SendAsync([.. (n % 2 == 0 ? bookings : [.. bookings.Reverse()]).Select(b => b.Resource)])).ToList();
        var singles = bookings.Take(10).Select(b => b.SendAsync()).ToList();
        var answers = (await Task.WhenAll(bundles)).SelectMany(a => a).ToList();
        (await Task.WhenAll(singles)).ShouldAllBe(a => a.IsSuccessStatusCode);
        answers.ShouldAllBe(a => a.Status == "201 Created" || a.Status == "200 OK");
        (answers.Count(a => a.Status == "201 Created") + (await Task.WhenAll(singles)).Count(a => a.StatusCode == HttpStatusCode.Created)).ShouldBe(30);
        foreach (var booking in bookings) await system.EventAsync<AppointmentBooked>(e => e.Appointment.AppointmentId == booking.Id);
        foreach (var booking in bookings) system.Events<AppointmentBooked>().Count(e => e.Appointment.AppointmentId == booking.Id).ShouldBe(1);
        (await system.CountAsync($"select count(*) from appointment where clinic_id = '{system.Ids.Clinic("pas", clinic)}' and version = 1")).ShouldBe(31);
    }

    [Fact] // One row that somebody else is writing: its neighbours do not fail with it.
    public async Task A_clash_with_another_transaction_is_taken_again_one_by_one()
    {
        var clinic = (await system.BookAsync(letter: false)).Clinic;
        var bookings = New(clinic, 4);
        await using var source = system.OpenDatabase();
        await using var connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var blocking = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var insert = new NpgsqlCommand($"insert into awaited_patient values ('{bookings[2].PatientId}', '{bookings[2].Id}', now())", connection, blocking)) await insert.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        var sending = SendAsync([.. bookings.Select(b => b.Resource)]);
        await Eventually.True(async () => await system.CountAsync("select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query ilike '%into awaited_patient%' and pid <> pg_backend_pid()") > 0, "the Bundle never came to its commit");
        await blocking.CommitAsync(TestContext.Current.CancellationToken);
        (await sending).ShouldAllBe(a => a.Status == "201 Created");
        foreach (var booking in bookings) await system.EventAsync<AppointmentBooked>(e => e.Appointment.AppointmentId == booking.Id);
    }

    [Theory]
    [InlineData("""{"resourceType":"Bundle","type":"transaction"}""", 400)]
    [InlineData("""{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"PUT","url":"Appointment/a"},"resource":{}}],"entries":[]}""", 400)]
    [InlineData("not a Bundle", 400)]
    public async Task A_bundle_that_cannot_be_read_is_an_outcome(string body, int status)
    {
        var response = await system.Pas.PostAsync("/fhir", new StringContent(body, Encoding.UTF8, "application/fhir+json"));
        ((int)response.StatusCode).ShouldBe(status);
        (await response.Content.ReadAsStringAsync()).ShouldContain("OperationOutcome");
    }

    [Fact]
    public async Task Only_the_feeds_scope_opens_the_door()
    {
        (await system.Desk.PostAsync("/fhir", new StringContent("{}", Encoding.UTF8, "application/fhir+json"))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await system.Client(null).PostAsync("/fhir", new StringContent("{}", Encoding.UTF8, "application/fhir+json"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private Booking New(string clinic) => New(clinic, 1)[0];

    private Booking[] New(string clinic, int count) => [.. Enumerable.Range(0, count).Select(i =>
    {
        var name = Guid.CreateVersion7().ToString("N");
        var booking = new Booking(system, name, $"p-{name}", clinic);
        booking.Resource.Start = new DateTimeOffset(DateTimeOffset.UtcNow.UtcDateTime.Date.AddDays(30), TimeSpan.Zero).AddMinutes(i);
        return booking;
    })];

    private async Task<List<Bundle.ResponseComponent>> SendAsync(params Resource[] resources)
    {
        var batch = new Bundle { Type = Bundle.BundleType.Batch, Entry = [.. resources.Select(r => new Bundle.EntryComponent { Resource = r, Request = new Bundle.RequestComponent { Method = Bundle.HTTPVerb.PUT, Url = $"{r.TypeName}/{r.Id}" } })] };
        var response = await system.Pas.PostAsync("/fhir", new StringContent(FhirJsonSerializer.Default.SerializeToString(batch), Encoding.UTF8, "application/fhir+json"));
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        text.ShouldNotContain("Quillfeather");
        var answer = new FhirJsonDeserializer().Deserialize<Bundle>(text);
        answer.Type.ShouldBe(Bundle.BundleType.BatchResponse);
        return [.. answer.Entry.Select(entry => entry.Response!)];
    }
}
