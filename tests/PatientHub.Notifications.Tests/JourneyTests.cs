using PatientHub.Appointments.Contracts;
using PatientHub.Identity.Contracts;
using PatientHub.Letters.Contracts;
using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Tests.Support;
using PatientHub.Simulators.Behaviour;
using PatientHub.Testing;

namespace PatientHub.Notifications.Tests;

/// <summary>Events in any order and number, people who may not be written to, and the hospital's news (A23).</summary>
public sealed class JourneyTests(SystemFixture fixture) : IClassFixture<SystemFixture>
{
    private readonly NotificationsSystem _system = fixture.System;

    [Fact]
    public async Task Every_event_five_times_and_in_reverse_order_invites_once()
    {
        // Checklist 10, 11
        var story = new Story(_system);
        story.Hold();
        await _system.PublishTimesAsync(story.Ready, 5);
        await _system.PublishAsync(story.Ready); // announced again under another id
        await _system.PublishTimesAsync(story.Booked, 5);
        await _system.PublishTimesAsync(story.Registered, 5);
        await _system.PublishAsync(story.Booked);
        await _system.MessageToAsync(story.Mobile);
        await Eventually.True(() => _system.Heard<InvitationSent>().Any(e => e.LetterId == story.LetterId), "T0 was never told");
        // A later event of the same patient has gone through: the earlier ones have too.
        await _system.PublishAsync(story.ChangePatient(p => p));
        await Eventually.True(async () => await _system.ScalarAsync<int>("select version from patient where patient_id = $1", story.PatientId) == 2, "the patient's change was never taken");
        await _system.QuietAsync(story.PatientId);
        _system.To(story.Mobile).Count.ShouldBe(1);
        (await _system.StepsAsync(story.PatientId, "kind = 'Invitation'")).ShouldBe(3);
        (await _system.StepsAsync(story.PatientId, "kind = 'AppointmentReminder'")).ShouldBe(2);
        _system.Heard<InvitationSent>().Count(e => e.LetterId == story.LetterId).ShouldBe(1);
    }

    [Fact]
    public async Task Letters_without_a_ladder_and_clinics_that_do_not_invite_send_nothing()
    {
        // R1, R10
        var silent = new Story(_system);
        silent.Hold();
        await _system.PublishAsync(silent.Registered);
        await _system.PublishAsync(silent.Booked with { Appointment = silent.State with { ClinicMode = ClinicMode.ViewOnly, Invites = false } });
        await _system.PublishAsync(silent.Ready);
        var old = new Story(_system);
        old.Hold();
        await _system.PublishAsync(old.Registered);
        await _system.PublishAsync(old.Booked);
        await _system.PublishAsync(old.Ready with { Ladder = false });
        var witness = await new Story(_system).BeginAsync();
        await _system.MessageToAsync(witness.Mobile);
        await Eventually.True(async () => await _system.ScalarAsync<long>("select count(*) from letter where letter_id = any($1)", new[] { silent.LetterId, old.LetterId }) == 2, "the letters were never taken");
        (await _system.StepsAsync(silent.PatientId, "kind = 'Invitation'")).ShouldBe(0);
        (await _system.StepsAsync(old.PatientId, "kind = 'Invitation'")).ShouldBe(0);
    }

    [Fact]
    public async Task A_letter_without_an_appointment_is_announced_as_a_letter()
    {
        // R10
        var story = new Story(_system);
        story.Hold();
        _system.Owners.Letters[story.LetterId] = _system.Owners.Letters[story.LetterId] with { AppointmentId = null, Revision = null };
        await _system.PublishAsync(story.Registered);
        await _system.PublishAsync(story.Ready with { AppointmentId = null, Revision = null });
        (await _system.MessageToAsync(story.Mobile)).Body.ShouldStartWith("Trillian, you have a new letter from the hospital.");
    }

