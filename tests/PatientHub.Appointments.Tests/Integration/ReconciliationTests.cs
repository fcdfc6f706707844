using System.Diagnostics.Metrics;
using System.Text.Json;
using Hl7.Fhir.Model;
using Microsoft.Extensions.DependencyInjection;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Appointments.Workers;
using PatientHub.Messaging;
using Task = System.Threading.Tasks.Task;

namespace PatientHub.Appointments.Tests.Integration;

/// <summary>Checklist 128: the nightly count across services. Everybody else's appointments are known everywhere and invited; each test looks at its own clinic.</summary>
public sealed class ReconciliationTests(AppointmentsSystem system)
{
    private static readonly string[] Services = ["letters", "notifications", "postal"];

    [Fact]
    public async Task Everything_fed_comes_to_one_end_or_is_open()
    {
        var (answered, cancelled, invited, posted, waiting, hidden) =
            (await system.BookAsync(), await system.BookAsync(), await system.BookAsync(letter: false), await system.BookAsync(letter: false), await system.BookAsync(letter: false), await system.BookAsync(mode: ClinicMode.Hidden, letter: false));
        (await answered.AcceptAsync()).EnsureSuccessStatusCode();
        cancelled.Resource.Status = Hl7.Fhir.Model.Appointment.AppointmentStatus.Cancelled;
        (await cancelled.SendAsync()).EnsureSuccessStatusCode();
        Says("postal", posted, known => known with { Telling = TellingProgress.Posted });
        Says("notifications", waiting, known => known with { Telling = TellingProgress.None });
        Says("postal", waiting, known => known with { Telling = TellingProgress.Waiting });

        await CountAsync();
        var counts = await CountsAsync();
        foreach (var (booking, end) in ((Booking, string)[])[(answered, "Answered"), (cancelled, "EndedByHospital"), (invited, "Invited"), (posted, "Posted"), (waiting, "Open"), (hidden, "NotPromised")])
            counts[ClinicOf(booking)].ShouldBe(new Dictionary<string, long> { [end] = 1 }, end);
        (await system.CountAsync("select count(*) from nightly_count where ended_at is not null and fed = (select sum(n.value::bigint) from jsonb_each(counts) c, jsonb_each_text(c.value) n where n.key <> 'difference')")).ShouldBe(1);
    }

    [Theory] // checklist 16
    [InlineData("letters")]
    [InlineData("notifications")]
    [InlineData("postal")]
    public async Task Whoever_missed_a_booking_is_told_again(string service)
    {
        var booking = await system.BookAsync(letter: false);
        // The first two looks find nothing; at the third the event has arrived.
        var looks = 0;
        Says(service, booking, known => Interlocked.Increment(ref looks) < 3 ? null : known);

        await CountAsync();
        var again = await system.EventAsync<AppointmentChanged>(e => e.Appointment.AppointmentId == booking.Id);
        again.Appointment.Version.ShouldBe(1, "the state as it stands: whoever knows it ignores it");
        again.RevisionRaised.ShouldBeFalse();
        again.Appointment.Invites.ShouldBeTrue();
        // Here nobody but Notifications has told the patient.
        (await CountsAsync())[ClinicOf(booking)].ShouldBe(new Dictionary<string, long> { [service == "notifications" ? "Lost" : "Invited"] = 1, ["difference"] = 1 }, ignoreOrder: true);
        (await TasksAsync(booking)).ShouldBe(0);
    }

    [Fact]
    public async Task A_missed_change_and_a_missed_cancellation_are_told_as_what_they_were()
    {
        var (moved, cancelled) = (await system.BookAsync(letter: false), await system.BookAsync(letter: false));
        moved.Resource.Start = moved.Resource.Start!.Value.AddDays(1);
        (await moved.SendAsync()).EnsureSuccessStatusCode();
        cancelled.Resource.Status = Hl7.Fhir.Model.Appointment.AppointmentStatus.Cancelled;
        (await cancelled.SendAsync()).EnsureSuccessStatusCode();
        foreach (var booking in (Booking[])[moved, cancelled])
            await system.EventAsync<object>(e => e is AppointmentChanged { Appointment: var a } && a.AppointmentId == booking.Id || e is AppointmentCancelledByHospital { Appointment: var c } && c.AppointmentId == booking.Id);
        var (looksAtMoved, looksAtCancelled) = (0, 0);
        Says("notifications", moved, known => Interlocked.Increment(ref looksAtMoved) < 3 ? known with { Version = 1, Revision = 0 } : known);
        Says("postal", cancelled, known => Interlocked.Increment(ref looksAtCancelled) < 3 ? known with { Version = 1, PasStatus = PasStatus.Booked } : known);

        await CountAsync();
        await PatientHub.Testing.Eventually.True(() => system.Events<AppointmentChanged>().Count(e => e.Appointment.AppointmentId == moved.Id && e.RevisionRaised) == 2, "the change was never told again");
        await PatientHub.Testing.Eventually.True(() => system.Events<AppointmentCancelledByHospital>().Count(e => e.Appointment.AppointmentId == cancelled.Id) == 2, "the cancellation was never told again");
        (await TasksAsync(moved) + await TasksAsync(cancelled)).ShouldBe(0);
    }

