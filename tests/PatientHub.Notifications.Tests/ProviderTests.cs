using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Domain;
using PatientHub.Notifications.Tests.Support;
using PatientHub.Notifications.Workers;
using PatientHub.Simulators.Behaviour;
using PatientHub.Testing;

namespace PatientHub.Notifications.Tests;

/// <summary>What providers do to us (checklist D): nobody gets two, nobody gets none.</summary>
public sealed class ProviderTests(SystemFixture fixture) : IClassFixture<SystemFixture>
{
    private readonly NotificationsSystem _system = fixture.System;

    [Fact]
    public async Task Invitation_by_text_is_delivered_and_T0_is_the_acceptance()
    {
        // R2, R4, A1, A25
        var story = await new Story(_system).BeginAsync();
        var text = await _system.MessageToAsync(story.Mobile);
        text.Body.ShouldStartWith("Trillian, ");
        text.Links.ShouldContain($"{_system.Address.ToString().TrimEnd('/')}/p/{story.LinkToken}");
        text.Body.ShouldNotContain("Oncology");
        text.From.ShouldBe("LeedsHosp");
        text.Segments.ShouldBe(1);

        var sent = await Eventually.NotNull(() => Task.FromResult(_system.Heard<InvitationSent>().SingleOrDefault(e => e.LetterId == story.LetterId)), "T0 was never told");
        (sent.LetterVersion, sent.AppointmentId, sent.Revision).ShouldBe((1, story.State.AppointmentId, 0));
        sent.OccurredAt.ShouldBeInRange(text.CreatedAt.AddSeconds(-1), DateTimeOffset.UtcNow.AddSeconds(1));
        await Eventually.True(() => _system.Heard<NotificationDelivered>().Any(e => e.PatientId == story.PatientId), "the delivery was never told");
        _system.To(story.Email).ShouldBeEmpty();

        // Checklist 128: and so the nightly count is told.
        using var count = new HttpRequestMessage(HttpMethod.Post, new Uri(_system.Address, "internal/appointments/known")) { Content = JsonContent.Create(new KnownAppointmentsQuery { AppointmentIds = [story.State.AppointmentId, Guid.CreateVersion7()] }) };
        count.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _system.Tokens.MachineToken("appointments", "standing.read"));
        using var known = await _system.Http.SendAsync(count, TestContext.Current.CancellationToken);
        (await known.Content.ReadFromJsonAsync<KnownAppointment[]>(TestContext.Current.CancellationToken)).ShouldBe([new KnownAppointment
        {
            AppointmentId = story.State.AppointmentId,
            Version = story.State.Version,
            Revision = story.State.Revision,
            PasStatus = story.State.PasStatus,
            Telling = TellingProgress.Invited,
        }]);
    }

    [Theory]
    [InlineData(Behaves.AcceptsThenTimesOut)]
    [InlineData(Behaves.AcceptsThenServerError)]
    [InlineData(Behaves.DuplicateCallbacks)]
    [InlineData(Behaves.OutOfOrderCallbacks)]
    public async Task One_text_however_the_provider_answers(Behaves behaves)
    {
        // Checklist 45, 46, 53
        var story = new Story(_system);
        _system.Outside.Behaviours.Set(story.Mobile, behaves);
        await story.BeginAsync();
        await Eventually.True(async () => await DeliveredAsync(story) == 1, "the text's fate was never found out");
        await _system.QuietAsync(story.PatientId);
        _system.To(story.Mobile).Count.ShouldBe(1);
        _system.To(story.Email).ShouldBeEmpty();
        await Eventually.True(() => _system.Heard<InvitationSent>().Any(e => e.LetterId == story.LetterId), "T0 was never told");
        _system.Heard<InvitationSent>().Count(e => e.LetterId == story.LetterId).ShouldBe(1);
        await Eventually.True(() => _system.Heard<NotificationDelivered>().Any(e => e.PatientId == story.PatientId), "the delivery was never told");
        _system.Heard<NotificationDelivered>().Count(e => e.PatientId == story.PatientId).ShouldBe(1);
    }

    [Fact]
    public async Task Accepted_without_answer_and_without_callback_is_found_by_asking_the_provider()
    {
        // Checklist 46: the callback is lost too. The answer hangs, so the list is the only witness.
        var story = new Story(_system);
        _system.Outside.Behaviours.Set("texts", Behaves.NoCallbacks);
        _system.Outside.Behaviours.Set(story.Mobile, new Script { Behaves = Behaves.NoCallbacks, Slowness = TimeSpan.FromSeconds(1), Times = 1 });
        await story.BeginAsync();
        await _system.MessageToAsync(story.Mobile);
        await Eventually.True(() => _system.Heard<InvitationSent>().Any(e => e.LetterId == story.LetterId), "the acceptance was never recorded");

        // A crash between send and record leaves just this: a step in sending, a message that waits, an intent whose time to be looked into has come.
        await _system.ScalarAsync<long>("""
            with s as (update journey_step set state = 'Sending', accepted_at = null where patient_id = $1 and kind = 'Invitation' and step = 0 returning 1),
                r as (delete from journey_step where patient_id = $1 and kind = 'Invitation' and step > 0 returning 1),
                m as (update message set status = 'Waiting', sent_at = null where patient_id = $1 returning id),
                a as (update attempt set state = 'Intent', provider_id = null, accepted_at = null, check_at = now() where message_id in (select id from message where patient_id = $1) returning 1)
            select count(*) from a
            """, story.PatientId);
        await Eventually.True(async () => await _system.ScalarAsync<long>(
            "select count(*) from attempt where state in ('Accepted', 'Delivered') and provider_id is not null and message_id in (select id from message where patient_id = $1)", story.PatientId) == 1, "the provider was never asked");
        _system.Outside.Behaviours.Clear();
        await _system.QuietAsync(story.PatientId);
        _system.To(story.Mobile).Count.ShouldBe(1);
        (await _system.StepsAsync(story.PatientId, "kind = 'Invitation' and step = 0 and state = 'Sent'")).ShouldBe(1);
        (await _system.StepsAsync(story.PatientId, "kind = 'Invitation' and step > 0")).ShouldBe(2);
    }

    [Theory] // A25: the invitations to two appointments of one patient have the same words
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_text_that_the_provider_took_once_is_never_the_answer_to_two_attempts(bool firstIsKnown)
    {
        var story = new Story(_system);
        _system.Outside.Behaviours.Set("texts", Behaves.NoCallbacks);
        _system.Outside.Behaviours.Set(story.Mobile, Behaves.NoCallbacks);
        await story.BeginAsync();
        await _system.MessageToAsync(story.Mobile);
        await Eventually.True(async () => await _system.ScalarAsync<long>(
            "select count(*) from attempt where state = 'Accepted' and provider_id is not null and message_id in (select id from message where patient_id = $1)", story.PatientId) == 1, "the acceptance was never recorded");
        var first = await _system.ScalarAsync<Guid>("select id from attempt where message_id in (select id from message where patient_id = $1)", story.PatientId);

        // Two more with the same words, of which the provider has taken none.
        var others = new[] { Guid.CreateVersion7(), Guid.CreateVersion7() };
        await _system.ScalarAsync<long>("""
            with first as (select id from message where patient_id = $1),
                m as (insert into message select (jsonb_populate_record(m, jsonb_build_object('id', new.id, 'status', 'Waiting', 'sent_at', null))).* from message m, unnest($2) as new(id) where m.patient_id = $1 returning id),
                a as (insert into attempt select (jsonb_populate_record(a, jsonb_build_object('id', new.id, 'message_id', new.id, 'state', 'Unclear', 'provider_id', null, 'accepted_at', null, 'check_at', now()))).* from attempt a, unnest($2) as new(id)
                    where a.message_id in (select id from first) returning 1),
                u as (update attempt set state = 'Unclear', provider_id = null, accepted_at = null, check_at = now() where not $3 and message_id in (select id from first) returning 1)
            select count(*) from a
            """, story.PatientId, others, firstIsKnown);

        await Eventually.True(async () => await Count("state = 'NotAccepted'") == 2, "two of three were not taken: they have to go again");
        await Eventually.True(async () => await Count("provider_id is not null and state in ('Accepted', 'Delivered')") == 1, "the one that was taken is nobody's");
        (await Count("state = 'NotAccepted'")).ShouldBe(2);
        _system.Outside.Behaviours.Clear();

        // Of these three: what was not taken goes again by an attempt of its own.
        Task<long> Count(string condition) => _system.ScalarAsync<long>($"select count(*) from attempt where {condition} and id = any($1)", new[] { first, others[0], others[1] });
    }

    [Fact] // A25, checklist 24, 46: each replica asked the provider for one of two attempts with the same words, and both found the one text
    public async Task Two_replicas_that_find_one_text_record_it_for_one_attempt()
    {
        var (story, text) = (new Story(_system), $"SM{Guid.CreateVersion7():N}");
        _system.Outside.Behaviours.Set("texts", Behaves.NoCallbacks);
        _system.Outside.Behaviours.Set(story.Mobile, Behaves.NoCallbacks);
        await story.BeginAsync();
        await _system.MessageToAsync(story.Mobile);
        await Eventually.True(async () => await _system.ScalarAsync<long>(
            "select count(*) from attempt where state = 'Accepted' and provider_id is not null and message_id in (select id from message where patient_id = $1)", story.PatientId) == 1, "the acceptance was never recorded");
        var twins = new[] { Guid.CreateVersion7(), Guid.CreateVersion7() };
        (await _system.ScalarAsync<long>("""
            with first as (select id from message where patient_id = $1),
                m as (insert into message select (jsonb_populate_record(m, jsonb_build_object('id', new.id, 'status', 'Waiting', 'sent_at', null))).* from message m, unnest($2) as new(id) where m.patient_id = $1 returning id),
                a as (insert into attempt select (jsonb_populate_record(a, jsonb_build_object('id', new.id, 'message_id', new.id, 'state', 'Unclear', 'provider_id', null, 'accepted_at', null, 'check_at', now() + interval '1 day'))).* from attempt a, unnest($2) as new(id)
                    where a.message_id in (select id from first) returning 1)
            select count(*) from a
            """, story.PatientId, twins)).ShouldBe(2);

        using var other = ActivatorUtilities.CreateInstance<AttemptRecorder>(_system.Services);
        await other.StartAsync(TestContext.Current.CancellationToken);
        AttemptRecorder[] replicas = [_system.Services.GetRequiredService<AttemptRecorder>(), other];
        await Task.WhenAll(twins.Select((twin, i) => replicas[i].RecordAsync([new AttemptOutcome(twin, AttemptState.Accepted) { ProviderId = text }], TestContext.Current.CancellationToken)));
        var owner = await _system.ScalarAsync<Guid>("select id from attempt where provider_id = $1", text);
        var twinless = twins.Single(twin => twin != owner);
        (await StateAsync(owner), await StateAsync(twinless)).ShouldBe(("Accepted", "Unclear"));

        // What the provider says of the text is its owner's, whichever of the two the report names.
        var report = new AttemptOutcome(twinless, AttemptState.Delivered)
        {
            ProviderId = text,
            Report = new ProviderReport { EventId = $"twilio:{twinless}:delivered", AttemptId = twinless, Status = "delivered", ReceivedAt = DateTimeOffset.UtcNow },
        };
        (await replicas[0].RecordAsync([report], TestContext.Current.CancellationToken)).ShouldBeEmpty();
        (await StateAsync(owner), await StateAsync(twinless)).ShouldBe(("Delivered", "Unclear"));

        // Whoever has no text finds that out when its time comes.
        await _system.ScalarAsync<long>("with a as (update attempt set check_at = now() where id = $1 returning 1) select count(*) from a", twinless);
        await Eventually.True(async () => await StateAsync(twinless) == "NotAccepted", "the other attempt counts as taken");
        await other.StopAsync(TestContext.Current.CancellationToken);
        _system.Outside.Behaviours.Clear();

        Task<string> StateAsync(Guid attempt) => _system.ScalarAsync<string>("select state from attempt where id = $1", attempt);
    }

    [Theory]
    [InlineData(Behaves.TimesOut)]
    [InlineData(Behaves.ServerError)]
    [InlineData(Behaves.TooManyRequests)]
    public async Task Not_taken_is_repeated_until_it_is(Behaves behaves)
    {
        // Checklist 41, 43
        var story = new Story(_system);
        _system.Outside.Behaviours.Set(story.Mobile, behaves, times: 1);
        await story.BeginAsync();
        await _system.MessageToAsync(story.Mobile);
        await Eventually.True(async () => await DeliveredAsync(story) == 1, "the repeat was never delivered");
        _system.To(story.Mobile).Count.ShouldBe(1);
        (await _system.ScalarAsync<long>("select count(*) from attempt a join message m on m.id = a.message_id where m.patient_id = $1 and a.state = 'NotAccepted'", story.PatientId)).ShouldBe(1);
    }

    [Theory]
    [InlineData(Behaves.NotMobile, true)] // refused at once
    [InlineData(Behaves.Stopped, true)]
    [InlineData(Behaves.InvalidAddress, true)]
    [InlineData(Behaves.Landline, true)] // after acceptance
    [InlineData(Behaves.Unknown, true)]
    [InlineData(Behaves.Filtered, false)]
    public async Task A_dead_number_sends_the_email_at_once(Behaves behaves, bool contactFailed)
    {
        // Checklist 50, 51: no retry; email, else the letter now.
        // A18, R14
        var story = new Story(_system);
        _system.Outside.Behaviours.Set(story.Mobile, behaves);
        await story.BeginAsync();
        var email = await _system.MessageToAsync(story.Email);
        email.TrackingOff.ShouldBeTrue();
        email.Body.ShouldContain("/p/" + story.LinkToken);
        // A number that was stopped is told of by itself, too; this is about the letter.
        await Eventually.True(() => _system.Heard<NotificationUndeliverable>().Any(e => e.LetterId == story.LetterId), "the failure was never told");
        var failure = _system.Heard<NotificationUndeliverable>().Single(e => e.LetterId == story.LetterId);
        (failure.Channel, failure.ContactFailed, failure.AllChannelsFailed, failure.LetterId).ShouldBe((Channel.Sms, contactFailed, false, story.LetterId));
        await Eventually.True(() => _system.Heard<InvitationSent>().Any(e => e.LetterId == story.LetterId), "T0 was never told");
        await _system.QuietAsync(story.PatientId);
        _system.Heard<InvitationSent>().Count(e => e.LetterId == story.LetterId).ShouldBe(1);
        _system.To(story.Email).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Both_channels_dead_means_post_at_once()
    {
        var story = new Story(_system);
        _system.Outside.Behaviours.Set(story.Mobile, Behaves.Landline);
        _system.Outside.Behaviours.Set(story.Email, Behaves.Unknown);
        await story.BeginAsync();
        await Eventually.True(() => _system.Heard<NotificationUndeliverable>().Any(e => e.PatientId == story.PatientId && e.AllChannelsFailed), "nobody told the post");
        await _system.QuietAsync(story.PatientId);
        var told = _system.Heard<NotificationUndeliverable>().Where(e => e.PatientId == story.PatientId).ToList();
        told.Select(e => e.Channel).ShouldBe([Channel.Sms, Channel.Email, null], ignoreOrder: true);
        told.Single(e => e.AllChannelsFailed).LetterId.ShouldBe(story.LetterId);
        (await _system.StepsAsync(story.PatientId, "step = 0 and kind = 'Invitation' and state = 'Undeliverable'")).ShouldBe(1);
    }

    [Fact]
    public async Task A_phone_that_is_off_gets_the_email_and_the_ladder_goes_on()
    {
        // Checklist 52: temporary; nothing is dead, nothing is posted early.
        var story = new Story(_system);
        _system.Outside.Behaviours.Set(story.Mobile, Behaves.Unreachable);
        await story.BeginAsync();
        await _system.MessageToAsync(story.Email);
        await _system.QuietAsync(story.PatientId);
        _system.Heard<NotificationUndeliverable>().ShouldNotContain(e => e.PatientId == story.PatientId);
        (await _system.StepsAsync(story.PatientId, "kind = 'Invitation' and state = 'Open' and step > 0")).ShouldBe(2);
    }

    [Fact]
    public async Task Email_alone_is_enough()
    {
        // R9, A25: no HTML tracking, a plain part, no clinic.
        var story = await new Story(_system, mobile: false).BeginAsync();
        var email = await _system.MessageToAsync(story.Email);
        email.Subject.ShouldBe("Your hospital appointment");
        email.Body.ShouldStartWith("Dear Trillian,");
        email.Html.ShouldNotBeNull();
        email.Html.ShouldContain($"href=\"{_system.Address.ToString().TrimEnd('/')}/p/{story.LinkToken}\"");
        (email.Body + email.Html + email.Subject).ShouldNotContain("Oncology");
        email.TrackingOff.ShouldBeTrue();
        await Eventually.True(async () => await DeliveredAsync(story) == 1, "the event webhook never told of the delivery");
    }

    [Fact]
    public async Task An_email_whose_answer_is_lost_is_cleared_up_by_its_events()
    {
        // Checklist 45 to 47
        var story = new Story(_system, mobile: false);
        _system.Outside.Behaviours.Set(story.Email, Behaves.AcceptsThenTimesOut);
        await story.BeginAsync();
        await Eventually.True(async () => await DeliveredAsync(story) == 1, "the events never cleared it up");
        await _system.QuietAsync(story.PatientId);
        _system.To(story.Email).Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_email_that_nobody_ever_speaks_of_again_ends_in_the_letter()
    {
        // Checklist 47: never two emails; the other channel, or the letter.
        var story = new Story(_system);
        _system.Outside.Behaviours.Set(story.Mobile, Behaves.NotMobile, times: 1);
        _system.Outside.Behaviours.Set(story.Email, Behaves.TimesOut);
        await story.BeginAsync();
        await Eventually.True(() => _system.Heard<NotificationUndeliverable>().Any(e => e.PatientId == story.PatientId && e.AllChannelsFailed), "in doubt, paper: nobody told the post");
        _system.To(story.Email).ShouldBeEmpty();
    }

    [Fact]
    public async Task No_contact_at_all_goes_by_post_at_once()
    {
        // R9
        var story = await new Story(_system, mobile: false, email: false).BeginAsync();
        await Eventually.True(() => _system.Heard<NotificationUndeliverable>().Any(e => e.PatientId == story.PatientId && e.AllChannelsFailed && e.Channel is null), "nobody told the post");
        _system.Heard<InvitationSent>().ShouldNotContain(e => e.LetterId == story.LetterId);
    }

    private Task<long> DeliveredAsync(Story story) => _system.ScalarAsync<long>("select count(*) from message where patient_id = $1 and status = 'Delivered'", story.PatientId);
}
