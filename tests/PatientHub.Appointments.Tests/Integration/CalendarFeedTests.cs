using System.Net;
using System.Net.Http.Json;
using Hl7.Fhir.Model;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Identity.Contracts;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Notifications.Contracts;
using PatientHub.Testing;
using Task = System.Threading.Tasks.Task;

namespace PatientHub.Appointments.Tests.Integration;

/// <summary>R24: the private feed: off by default, neutral, gone when it must be.</summary>
public sealed class CalendarFeedTests(AppointmentsSystem system)
{
    private const string Mine = "/api/me/calendar-feed";

    [Fact]
    public async Task A_feed_is_off_until_it_is_switched_on_and_then_follows_changes_and_cancellations()
    {
        var booking = await system.BookAsync(letter: false, change: r => r.PatientInstruction = "Zephyrine must not eat");
        var second = await system.BookAsync(letter: false, patient: booking.Resource.Participant[0].Actor!.Reference!.Split('/')[1]);
        var other = await system.BookAsync(letter: false);
        (await ShowAsync(booking)).ShouldBe(new MyCalendarFeed { IsOn = false, Version = 0 });

        var address = await SwitchOnAsync(booking);
        var response = await FetchAsync(address);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.ToString().ShouldBe("text/calendar; charset=utf-8");
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var ics = await response.Content.ReadAsStringAsync();
        // Other companies fetch it: neither who, nor why, nor with whom, nor a telephone number.
        foreach (var secret in new[] { "Zephyrine", "Quillfeather", "Fracture", "0113", "mailto", booking.PatientId.ToString(), other.Id.ToString() }) ics.ShouldNotContain(secret, Case.Insensitive);
        var calendar = await ReadBack.WithIcalJsAsync(ics);
        calendar.Events.Select(e => e.Uid).ShouldBe([$"{booking.Id}@hub.example", $"{second.Id}@hub.example"], ignoreOrder: true);
        calendar.Events.ShouldAllBe(e => e.Summary == "Hospital appointment" && e.Status == "CONFIRMED" && e.Alarm == "-P1D" && e.Sequence == 0);
        // The site is everybody's: a test that came before may have given it a name.
        calendar.Events.SelectMany(e => e.Properties).Where(name => name != "location").Distinct().ShouldBe(["class", "dtstamp", "dtstart", "sequence", "status", "summary", "transp", "uid"], ignoreOrder: true);
        calendar.Name.ShouldBe("Hospital appointments");

        // The hospital moves one and cancels the other.
        booking.Resource.Start = booking.Resource.Start!.Value.AddDays(1);
        second.Resource.Status = Appointment.AppointmentStatus.Cancelled;
        (await booking.SendAsync()).EnsureSuccessStatusCode();
        (await second.SendAsync()).EnsureSuccessStatusCode();
        var changed = (await ReadBack.WithIcalJsAsync(await (await FetchAsync(address)).Content.ReadAsStringAsync())).Events.ToDictionary(e => e.Uid);
        var (moved, cancelled) = (changed[$"{booking.Id}@hub.example"], changed[$"{second.Id}@hub.example"]);
        (moved.Sequence, moved.Start, moved.Status).ShouldBe((1, booking.Resource.Start!.Value, "CONFIRMED"));
        (cancelled.Sequence, cancelled.Status, cancelled.Summary, cancelled.Alarm).ShouldBe((1, "CANCELLED", "Cancelled: hospital appointment", null));

        // The fetch was seen, and nothing of the address can be read anywhere.
        var shown = await ShowAsync(booking);
        (shown.IsOn, shown.Version, shown.LastFetched.HasValue).ShouldBe((true, 1, true));
        system.Log.ShouldAllBe(line => !line.Contains(address, StringComparison.Ordinal));
        (await system.CountAsync($"select count(*) from calendar_feed where encode(token_hash, 'escape') like '%{address}%' or calendar_feed::text like '%{address}%'")).ShouldBe(0);
    }