    [Fact]
    public async Task What_nobody_does_anything_about_is_an_alarm_and_one_task()
    {
        var booking = await system.BookAsync(letter: false);
        foreach (var service in Services)
            Says(service, booking, known => known with { Telling = TellingProgress.None });

        await CountAsync();
        (await TasksAsync(booking)).ShouldBe(1);
        (await system.CountAsync($"select count(*) from task where appointment_id = '{booking.Id}' and alarmed and code = 'undeliverable'")).ShouldBe(1);
        system.Log.ShouldContain(line => line.StartsWith("Critical", StringComparison.Ordinal) && line.Contains("have no end in the count", StringComparison.Ordinal));
        (await CountsAsync())[ClinicOf(booking)]["difference"].ShouldBe(1);
        Measured("patienthub.reconciliation.difference", ClinicOf(booking)).ShouldBe(1);

        // The next night somebody has it, and the same task is not made twice.
        await CountAsync();
        (await TasksAsync(booking)).ShouldBe(1);
        (await CountsAsync())[ClinicOf(booking)].ShouldBe(new Dictionary<string, long> { ["WithPeople"] = 1 });
        Measured("patienthub.reconciliation.difference", ClinicOf(booking)).ShouldBe(0);
    }

    [Fact]
    public async Task A_service_that_is_down_is_waited_for()
    {
        await system.BookAsync(letter: false);
        await system.ExecuteAsync("delete from nightly_count");
        system.IsDown["letters"] = true;
        try
        {
            await Should.ThrowAsync<HttpRequestException>(RunAsync);
        }
        finally
        {
            system.IsDown.TryRemove("letters", out _);
        }

        (await system.CountAsync("select count(*) from nightly_count where ended_at is null")).ShouldBe(1);
        await RunAsync();
        (await system.CountAsync("select count(*) from nightly_count where ended_at is not null")).ShouldBe(1);
    }

    [Fact]
    public async Task Two_processes_count_a_night_once()
    {
        await system.ExecuteAsync("delete from nightly_count");
        var before = Counted();
        await Task.WhenAll(RunAsync(), RunAsync(), RunAsync());
        await RunAsync();
        (Counted() - before).ShouldBe(1);
    }

    [Fact] // reading the count must take nobody else's connection away
    public async Task The_gauges_are_read_beside_everything_else()
    {
        await CountAsync();
        var (gauges, clock) = (system.Services.GetRequiredService<ReconciliationGauges>(), system.Services.GetRequiredService<DatabaseClock>());
        var ct = TestContext.Current.CancellationToken;
        var all = Task.WhenAll(Enumerable.Range(0, 12).Select(async i =>
        {
            for (var n = 0; n < 50; n++)
            {
                if (i % 2 == 0) await gauges.ReadAsync(ct);
                else (await clock.UtcNowAsync(ct)).ShouldBeGreaterThan(DateTimeOffset.UnixEpoch);
            }
        }));
        await all.WaitAsync(TimeSpan.FromMinutes(1), ct);
    }

    private int Counted() => system.Log.Count(line => line.Contains("appointments were fed, the difference is", StringComparison.Ordinal));

    private void Says(string service, Booking booking, Func<KnownAppointment, KnownAppointment?> what) => system.KnownElsewhere[(service, booking.Id)] = what;

    private string ClinicOf(Booking booking) => system.Ids.Clinic("pas", booking.Clinic).ToString();

    private Task<long> TasksAsync(Booking booking) => system.CountAsync($"select count(*) from task where appointment_id = '{booking.Id}'");

    private async Task CountAsync()
    {
        await system.ExecuteAsync("delete from nightly_count");
        await RunAsync();
    }

    private Task RunAsync() => system.Services.GetRequiredService<Reconciliation>().RunIfDueAsync(TestContext.Current.CancellationToken);

    private async Task<Dictionary<string, Dictionary<string, long>>> CountsAsync()
    {
        await using var source = system.OpenDatabase();
        await using var command = source.CreateCommand("select counts from nightly_count");
        return JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, long>>>((string)(await command.ExecuteScalarAsync())!)!;
    }

    private static long Measured(string gauge, string clinic)
    {
        var value = -1L;
        using var listener = new MeterListener { InstrumentPublished = (instrument, l) => { if (instrument.Name == gauge) l.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<long>((_, measurement, tags, _) =>
        {
            foreach (var tag in tags)
                if (tag.Key == "clinic" && (string?)tag.Value == clinic) value = measurement;
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return value;
    }
}