    [Fact]
    public async Task Letters_only_gets_no_message_and_the_post_is_told()
    {
        // R9: the flags know nothing yet; the last look does.
        var story = await new Story(_system, contact: c => c with { LettersOnly = true }).BeginAsync();
        await Eventually.True(() => _system.Heard<NotificationUndeliverable>().Any(e => e.PatientId == story.PatientId && e.AllChannelsFailed), "nobody told the post");
        _system.To(story.Mobile).ShouldBeEmpty();
        _system.To(story.Email).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_patient_who_died_gets_nothing_and_a_flag_taken_back_starts_the_journey()
    {
        // A24
        var story = new Story(_system, contact: c => c with { MaySend = false });
        story.Hold();
        await _system.PublishAsync(story.ChangePatient(p => p with { Deceased = true }));
        await _system.PublishAsync(story.Booked);
        await _system.PublishAsync(story.Ready);
        await Eventually.True(async () => await _system.ScalarAsync<long>("select count(*) from letter where letter_id = $1", story.LetterId) == 1, "the letter was never taken");
        await _system.QuietAsync(story.PatientId);
        _system.To(story.Mobile).ShouldBeEmpty();
        _system.Heard<NotificationUndeliverable>().ShouldNotContain(e => e.PatientId == story.PatientId);

        story.ChangeContact(c => c with { MaySend = true });
        await _system.PublishAsync(story.ChangePatient(p => p with { Deceased = false }));
        await _system.MessageToAsync(story.Mobile);
    }

    [Fact]
    public async Task Dead_between_claim_and_send_is_not_written_to_and_may_begin_again()
    {
        // Checklist 114: the event has not come yet, Identity knows already.
        var story = await new Story(_system, contact: c => c with { MaySend = false }).BeginAsync();
        await Eventually.True(async () => await _system.StepsAsync(story.PatientId, "step = 0 and state = 'Stopped' and reason = 'may-not-send'") == 1, "the last look never saw it");
        _system.To(story.Mobile).ShouldBeEmpty();
        story.ChangeContact(c => c with { MaySend = true });
        await _system.PublishAsync(story.ChangePatient(p => p));
        await _system.MessageToAsync(story.Mobile);
    }

    [Fact]
    public async Task What_was_not_taken_goes_to_the_contact_and_by_the_name_on_record_then()
    {
        // A24: changed while it was being sent
        var story = new Story(_system);
        var (old, fresh) = (story.Mobile, "+447700905921");
        _system.Outside.Behaviours.Set(old, new Script { Behaves = Behaves.TooManyRequests, RetryAfter = 2 });
        await story.BeginAsync();
        await Eventually.True(async () => await _system.ScalarAsync<long>("select count(*) from attempt a join message m on m.id = a.message_id where m.patient_id = $1 and a.state = 'NotAccepted'", story.PatientId) > 0, "the first try was never refused");
        story.ChangeContact(c => c with { Mobile = fresh, FirstName = "Tricia" });
        (await _system.MessageToAsync(fresh)).Body.ShouldStartWith("Tricia, ");
        await _system.QuietAsync(story.PatientId);
        _system.To(old).ShouldBeEmpty();
        _system.To(fresh).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("restricted", "may-not-send")]
    [InlineData("deceased", "may-not-send")]
    [InlineData("inactive", "may-not-send")]
    [InlineData("letters only", "letters-only")]
    public async Task What_the_record_says_now_stops_the_reminders_that_wait(string says, string reason)
    {
        // A24, R9: by the event alone
        var story = await new Story(_system).BeginAsync();
        await Eventually.True(() => _system.Heard<InvitationSent>().Any(e => e.LetterId == story.LetterId), "T0 was never told");
        await _system.PublishAsync(story.ChangePatient(p => p with { Restricted = says == "restricted", Deceased = says == "deceased", Active = says != "inactive", LettersOnly = says == "letters only" }));
        await Eventually.True(async () => await _system.StepsAsync(story.PatientId, $"state = 'Stopped' and reason = '{reason}'") == 4, "two reminders of the invitation and two of the appointment were to stop");
        (await _system.StepsAsync(story.PatientId, "state = 'Open'")).ShouldBe(0);
    }

    [Fact]
    public async Task An_unknown_patient_is_waited_for()
    {
        // A34
        var story = new Story(_system);
        var contact = _system.Owners.Contacts[story.PatientId];
        _system.Owners.Contacts.TryRemove(story.PatientId, out _);
        await story.BeginAsync();
        await Eventually.True(async () => await _system.StepsAsync(story.PatientId, "step = 0 and kind = 'Invitation' and next_at > due_at") == 1, "the sweep never looked");
        _system.To(story.Mobile).ShouldBeEmpty();
        _system.Owners.Contacts[story.PatientId] = contact;
        await _system.MessageToAsync(story.Mobile);
    }

    [Fact]
    public async Task A_move_is_told_with_old_and_new_time_and_a_cancellation_with_do_not_come()
    {
        // A23, A25
        var story = await new Story(_system).BeginAsync();
        await _system.MessageToAsync(story.Mobile);
        var before = story.State.Start;
        story.Change(s => s with { Start = before.AddDays(2), Revision = 1 });
        var moved = new AppointmentChanged { Appointment = story.State, RevisionRaised = true, PreviousStart = before, OccurredAt = DateTimeOffset.UtcNow };
        await _system.PublishTimesAsync(moved, 3);
        await _system.PublishAsync(moved);
        var move = await _system.MessageToAsync(story.Mobile, text => text.Body.Contains("moved"));
        move.Body.ShouldContain("Do not come then");
        move.Body.ShouldContain("Magrathea Wing");
        move.Body.ShouldContain("0113 496 0999");

        story.Change(s => s with { PasStatus = PasStatus.Cancelled });
        await _system.PublishAsync(new AppointmentCancelledByHospital { Appointment = story.State, AskedByPatient = false, OccurredAt = DateTimeOffset.UtcNow });
        (await _system.MessageToAsync(story.Mobile, text => text.Body.Contains("cancelled"))).Body.ShouldContain("Do not come.");
        await _system.QuietAsync(story.PatientId);
        _system.To(story.Mobile).Count.ShouldBe(3);
        (await _system.StepsAsync(story.PatientId, "state = 'Open'")).ShouldBe(0, "nothing of the old journeys is left");
        // The letter that says the same need not go.
        await Eventually.True(() => _system.Heard<CancellationTold>().Any(e => e.AppointmentId == story.State.AppointmentId), "nobody heard that the patient was told");
        _system.Heard<CancellationTold>().Where(e => e.AppointmentId == story.State.AppointmentId).ShouldHaveSingleItem().ShouldSatisfyAllConditions(e => e.PatientId.ShouldBe(story.PatientId), e => e.Revision.ShouldBe(1));
    }

    [Fact]
    public async Task A_small_change_of_the_PAS_says_nothing()
    {
        // A15
        var story = await new Story(_system).BeginAsync();
        await _system.MessageToAsync(story.Mobile);
        story.Change(s => s);
        await _system.PublishAsync(new AppointmentChanged { Appointment = story.State, RevisionRaised = false, OccurredAt = DateTimeOffset.UtcNow });
        await Eventually.True(async () => await _system.ScalarAsync<int>("select version from appointment where appointment_id = $1", story.State.AppointmentId) == 2, "the change was never taken");
        (await _system.StepsAsync(story.PatientId, "kind = 'Moved'")).ShouldBe(0);
    }

    [Fact]
    public async Task A_cancellation_tomorrow_that_reaches_nobody_is_a_phone_call()
    {
        // A23
        var story = new Story(_system, email: false, startsIn: TimeSpan.FromHours(20));
        _system.Outside.Behaviours.Set(story.Mobile, Behaves.Landline);
        story.Change(s => s with { PasStatus = PasStatus.Cancelled });
        await _system.PublishAsync(story.Registered);
        await _system.PublishAsync(new AppointmentCancelledByHospital { Appointment = story.State, AskedByPatient = false, OccurredAt = DateTimeOffset.UtcNow });
        await Eventually.True(() => _system.Heard<RaiseTask>().Any(t => t.PatientId == story.PatientId), "nobody was asked to phone");
        var task = _system.Heard<RaiseTask>().Single(t => t.PatientId == story.PatientId);
        (task.Code, task.AppointmentId).ShouldBe((TaskCodes.TelephonePatient, story.State.AppointmentId));
        // And the letter goes at once.
        await Eventually.True(() => _system.Heard<NotificationUndeliverable>().Any(e => e is { AllChannelsFailed: true, Revision: 0 } && e.AppointmentId == story.State.AppointmentId), "the post was never told");
        _system.Heard<CancellationTold>().ShouldNotContain(e => e.AppointmentId == story.State.AppointmentId);
    }

    [Fact]
    public async Task Appointment_reminders_go_out_by_Londons_calendar_and_only_those_ahead()
    {
        // A2, A28: 2 days and 2 seconds ahead; the 7-day one is past.
        var story = await new Story(_system, startsIn: TimeSpan.FromDays(2) + TimeSpan.FromSeconds(4)).BeginAsync();
        var reminder = await _system.MessageToAsync(story.Mobile, text => text.Body.Contains("your hospital appointment is on"));
        reminder.Body.ShouldContain("Magrathea Wing");
        (await _system.StepsAsync(story.PatientId, "kind = 'AppointmentReminder'")).ShouldBe(1);
    }

    [Fact]
    public async Task Who_could_not_be_reached_is_told_that_the_appointment_stays()
    {
        // A9
        var story = await new Story(_system).BeginAsync();
        await _system.MessageToAsync(story.Mobile);
        story.Change(s => s with { PatientRequest = PatientRequest.None });
        var closed = new TaskClosed { TaskId = Guid.CreateVersion7(), Code = TaskCodes.Rebook, Outcome = "not-reached", Appointment = story.State, OccurredAt = DateTimeOffset.UtcNow };
        await _system.PublishAsync(closed);
        await _system.PublishAsync(closed);
        (await _system.MessageToAsync(story.Mobile, text => text.Body.Contains("tried to ring you"))).Body.ShouldContain("It stays booked: ");
        await _system.QuietAsync(story.PatientId);
        _system.To(story.Mobile).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_small_campaign_over_faulty_providers_reaches_everyone_once()
    {
        // Checklist 24, 41 to 53: three sweeps at once, every kind of trouble; D and L counted in the provider's own book.
        Behaves[] troubles = [Behaves.Delivers, Behaves.AcceptsThenServerError, Behaves.ServerError, Behaves.TooManyRequests, Behaves.DuplicateCallbacks, Behaves.OutOfOrderCallbacks, Behaves.NoCallbacks];
        var stories = Enumerable.Range(0, 70).Select(i =>
        {
            var story = new Story(_system);
            _system.Outside.Behaviours.Set(story.Mobile, troubles[i % troubles.Length], times: 1);
            return story;
        }).ToList();
        await Task.WhenAll(stories.Select(story => story.BeginAsync()));
        await Eventually.True(() => stories.All(s => _system.Heard<InvitationSent>().Any(e => e.LetterId == s.LetterId)), "somebody was never invited", TimeSpan.FromSeconds(120));
        foreach (var story in stories)
        {
            await _system.QuietAsync(story.PatientId);
            _system.To(story.Mobile).Count.ShouldBe(1);
            _system.To(story.Email).ShouldBeEmpty();
        }

        _system.Heard<InvitationSent>().Count(e => stories.Any(s => s.LetterId == e.LetterId)).ShouldBe(stories.Count);
    }

    [Fact]
    public async Task A_merge_takes_journeys_and_messages_along()
    {
        // A30
        var story = await new Story(_system).BeginAsync();
        await _system.MessageToAsync(story.Mobile);
        var survivor = Guid.CreateVersion7();
        await _system.PublishAsync(new PatientMerged { FromPatientId = story.PatientId, ToPatientId = survivor, OccurredAt = DateTimeOffset.UtcNow });
        await Eventually.True(async () => await _system.ScalarAsync<long>("select count(*) from message where patient_id = $1", survivor) == 1, "the messages stayed behind");
        (await _system.StepsAsync(story.PatientId, "true")).ShouldBe(0);
        (await _system.StepsAsync(survivor, "kind = 'Invitation'")).ShouldBeGreaterThanOrEqualTo(1);
    }

    [Fact]
    public async Task A_withdrawn_letter_stops_its_reminders()
    {
        // A34
        var story = await new Story(_system).BeginAsync();
        await Eventually.True(() => _system.Heard<InvitationSent>().Any(e => e.LetterId == story.LetterId), "T0 was never told");
        await _system.PublishAsync(new LetterSuperseded { LetterId = story.LetterId, PatientId = story.PatientId, LetterVersion = 1, AppointmentId = story.State.AppointmentId, OccurredAt = DateTimeOffset.UtcNow });
        await Eventually.True(async () => await _system.StepsAsync(story.PatientId, "kind = 'Invitation' and state = 'Stopped' and reason = 'superseded'") == 2, "the reminders were never stopped");
    }
}
