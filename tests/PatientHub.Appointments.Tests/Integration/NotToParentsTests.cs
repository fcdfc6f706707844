using System.Net;
using Hl7.Fhir.Model;
using PatientHub.Appointments.Contracts;
using PatientHub.Identity.Contracts;
using PatientHub.Testing;
using Task = System.Threading.Tasks.Task;

namespace PatientHub.Appointments.Tests.Integration;

/// <summary>"Not to parents" on an appointment (A31): neither shown nor sent, and people tell by the safe route.</summary>
public sealed class NotToParentsTests(AppointmentsSystem system)
{
    [Fact]
    public async Task Booked_like_that_it_is_hidden_invites_nobody_and_is_an_alarmed_task()
    {
        var booking = await system.BookAsync(change: Mark, letter: false);
        (await booking.Patient.GetAsync(booking.Path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var booked = (await system.EventAsync<AppointmentBooked>(e => e.Appointment.AppointmentId == booking.Id)).Appointment;
        (booked.ClinicMode, booked.Invites).ShouldBe((ClinicMode.Hidden, false));
        (await system.CountAsync($"select count(*) from task where appointment_id = '{booking.Id}' and code = '{TaskCodes.SafeRoute}' and alarmed")).ShouldBe(1);
        (await booking.SendAsync()).EnsureSuccessStatusCode();
        (await system.CountAsync($"select count(*) from task where appointment_id = '{booking.Id}'")).ShouldBe(1, "the same resource again");
        booking.Resource.Start = booking.Resource.Start!.Value.AddDays(1);
        (await booking.SendAsync()).EnsureSuccessStatusCode();
        (await system.CountAsync($"select count(*) from task where appointment_id = '{booking.Id}'")).ShouldBe(2, "another time has to be told");
        (await system.EventAsync<AppointmentChanged>(e => e.Appointment.AppointmentId == booking.Id)).Appointment.Invites.ShouldBeFalse();
    }

    [Fact]
    public async Task Said_later_it_disappears_and_what_was_promised_is_not_any_more()
    {
        var booking = await system.BookAsync();
        (await booking.Patient.GetAsync(booking.Path)).StatusCode.ShouldBe(HttpStatusCode.OK);
        Mark(booking.Resource);
        (await booking.SendAsync()).EnsureSuccessStatusCode();
        (await booking.Patient.GetAsync(booking.Path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var changed = await system.EventAsync<AppointmentChanged>(e => e.Appointment.AppointmentId == booking.Id);
        (changed.RevisionRaised, changed.Appointment.ClinicMode, changed.Appointment.Invites).ShouldBe((false, ClinicMode.Hidden, false));
        (await system.CountAsync($"select count(*) from task where appointment_id = '{booking.Id}' and code = '{TaskCodes.SafeRoute}'")).ShouldBe(1);
    }

    private static void Mark(Appointment appointment) => appointment.AddExtension(FhirConventions.NotToParentsExtension, new FhirBoolean(true));
}
