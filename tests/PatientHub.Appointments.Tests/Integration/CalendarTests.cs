using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Hl7.Fhir.Model;
using PatientHub.Appointments.Contracts;
using Task = System.Threading.Tasks.Task;

namespace PatientHub.Appointments.Tests.Integration;

/// <summary>R24: the diary entry (RFC 5545, 5546).</summary>
public sealed partial class CalendarTests(AppointmentsSystem system)
{
    [Fact]
    public async Task Entry_is_neutral_in_London_time_and_keeps_its_uid()
    {
        var booking = await system.BookAsync(letter: false, change: r =>
        {
            r.Start = new DateTimeOffset(2027, 7, 6, 9, 30, 0, TimeSpan.Zero);
            r.End = new DateTimeOffset(2027, 7, 6, 10, 0, 0, TimeSpan.Zero);
            r.PatientInstruction = "Zephyrine must not eat";
        });
        var response = await booking.Patient.GetAsync($"{booking.Path}/calendar.ics");
        response.Content.Headers.ContentType!.ToString().ShouldBe("text/calendar; charset=utf-8");
        response.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var ics = await response.Content.ReadAsStringAsync();
        var lines = Unfold(ics);
        lines.ShouldContain("METHOD:PUBLISH");
        lines.ShouldContain($"UID:{booking.Id}@hub.example");
        lines.ShouldContain("SEQUENCE:0");
        lines.ShouldContain("SUMMARY:Hospital appointment");
        lines.ShouldContain("DTSTART;TZID=Europe/London:20270706T103000");
        lines.ShouldContain("DTEND;TZID=Europe/London:20270706T110000");
        lines.ShouldContain("TRIGGER:-P1D");
        lines.ShouldContain("TZID:Europe/London");
        lines.Count(l => l.StartsWith("RRULE:FREQ=YEARLY", StringComparison.Ordinal) && l.Contains("BYDAY=-1SU", StringComparison.Ordinal)).ShouldBe(2);
        lines.ShouldContain(l => l.StartsWith("ORGANIZER", StringComparison.Ordinal));
        lines.ShouldNotContain(l => l.StartsWith("ATTENDEE", StringComparison.Ordinal));

        // A diary is read by others: no reason, no clinic, no name, no preparation.
        foreach (var secret in new[] { "Zephyrine", "Quillfeather", "Fracture", booking.PatientId.ToString() }) ics.ShouldNotContain(secret, Case.Insensitive);
        ics.Replace("\r\n", "", StringComparison.Ordinal).ShouldNotContain("\n");
        ics.Split("\r\n").ShouldAllBe(l => Encoding.UTF8.GetByteCount(l) <= 75);

        // A new time: the same entry, one higher.
        booking.Resource.Start = booking.Resource.Start!.Value.AddDays(1);
        booking.Resource.End = booking.Resource.End!.Value.AddDays(1);
        (await booking.SendAsync()).EnsureSuccessStatusCode();
        lines = Unfold(await booking.Patient.GetStringAsync($"{booking.Path}/calendar.ics"));
        lines.ShouldContain($"UID:{booking.Id}@hub.example");
        lines.ShouldContain("SEQUENCE:1");
        lines.ShouldContain("DTSTART;TZID=Europe/London:20270707T103000");

        // Cancelled by the hospital (A23).
        booking.Resource.Status = Appointment.AppointmentStatus.Cancelled;
        (await booking.SendAsync()).EnsureSuccessStatusCode();
        lines = Unfold(await booking.Patient.GetStringAsync($"{booking.Path}/calendar.ics"));
        lines.ShouldContain("METHOD:CANCEL");
        lines.ShouldContain("STATUS:CANCELLED");
        lines.ShouldContain("SEQUENCE:2");
        lines.ShouldContain($"UID:{booking.Id}@hub.example");
    }

