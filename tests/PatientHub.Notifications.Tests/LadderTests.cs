using PatientHub.Appointments.Contracts;
using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Tests.Support;
using PatientHub.PostalFallback.Contracts;
using PatientHub.Testing;

namespace PatientHub.Notifications.Tests;

/// <summary>R2, R6: the invitation and its two reminders, with the ladder in seconds.</summary>
public sealed class LadderTests(FastLadderFixture fixture) : IClassFixture<FastLadderFixture>
{
    private readonly NotificationsSystem _system = fixture.System;

    [Fact]
    public async Task Without_an_answer_two_reminders_follow_and_no_more()
    {
        var story = await new Story(_system).BeginAsync();
        await Eventually.True(() => _system.To(story.Mobile).Count == 3, "the invitation and its two reminders never came");
        await _system.QuietAsync(story.PatientId);
        var texts = _system.To(story.Mobile).Reverse().ToList();
        texts[0].Body.ShouldNotContain("reminder");
        texts[1].Body.ShouldContain("reminder");
        texts[2].Body.ShouldContain("reminder");
        texts.ShouldAllBe(text => text.Links.Contains($"{_system.Address.ToString().TrimEnd('/')}/p/{story.LinkToken}"));
        (texts[1].CreatedAt - texts[0].CreatedAt).ShouldBeGreaterThan(TimeSpan.FromSeconds(1.8));
        (await _system.StepsAsync(story.PatientId, "kind = 'Invitation' and state = 'Sent'")).ShouldBe(3);
    }

    [Theory]
    [InlineData(PatientRequest.Accepted)]
    [InlineData(PatientRequest.RebookRequested)]
    [InlineData(PatientRequest.CancellationRequested)]
    public async Task An_answer_stops_the_reminders(PatientRequest answer)
    {
        // A3, A28
        var story = await new Story(_system).BeginAsync();
        await _system.MessageToAsync(story.Mobile);
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
    public async Task Opened_stops_the_reminders_even_when_its_event_never_comes()
    {
        // Design section 2, the last look: the broker may be down; Letters knows.
        var story = await new Story(_system).BeginAsync();
        await _system.MessageToAsync(story.Mobile);
        story.Hold(opened: true);
        await Eventually.True(async () => await _system.StepsAsync(story.PatientId, "step > 0 and kind = 'Invitation' and state = 'Stopped' and reason = 'opened'") == 2, "the last look never saw it");
        _system.To(story.Mobile).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Opened_and_posted_stop_by_their_events()
    {
        var opened = await new Story(_system).BeginAsync();
        var posted = await new Story(_system).BeginAsync();
        await _system.MessageToAsync(opened.Mobile);
        await _system.MessageToAsync(posted.Mobile);
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
    public async Task Reminders_wait_for_Letters_and_lapse_at_the_letters_time()
    {
        // Design section 2: no reply, no reminder.
        var story = await new Story(_system).BeginAsync();
        await _system.MessageToAsync(story.Mobile);
        _system.Owners.LettersAreDown = true;
        try
        {
            await Eventually.True(async () => await _system.StepsAsync(story.PatientId, "state = 'Lapsed' and reason = 'too-late'") == 2, "the reminders never lapsed", TimeSpan.FromSeconds(90));
        }
        finally
        {
            _system.Owners.LettersAreDown = false;
        }

        _system.To(story.Mobile).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_new_revision_restarts_the_journey_and_an_old_answer_does_not_stop_it()
    {
        // A15
        var story = await new Story(_system).BeginAsync();
        await _system.MessageToAsync(story.Mobile);
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
        await Eventually.True(async () => await _system.StepsAsync(story.PatientId, "letter_version = 2 and step = 2 and state = 'Sent'") == 1, "the second reminder of the new version never came");
    }
}
