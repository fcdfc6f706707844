using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PatientHub.Appointments.Contracts;
using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Tests.Support;
using PatientHub.Notifications.Workers;
using PatientHub.Simulators.Behaviour;
using PatientHub.Testing;

namespace PatientHub.Notifications.Tests;

/// <summary>Several appointments of one patient that come at once: one message first, one about all the others when the window ends.</summary>
public sealed class DigestTests(GatheringFixture fixture) : IClassFixture<GatheringFixture>
{
    private readonly NotificationsSystem _system = fixture.System;

    [Fact]
    public async Task Five_appointments_within_an_hour_are_two_messages_and_five_invitations()
    {
        // R2, A1: each letter has its own T0.
        var first = await new Story(_system).BeginAsync();
        await _system.MessageToAsync(first.Mobile);
        var more = await MoreAsync(first, 4);
        _system.To(first.Mobile).Count.ShouldBe(1);
        await AnHourLaterAsync(first);
        foreach (var story in more.Append(first))
            await Eventually.True(() => _system.Heard<InvitationSent>().Count(e => e.LetterId == story.LetterId) == 1, "a letter was never announced");

        var texts = _system.To(first.Mobile).Reverse().ToList();
        texts.Count.ShouldBe(2);
        texts[0].Body.ShouldContain("you have a hospital appointment");
        texts[1].Body.ShouldContain("you have 4 hospital appointments. See them, accept them or ask to change them: ");
        texts.ShouldAllBe(text => text.Links.Contains($"{_system.Address.ToString().TrimEnd('/')}/p/{first.LinkToken}")); // R4
        texts.ShouldAllBe(text => !text.Body.Contains("Oncology")); // A25
        (await _system.StepsAsync(first.PatientId, "kind = 'Invitation' and step > 0")).ShouldBe(10, "two reminders of each letter");
    }

    [Fact]
    public async Task What_was_opened_while_it_waited_is_left_out()
    {
        // A3
        var first = await new Story(_system).BeginAsync();
        await _system.MessageToAsync(first.Mobile);
        var more = await MoreAsync(first, 3);
        more[0].Hold(opened: true);
        await AnHourLaterAsync(first);
        (await _system.MessageToAsync(first.Mobile, text => text.Body.Contains("appointments"))).Body.ShouldContain("you have 2 hospital appointments");
        await _system.QuietAsync(first.PatientId);
        _system.To(first.Mobile).Count.ShouldBe(2);
        (await _system.ScalarAsync<string>("select reason from journey_step where letter_id = $1 and step = 0", more[0].LetterId)).ShouldBe("opened");
        _system.Heard<InvitationSent>().ShouldNotContain(e => e.LetterId == more[0].LetterId);
    }

    [Fact]
    public async Task A_digest_that_the_phone_refuses_goes_by_email_at_once_with_all_of_them()
    {
        // A18
        var first = await new Story(_system).BeginAsync();
        await _system.MessageToAsync(first.Mobile);
        var more = await MoreAsync(first, 3);
        _system.Outside.Behaviours.Set(first.Mobile, Behaves.Landline);
        await AnHourLaterAsync(first);
        (await _system.MessageToAsync(first.Email)).Body.ShouldContain("You have 3 hospital appointments.");
        foreach (var story in more)
        {
            await Eventually.True(() => _system.Heard<NotificationUndeliverable>().Any(e => e.LetterId == story.LetterId && e is { Channel: Channel.Sms, AllChannelsFailed: false }), "the failure was never told");
        }
    }

    [Fact]
    public async Task A_digest_that_was_throttled_goes_once_with_all_of_them()
    {
        // Checklist 43: not taken is tried again, as one message.
        var first = await new Story(_system).BeginAsync();
        await _system.MessageToAsync(first.Mobile);
        var more = await MoreAsync(first, 3);
        _system.Outside.Behaviours.Set(first.Mobile, Behaves.TooManyRequests, times: 1);
        await AnHourLaterAsync(first);
        foreach (var story in more)
            await Eventually.True(() => _system.Heard<InvitationSent>().Count(e => e.LetterId == story.LetterId) == 1, "a letter was never announced");
        _system.To(first.Mobile).Count(text => text.Body.Contains("you have 3 hospital appointments")).ShouldBe(1);
        (await _system.ScalarAsync<long>("select count(*) from message where patient_id = $1", first.PatientId)).ShouldBe(2, "the message that was not taken was written again");
    }

