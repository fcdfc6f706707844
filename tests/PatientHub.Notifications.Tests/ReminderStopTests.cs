using PatientHub.Appointments.Contracts;
using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Tests.Support;
using PatientHub.PostalFallback.Contracts;
using PatientHub.Testing;

namespace PatientHub.Notifications.Tests;

/// <summary>A3, A15, A28: what stops the reminders of an invitation. The ladder has its real hours here; a test that needs a reminder to be due says when.</summary>
public sealed class ReminderStopTests(SystemFixture fixture) : IClassFixture<SystemFixture>
{
    private readonly NotificationsSystem _system = fixture.System;

    [Theory]
    [InlineData(PatientRequest.Accepted)]
    [InlineData(PatientRequest.RebookRequested)]
    [InlineData(PatientRequest.CancellationRequested)]
    public async Task An_answer_stops_the_reminders(PatientRequest answer)
    {
        // A3, A28
        var story = await new Story(_system).BeginAsync();
        await InvitedAsync(story);
        story.Change(s => s with { PatientRequest = answer, RequestOpen = answer != PatientRequest.Accepted });
        await (answer switch
        {
            PatientRequest.Accepted => _system.PublishAsync(new AppointmentAccepted { Appointment = story.State, OccurredAt = DateTimeOffset.UtcNow }),
            PatientRequest.RebookRequested => _system.PublishAsync(new RebookRequested { Appointment = story.State, TaskId = Guid.CreateVersion7(), OccurredAt = DateTimeOffset.UtcNow }),
            _ => _system.PublishAsync(new CancellationRequested { Appointment = story.State, TaskId = Guid.CreateVersion7(), OccurredAt = DateTimeOffset.UtcNow }),
        });
        await Eventually.True(async () => await _system.StepsAsync(story.PatientId, "step > 0 and kind = 'Invitation' and state = 'Stopped' and reason = 'answered'") == 2, "the reminders were never stopped");
        _system.To(story.Mobile).Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_answer_that_ended_before_the_invitation_left_leaves_no_reminders()
    {
        // A28: asked to rebook, and the desk closed that as "kept", both before a message was taken: the events were overtaken by TaskClosed.
        var story = new Story(_system);
        story.Change(s => s with { Answered = true });
        await InvitedAsync(await story.BeginAsync());
        await RemindNowAsync(story);
        await Eventually.True(async () => await _system.StepsAsync(story.PatientId, "step > 0 and kind = 'Invitation' and state = 'Stopped' and reason = 'answered'") == 2, "the reminders were never stopped");
        _system.To(story.Mobile).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Opened_stops_the_reminders_even_when_its_event_never_comes()
    {
        // Design section 2, the last look: the broker may be down; Letters knows.
        var story = await new Story(_system).BeginAsync();
        await InvitedAsync(story);
        story.Hold(opened: true);
        await RemindNowAsync(story);
        await Eventually.True(async () => await _system.StepsAsync(story.PatientId, "step > 0 and kind = 'Invitation' and state = 'Stopped' and reason = 'opened'") == 2, "the last look never saw it");
        _system.To(story.Mobile).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Opened_and_posted_stop_by_their_events()
    {
        var opened = await new Story(_system).BeginAsync();
        var posted = await new Story(_system).BeginAsync();
        await InvitedAsync(opened);
        await InvitedAsync(posted);
        await _system.PublishAsync(opened.Opened);
        await _system.PublishAsync(new LetterPosted
        {
            LetterId = posted.LetterId,
            LetterVersion = 1,
            PatientId = posted.PatientId,
            AppointmentId = posted.State.AppointmentId,
            Revision = 0,
            OccurredAt = DateTimeOffset.UtcNow,
        });
        await Eventually.True(async () => await _system.StepsAsync(opened.PatientId, "state = 'Stopped' and reason = 'opened'") == 2, "opened stopped nothing");
        await Eventually.True(async () => await _system.StepsAsync(posted.PatientId, "state = 'Stopped' and reason = 'posted'") == 2, "posted stopped nothing");
    }

    [Fact]
    public async Task A_new_revision_restarts_the_journey_and_an_old_answer_does_not_stop_it()
    {
        // A15
        var story = await new Story(_system).BeginAsync();
        await InvitedAsync(story);
        var before = story.State.Start;
        story.Change(s => s with { Start = before.AddDays(3), Revision = 1 }, newLetter: true);
        await _system.PublishAsync(new AppointmentChanged { Appointment = story.State, RevisionRaised = true, PreviousStart = before, OccurredAt = DateTimeOffset.UtcNow });
        await _system.PublishAsync(story.Ready);
        await Eventually.True(() => _system.Heard<InvitationSent>().Any(e => e.LetterId == story.LetterId && e.LetterVersion == 2), "the new version never invited");
        (await _system.StepsAsync(story.PatientId, "letter_version = 1 and step > 0 and state = 'Stopped' and reason = 'superseded'")).ShouldBe(2);

        // The overtaken answer of the old revision comes late.
        await _system.PublishAsync(new AppointmentAccepted
        {
            Appointment = story.State with { Version = 2, Revision = 0, PatientRequest = PatientRequest.Accepted },
            OccurredAt = DateTimeOffset.UtcNow,
        });
        await RemindNowAsync(story);
        await Eventually.True(async () => await _system.StepsAsync(story.PatientId, "letter_version = 2 and step = 2 and state = 'Sent'") == 1, "the second reminder of the new version never came");
    }

    /// <summary>The invitation was taken, and T0 has made the two reminders.</summary>
    private async Task InvitedAsync(Story story)
    {
        await _system.MessageToAsync(story.Mobile);
        await Eventually.True(async () => await _system.StepsAsync(story.PatientId, $"kind = 'Invitation' and step > 0 and letter_version = {story.LetterVersion}") == 2, "T0 made no reminders");
    }

    private async Task RemindNowAsync(Story story) =>
        await _system.ScalarAsync<long>("with due as (update journey_step set next_at = now() where patient_id = $1 and kind = 'Invitation' and step > 0 and state = 'Open' returning 1) select count(*) from due", story.PatientId);
}