    [Theory] // R24, checklist 73, 74: another implementation reads the same instants on both sides of both clock changes
    [InlineData("2026-03-28T10:30:00+00:00")]
    [InlineData("2026-03-29T00:59:00+00:00")]
    [InlineData("2026-03-29T01:00:00+00:00")]
    [InlineData("2026-03-30T09:30:00+00:00")]
    [InlineData("2026-10-24T09:30:00+00:00")]
    [InlineData("2026-10-25T00:30:00+00:00")]
    [InlineData("2026-10-25T01:30:00+00:00")]
    [InlineData("2026-10-26T10:30:00+00:00")]
    [InlineData("2027-03-28T00:59:00+00:00")]
    [InlineData("2027-03-28T01:00:00+00:00")]
    [InlineData("2027-10-31T00:30:00+00:00")]
    [InlineData("2027-10-31T01:30:00+00:00")]
    [InlineData("2027-11-01T10:30:00+00:00")]
    public async Task Another_implementation_reads_the_same_instants_across_the_clock_changes(string at)
    {
        var start = DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture);
        var booking = await system.BookAsync(letter: false, change: r => (r.Start, r.End) = (start, start.AddMinutes(45)));
        var calendar = await ReadBack.WithIcalJsAsync(await booking.Patient.GetStringAsync($"{booking.Path}/calendar.ics"));
        var entry = calendar.Events.ShouldHaveSingleItem();
        (entry.Start, entry.End, entry.Uid, entry.Sequence, entry.Summary, entry.Status).ShouldBe((start, start.AddMinutes(45), $"{booking.Id}@hub.example", 0, "Hospital appointment", "CONFIRMED"));
        (entry.Alarm, calendar.Method).ShouldBe(("-P1D", "PUBLISH"));
    }

    [Fact] // checklist 118: a line break in a name stays inside its value
    public async Task Hostile_names_cannot_add_lines()
    {
        var site = $"s-{Guid.CreateVersion7():N}";
        (await system.TrustAdmin.PutAsync($"/api/sites/{site}/settings", new StringContent("""{"displayName":"St James\r\nATTENDEE:mailto:x@example.org; a, b"}""", Encoding.UTF8, "application/json"))).EnsureSuccessStatusCode();
        var booking = await system.BookAsync(letter: false, change: r => r.Participant[2] = Booking.Participant("Location", site, null));
        var lines = Unfold(await booking.Patient.GetStringAsync($"{booking.Path}/calendar.ics"));
        lines.ShouldNotContain(l => l.StartsWith("ATTENDEE", StringComparison.Ordinal));
        lines.Single(l => l.StartsWith("LOCATION", StringComparison.Ordinal)).ShouldContain(@"\nATTENDEE:mailto:x@example.org\; a\, b");
    }

    [Fact] // checklist 74: the repeated hour
    public async Task Start_in_the_repeated_hour_is_the_same_instant()
    {
        var start = new DateTimeOffset(2027, 10, 31, 1, 30, 0, TimeSpan.Zero); // 1:30am for the second time
        var booking = await system.BookAsync(letter: false, change: r => r.Start = start);
        (await booking.ReadAsync()).Start.ShouldBe(start);
        var lines = Unfold(await booking.Patient.GetStringAsync($"{booking.Path}/calendar.ics"));
        lines.ShouldContain("DTSTART:20271031T013000Z");
    }

    [Fact]
    public async Task Phone_appointment_names_no_place()
    {
        var booking = await system.BookAsync(letter: false, change: r => r.Extension.Add(new Extension(
            "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-DeliveryChannel", new CodeableConcept("https://fhir.hl7.org.uk/CodeSystem/UKCore-DeliveryChannel", "Telephone"))));
        (await booking.ReadAsync()).Medium.ShouldBe(AppointmentMedium.Telephone);
        Unfold(await booking.Patient.GetStringAsync($"{booking.Path}/calendar.ics")).ShouldContain("LOCATION:By phone: the hospital will call you");
    }

    private static string[] Unfold(string ics) => Folds().Replace(ics, "").Split("\r\n");

    [GeneratedRegex("\r\n[ \t]")]
    private static partial Regex Folds();
}