    [Fact]
    public async Task A_near_appointment_does_not_wait_and_takes_the_waiting_along_and_a_move_never_waits()
    {
        // A22, A23
        var first = await new Story(_system).BeginAsync();
        await _system.MessageToAsync(first.Mobile);
        await MoreAsync(first, 1);
        await new Story(_system, startsIn: TimeSpan.FromDays(3), like: first).BeginAsync();
        await _system.MessageToAsync(first.Mobile, text => text.Body.Contains("you have 2 hospital appointments"));

        var before = first.State.Start;
        first.Change(s => s with { Start = before.AddDays(1), Revision = 1 });
        await _system.PublishAsync(new AppointmentChanged { Appointment = first.State, RevisionRaised = true, PreviousStart = before, OccurredAt = DateTimeOffset.UtcNow });
        await _system.MessageToAsync(first.Mobile, text => text.Body.Contains("moved"));
        await Eventually.True(async () => await _system.StepsAsync(first.PatientId, "kind = 'Moved' and state = 'Sent' and held_until is null") == 1, "the move was never recorded");
    }

    [Fact]
    public async Task Waiting_for_others_alarms_nobody()
    {
        // A29
        var first = await new Story(_system).BeginAsync();
        await _system.MessageToAsync(first.Mobile);
        await MoreAsync(first, 1);
        // The last minute of its hour: an hour old, and about to go.
        await _system.ScalarAsync<long>("""
            with late as (update journey_step set due_at = now() - interval '1 hour', next_at = now() + interval '1 minute', held_until = now() + interval '1 minute'
                where patient_id = $1 and state = 'Open' and held_until is not null returning 1) select count(*) from late
            """, first.PatientId);
        var overdue = _system.Services.GetServices<IHostedService>().OfType<OverdueWorker>().Single();
        (await overdue.CountAsync(TestContext.Current.CancellationToken)).ShouldBe(0);
    }

    [Fact]
    public async Task Reminders_of_one_day_share_a_message_with_every_date_and_place()
    {
        // A2, A25
        var first = await new Story(_system).BeginAsync();
        await _system.MessageToAsync(first.Mobile);
        await MoreAsync(first, 2);
        // Seven days before the three appointments, in one moment.
        (await _system.ScalarAsync<long>("""
            with due as (update journey_step set due_at = now(), next_at = now() where patient_id = $1 and kind = 'AppointmentReminder' and step = 7 returning 1) select count(*) from due
            """, first.PatientId)).ShouldBe(3);
        var reminder = await _system.MessageToAsync(first.Mobile, text => text.Body.Contains("your hospital appointments are on"));
        (reminder.Body.Split("Magrathea Wing").Length - 1).ShouldBe(3);
        reminder.Body.ShouldContain("Questions: 0113 496 0999.");
        reminder.Body.ShouldNotContain("\n\n");
        await Eventually.True(async () => await _system.StepsAsync(first.PatientId, "kind = 'AppointmentReminder' and step = 7 and state = 'Sent'") == 3, "the reminders were never recorded");
    }

    /// <summary>More appointments of the same patient, which wait.</summary>
    private async Task<IReadOnlyList<Story>> MoreAsync(Story first, int count)
    {
        Story[] more = [.. Enumerable.Range(0, count).Select(_ => new Story(_system, like: first))];
        await Task.WhenAll(more.Select(story => story.BeginAsync()));
        await Eventually.True(async () => await _system.StepsAsync(first.PatientId, "kind = 'Invitation' and step = 0 and state = 'Open' and held_until > now()") == count, "they never waited");
        return more;
    }

    private Task AnHourLaterAsync(Story story) => _system.ScalarAsync<long>("""
        with earlier as (update message set created_at = created_at - interval '1 hour' where patient_id = $1),
            later as (update journey_step set next_at = now() where patient_id = $1 and state = 'Open' and held_until is not null returning 1)
        select count(*) from later
        """, story.PatientId);
}
