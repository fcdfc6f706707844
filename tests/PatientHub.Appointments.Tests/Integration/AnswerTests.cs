using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Testing;

namespace PatientHub.Appointments.Tests.Integration;

public sealed class AnswerTests(AppointmentsSystem system)
{
    [Fact] // R19, A3, A8
    public async Task Accept_is_taken_and_told_to_everyone()
    {
        var booking = await system.BookAsync();
        var page = await booking.ReadAsync();
        (page.CanAccept, page.CanChange, page.CanWithdraw).ShouldBe((true, true, false));
        (await booking.AcceptAsync(version: page.Version)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        var accepted = await system.EventAsync<AppointmentAccepted>(e => e.Appointment.AppointmentId == booking.Id);
        (accepted.Appointment.PatientRequest, accepted.Appointment.PasStatus, accepted.Appointment.Version).ShouldBe((PatientRequest.Accepted, PasStatus.Booked, 2));
        (accepted.Appointment.SourceSystem, accepted.Appointment.SourceId).ShouldBe(("pas", booking.SourceId));
        page = await booking.ReadAsync();
        (page.PatientRequest, page.CanAccept, page.CanChange).ShouldBe((PatientRequest.Accepted, false, true)); // R20

        // The same answer again is a success that changes nothing.
        (await booking.AcceptAsync(version: 1)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await booking.ReadAsync()).Version.ShouldBe(2);
        (await system.CountAsync($"select count(*) from answer where appointment_id = '{booking.Id}'")).ShouldBe(1);
    }

    [Fact] // A3: "accept" names the version shown; another version gets 409
    public async Task Accept_of_an_older_letter_is_409()
    {
        var booking = await system.BookAsync();
        await booking.LetterReadyAsync(version: 2);
        await Refused(await booking.AcceptAsync(letterVersion: 1), "letter-changed");
        (await booking.AcceptAsync(letterVersion: 2)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Accept_before_the_letter_is_ready_is_409()
    {
        var booking = await system.BookAsync(letter: false);
        (await booking.ReadAsync()).CanAccept.ShouldBeFalse();
        await Refused(await booking.AcceptAsync(), "letter-changed");
    }

    [Fact] // R22, A9
    public async Task Rebook_makes_a_task_with_the_patients_words_and_an_event_without_them()
    {
        var booking = await system.BookAsync();
        (await booking.RebookAsync(unsuitable: "Not on Mondays, Zephyrine")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var asked = await system.EventAsync<RebookRequested>(e => e.Appointment.AppointmentId == booking.Id);
        asked.Appointment.RequestOpen.ShouldBeTrue();
        JsonSerializer.Serialize(asked).ShouldNotContain("Zephyrine");
        var page = await booking.ReadAsync();
        (page.PatientRequest, page.RequestOpen, page.CanAccept, page.CanChange, page.CanWithdraw).ShouldBe((PatientRequest.RebookRequested, true, false, false, true));
        page.CallBackBy.ShouldNotBeNull();
        (await booking.RebookAsync(unsuitable: "again")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await system.CountAsync($"select count(*) from task where appointment_id = '{booking.Id}'")).ShouldBe(1);
        await Refused(await booking.CancelAsync(), "request-open");
    }

    [Fact] // R23, A8, A10
    public async Task Cancel_is_a_request_and_can_be_withdrawn()
    {
        var booking = await system.BookAsync();
        (await booking.CancelAsync(reason: "moved away")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await system.EventAsync<CancellationRequested>(e => e.Appointment.AppointmentId == booking.Id)).Appointment.PasStatus.ShouldBe(PasStatus.Booked);
        (await booking.WithdrawAsync()).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await system.EventAsync<RequestWithdrawn>(e => e.Appointment.AppointmentId == booking.Id)).Appointment.RequestOpen.ShouldBeFalse();
        (await booking.WithdrawAsync()).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await system.CountAsync($"select count(*) from task where appointment_id = '{booking.Id}' and status = 'Cancelled'")).ShouldBe(1);
        (await booking.AcceptAsync()).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await Refused(await booking.WithdrawAsync(), "no-request");
    }

    [Fact] // R21, A6, checklist 109
    public async Task Rebook_and_cancel_inside_five_days_are_409_with_the_clinics_phone()
    {
        var booking = await system.BookAsync(TimeSpan.FromDays(4));
        (await booking.ReadAsync()).CanChange.ShouldBeFalse();
        foreach (var response in new[] { await booking.RebookAsync(), await booking.CancelAsync() })
        {
            var problem = await Refused(response, "inside-five-days");
            problem.GetProperty("phone").GetString().ShouldBe("0113 496 0000");
            problem.GetProperty("detail").GetString()!.ShouldStartWith("You could change this online until");
        }

        (await booking.AcceptAsync()).StatusCode.ShouldBe(HttpStatusCode.NoContent); // A7
    }

    [Theory] // R1, A10
    [InlineData(ClinicMode.AcceptOnly, true, true)]
    [InlineData(ClinicMode.ViewOnly, true, false)]
    [InlineData(ClinicMode.Full, false, true)]
    public async Task Modes_decide_what_is_offered(ClinicMode mode, bool desk, bool accept)
    {
        var booking = await system.BookAsync(mode: mode, desk: desk);
        var page = await booking.ReadAsync();
        (page.CanAccept, page.CanChange, page.ChangeUntil).ShouldBe((accept, false, null));
        await Refused(await booking.RebookAsync(), "not-offered");
        await Refused(await booking.CancelAsync(), "not-offered");
        if (accept) (await booking.AcceptAsync()).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        else await Refused(await booking.AcceptAsync(), "not-offered");
    }

    [Fact] // checklist 105: not yours, hidden, unknown, in error: all the same 404
    public async Task Not_yours_is_404_and_looks_like_missing()
    {
        var booking = await system.BookAsync();
        var hidden = await system.BookAsync(mode: ClinicMode.Hidden, letter: false);
        var inError = await system.BookAsync(letter: false, change: r => r.Status = Hl7.Fhir.Model.Appointment.AppointmentStatus.EnteredInError);
        var proposed = await system.BookAsync(letter: false, change: r => r.Status = Hl7.Fhir.Model.Appointment.AppointmentStatus.Waitlist);
        var stranger = system.Patient(Guid.CreateVersion7());
        var missing = await Body(await stranger.GetAsync($"/api/me/appointments/{Guid.CreateVersion7()}"));
        foreach (var (client, path) in new[] { (stranger, booking.Path), (hidden.Patient, hidden.Path), (inError.Patient, inError.Path), (proposed.Patient, proposed.Path) })
        {
            (await Body(await client.GetAsync(path))).ShouldBe(missing);
            (await client.GetAsync($"{path}/calendar.ics")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
            foreach (var action in new[] { "accept", "rebook", "cancel", "withdraw" })
            {
                (await client.PostAsJsonAsync($"{path}/{action}", new { revision = 0, letterId = booking.LetterId, letterVersion = 1 })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
            }

            var list = await client.GetFromJsonAsync<MyAppointments>("/api/me/appointments", AppointmentsSystem.Json);
            list!.Upcoming.Concat(list.Past).ShouldBeEmpty();
        }

        (await booking.ReadAsync()).PatientRequest.ShouldBe(PatientRequest.None);

        static async Task<string> Body(HttpResponseMessage response)
        {
            response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
            var problem = await response.Content.ReadFromJsonAsync<Dictionary<string, JsonElement>>();
            problem!.Remove("traceId").ShouldBeTrue();
            return JsonSerializer.Serialize(problem);
        }
    }

    [Fact] // checklist 106: accept and cancel at once in two tabs: one decision, the other gets 409
    public async Task Accept_and_cancel_at_once_let_one_win()
    {
        for (var round = 0; round < 8; round++)
        {
            var booking = await system.BookAsync();
            var answers = await Task.WhenAll(booking.AcceptAsync(version: 1), booking.CancelAsync(version: 1));
            answers.Select(a => a.StatusCode).Order().ShouldBe([HttpStatusCode.NoContent, HttpStatusCode.Conflict]);
            await Refused(answers.Single(a => a.StatusCode == HttpStatusCode.Conflict), "superseded");
            var page = await booking.ReadAsync();
            page.Version.ShouldBe(2);
            page.PatientRequest.ShouldBe(answers[0].StatusCode == HttpStatusCode.NoContent ? PatientRequest.Accepted : PatientRequest.CancellationRequested);
            (await system.CountAsync($"select count(*) from answer where appointment_id = '{booking.Id}'")).ShouldBe(1);
            (await system.CountAsync($"select count(*) from task where appointment_id = '{booking.Id}'")).ShouldBe(page.RequestOpen ? 1 : 0);
        }
    }

    [Fact] // checklist 110, A15
    public async Task Answer_to_a_superseded_revision_is_409()
    {
        var booking = await system.BookAsync();
        (await booking.AcceptAsync()).EnsureSuccessStatusCode();
        booking.Resource.Start = booking.Resource.Start!.Value.AddHours(2);
        (await booking.SendAsync()).EnsureSuccessStatusCode();
        var changed = await system.EventAsync<AppointmentChanged>(e => e.Appointment.AppointmentId == booking.Id);
        (changed.RevisionRaised, changed.Appointment.Revision, changed.Appointment.PatientRequest, changed.PreviousStart)
            .ShouldBe((true, 1, PatientRequest.None, booking.Resource.Start.Value.AddHours(-2)));
        await Refused(await booking.CancelAsync(revision: 0), "superseded");
        var page = await booking.ReadAsync();
        (page.LetterId, page.CanAccept, page.Revision).ShouldBe((null, false, 1)); // the old letter is not this time's letter
        await booking.LetterReadyAsync(version: 2, revision: 1);
        (await booking.AcceptAsync(revision: 1, letterVersion: 2)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Letters_news_reach_the_page_and_disturb_no_answer()
    {
        var booking = await system.BookAsync();
        var version = (await booking.ReadAsync()).Version;
        var due = new DateTimeOffset(2026, 12, 1, 10, 0, 0, TimeSpan.Zero);
        await system.SendAsync(new PatientHub.PostalFallback.Contracts.LetterPostScheduled { PatientId = booking.PatientId, AppointmentId = booking.Id, Revision = 0, DueAt = due, OccurredAt = DateTimeOffset.UtcNow });
        await system.SendAsync(new PatientHub.Letters.Contracts.LetterOpened { LetterId = booking.LetterId, PatientId = booking.PatientId, LetterVersion = 1, AppointmentId = booking.Id, Revision = 0, OccurredAt = DateTimeOffset.UtcNow });
        await system.SendAsync(new PatientHub.PostalFallback.Contracts.LetterPosted { LetterId = booking.LetterId, LetterVersion = 1, PatientId = booking.PatientId, AppointmentId = booking.Id, Revision = 0, OccurredAt = due });
        await Eventually.True(async () => await booking.ReadAsync() is { LetterOpened: true, PostDueAt: not null, PostedAt: not null }, "the letter's news never arrived");
        (await booking.ReadAsync()).PostDueAt.ShouldBe(due);
        (await booking.AcceptAsync(version: version)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact] // checklist 11: one letter's news on two queues at the same moment
    public async Task Letters_news_at_the_same_moment_follow_each_other()
    {
        var bookings = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => system.BookAsync(letter: false)));
        await Task.WhenAll(bookings.SelectMany(b => new[]
        {
            system.SendAsync(new PatientHub.Letters.Contracts.LetterReady { LetterId = b.LetterId, PatientId = b.PatientId, AppointmentId = b.Id, Revision = 0, LetterVersion = 1, Ladder = true, LetterDate = new DateOnly(2026, 11, 23), OccurredAt = DateTimeOffset.UtcNow }),
            system.SendAsync(new PatientHub.Letters.Contracts.LetterOpened { LetterId = b.LetterId, PatientId = b.PatientId, LetterVersion = 1, AppointmentId = b.Id, Revision = 0, OccurredAt = DateTimeOffset.UtcNow }),
            system.SendAsync(new PatientHub.PostalFallback.Contracts.LetterPostScheduled { PatientId = b.PatientId, AppointmentId = b.Id, Revision = 0, DueAt = DateTimeOffset.UtcNow, OccurredAt = DateTimeOffset.UtcNow }),
        }));
        foreach (var booking in bookings)
            await Eventually.True(async () => await booking.ReadAsync() is { LetterOpened: true, PostDueAt: not null, CanAccept: true }, "the letter's news never arrived");
        system.Log.ShouldNotContain(line => line.Contains("R-RETRY", StringComparison.Ordinal) && line.Contains("letter-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Texts_over_500_characters_are_400()
    {
        var booking = await system.BookAsync();
        (await booking.RebookAsync(unsuitable: new string('x', 501))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await booking.CancelAsync(reason: new string('x', 501))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await booking.Patient.PostAsync($"{booking.Path}/cancel", new StringContent("nonsense", null, "application/json"))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await booking.ReadAsync()).PatientRequest.ShouldBe(PatientRequest.None);
    }

    [Fact]
    public async Task Doors_are_closed_without_the_right_token()
    {
        var booking = await system.BookAsync(letter: false);
        (await system.Client(null).GetAsync(booking.Path)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await system.Client("nonsense").GetAsync(booking.Path)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await system.Pas.GetAsync(booking.Path)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await booking.Patient.GetAsync("/fhir/Task")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await system.Pas.GetAsync("/fhir/Task")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await booking.Patient.PostAsJsonAsync("/internal/appointments/standing", new { appointmentIds = new[] { booking.Id } })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await system.Machine("tasks").PutAsync($"/fhir/Appointment/{booking.SourceId}", new StringContent("{}", null, "application/fhir+json"))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await system.Pas.PutAsJsonAsync($"/api/clinics/{booking.Clinic}/settings", new { })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    internal static async Task<JsonElement> Refused(HttpResponseMessage response, string code)
    {
        response.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("code").GetString().ShouldBe(code);
        return problem;
    }
}