    [Fact]
    public async Task Unknown_ended_and_malformed_addresses_are_one_answer()
    {
        var booking = await system.BookAsync(letter: false);
        var address = await SwitchOnAsync(booking);
        (await FetchAsync(address)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await booking.Patient.DeleteAsync(Mine)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await booking.Patient.DeleteAsync(Mine)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await ShowAsync(booking)).EndedBy.ShouldBe(CalendarFeedEnd.SwitchedOff);
        var answers = new List<string>();
        foreach (var file in new[] { address + ".ics", new string('A', 43) + ".ics", address, "x.ics", $"{booking.PatientId}.ics", $"{address}.ics.ics" })
        {
            var response = await system.Client(null).GetAsync($"/calendar-feed/{file}");
            response.StatusCode.ShouldBe(HttpStatusCode.NotFound, file);
            response.Headers.CacheControl!.NoStore.ShouldBeTrue();
            answers.Add(System.Text.RegularExpressions.Regex.Replace(await response.Content.ReadAsStringAsync(), "\"traceId\":\"[^\"]*\"", ""));
        }

        answers.Distinct().ShouldHaveSingleItem();
    }

    [Fact] // safe to press twice; a stale page does nothing
    public async Task A_second_press_is_superseded_and_a_new_address_ends_the_old_one()
    {
        var booking = await system.BookAsync(letter: false);
        var presses = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => booking.Patient.PostAsJsonAsync(Mine, new SwitchCalendarFeedOn { Version = 0 })));
        var first = presses.Where(p => p.IsSuccessStatusCode).ShouldHaveSingleItem();
        foreach (var press in presses.Where(p => p != first)) await AnswerTests.Refused(press, "superseded");
        var old = (await first.Content.ReadFromJsonAsync<NewCalendarFeed>())!.Token;
        var renewed = await SwitchOnAsync(booking, version: 1);
        (await FetchAsync(old)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await FetchAsync(renewed)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("opted-out", CalendarFeedEnd.OptedOut)]
    [InlineData("contact", CalendarFeedEnd.ContactChanged)]
    [InlineData("died", CalendarFeedEnd.RecordClosed)]
    [InlineData("restricted", CalendarFeedEnd.RecordClosed)]
    [InlineData("merged", CalendarFeedEnd.Merged)]
    public async Task An_event_ends_it(string fact, CalendarFeedEnd reason)
    {
        var booking = await system.BookAsync(letter: false);
        var address = await SwitchOnAsync(booking);
        var (patient, now) = (booking.PatientId, DateTimeOffset.UtcNow);
        await system.SendAsync(Details(patient, now.AddDays(-1), contacts: true)); // A fact from before the patient's choice ends nothing.
        await system.SendAsync(Details(patient, now));
        await (fact switch
        {
            "opted-out" => system.SendAsync(new PatientOptedOut { PatientId = patient, OccurredAt = now }),
            "contact" => system.SendAsync(Details(patient, now, contacts: true)),
            "died" => system.SendAsync(Details(patient, now, change: p => p with { Deceased = true })),
            "restricted" => system.SendAsync(Details(patient, now, change: p => p with { Restricted = true })),
            _ => system.SendAsync(new PatientMerged { FromPatientId = patient, ToPatientId = Guid.CreateVersion7(), OccurredAt = now }),
        });
        await Eventually.True(async () => (await FetchAsync(address)).StatusCode == HttpStatusCode.NotFound, $"the feed outlived: {fact}");
        (await system.CountAsync($"select count(*) from calendar_feed where patient_id = '{patient}' and token_hash is null and ended_by = '{reason}'")).ShouldBe(1);
    }

    [Fact]
    public async Task What_happened_before_the_patients_choice_does_not_end_it()
    {
        var booking = await system.BookAsync(letter: false);
        var address = await SwitchOnAsync(booking);
        await system.SendAsync(Details(booking.PatientId, DateTimeOffset.UtcNow.AddHours(-1), contacts: true));
        // Whoever comes later on the same queue has seen the first one handled.
        var marker = await system.BookAsync(letter: false);
        var markerAddress = await SwitchOnAsync(marker);
        await system.SendAsync(Details(marker.PatientId, DateTimeOffset.UtcNow, contacts: true));
        await Eventually.True(async () => (await FetchAsync(markerAddress)).StatusCode == HttpStatusCode.NotFound, "the later fact was never heard");
        (await FetchAsync(address)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact] // A31, A24: what no event tells is asked each time
    public async Task A_sixteenth_birthday_ends_it_and_an_outage_of_Identity_does_not()
    {
        var booking = await system.BookAsync(letter: false);
        var patient = booking.PatientId;
        system.Standing[patient] = new PatientStanding { PatientId = patient, MaySignIn = true, ThroughParent = true };
        var address = await SwitchOnAsync(booking);
        (await FetchAsync(address)).StatusCode.ShouldBe(HttpStatusCode.OK);
        system.IdentityFailsFor[patient] = true;
        (await FetchAsync(address)).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        system.IdentityFailsFor.TryRemove(patient, out _);
        system.Standing[patient] = new PatientStanding { PatientId = patient, MaySignIn = true, ThroughParent = false };
        (await FetchAsync(address)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await ShowAsync(booking)).EndedBy.ShouldBe(CalendarFeedEnd.Sixteen);

        // Switched on by the young person, it goes on; for a record that nobody may sign in to it ends.
        var own = await SwitchOnAsync(booking, version: 2);
        (await FetchAsync(own)).StatusCode.ShouldBe(HttpStatusCode.OK);
        system.Standing[patient] = null;
        (await FetchAsync(own)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await booking.Patient.PostAsJsonAsync(Mine, new SwitchCalendarFeedOn { Version = 4 })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Ninety_idle_days_end_it()
    {
        var booking = await system.BookAsync(letter: false);
        var address = await SwitchOnAsync(booking);
        await system.ExecuteAsync($"update calendar_feed set switched_on_at = now() - interval '200 days', fetched_at = now() - interval '89 days' where patient_id = '{booking.PatientId}'");
        (await FetchAsync(address)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await system.ExecuteAsync($"update calendar_feed set fetched_at = now() - interval '91 days' where patient_id = '{booking.PatientId}'");
        (await ShowAsync(booking)).EndedBy.ShouldBe(CalendarFeedEnd.Idle);
        (await FetchAsync(address)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await ShowAsync(booking)).ShouldSatisfyAllConditions(f => f.IsOn.ShouldBeFalse(), f => f.EndedBy.ShouldBe(CalendarFeedEnd.Idle));
    }

    private static PatientDetailsChanged Details(Guid patient, DateTimeOffset at, bool contacts = false, Func<PatientState, PatientState>? change = null)
    {
        var state = new PatientState { PatientId = patient, HasMobile = true, HasEmail = true, LettersOnly = false, Deceased = false, Restricted = false, NeedsAccessibleFormat = false, Active = true, Version = 2 };
        return new PatientDetailsChanged { Patient = change?.Invoke(state) ?? state, ContactsChanged = contacts, AddressChanged = false, OccurredAt = at };
    }

    private Task<HttpResponseMessage> FetchAsync(string token) => system.Client(null).GetAsync($"/calendar-feed/{token}.ics");

    private static async Task<MyCalendarFeed> ShowAsync(Booking booking) => (await booking.Patient.GetFromJsonAsync<MyCalendarFeed>(Mine, AppointmentsSystem.Json))!;

    private static async Task<string> SwitchOnAsync(Booking booking, int version = 0)
    {
        var response = await booking.Patient.PostAsJsonAsync(Mine, new SwitchCalendarFeedOn { Version = version });
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<NewCalendarFeed>())!.Token;
    }
}
