using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using PatientHub.Appointments.Contracts;
using PatientHub.Messaging;
using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Contracts.Http;
using PatientHub.Notifications.Tests.Support;
using PatientHub.PostalFallback.Contracts;
using PatientHub.Simulators.Behaviour;
using PatientHub.Testing;

namespace PatientHub.Notifications.Tests;

/// <summary>R28, R30, A17, and the patient's message list.</summary>
public sealed class PreferencesTests(SystemFixture fixture) : IClassFixture<SystemFixture>
{
    private readonly NotificationsSystem _system = fixture.System;

    [Fact]
    public async Task Who_prefers_email_gets_email()
    {
        var story = new Story(_system);
        await PublishFlagsAsync(story);
        (await PutAsync(story.PatientId, new Preferences { PreferredChannel = Channel.Email })).ShouldBe(HttpStatusCode.NoContent);
        (await GetAsync<Preferences>("api/me/preferences", story.PatientId)).PreferredChannel.ShouldBe(Channel.Email);
        await Eventually.True(() => _system.Heard<PreferencesChanged>().Any(e => e.PatientId == story.PatientId && e.PreferredChannel == Channel.Email), "the change was never told");
        await story.BeginAsync();
        await _system.MessageToAsync(story.Email);
        _system.To(story.Mobile).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_channel_that_is_not_on_record_is_refused()
    {
        var story = new Story(_system, email: false);
        await PublishFlagsAsync(story);
        (await PutAsync(story.PatientId, new Preferences { PreferredChannel = Channel.Email })).ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Opting_out_stops_everything_is_told_once_and_can_be_taken_back()
    {
        // R30, A17
        var story = await new Story(_system).BeginAsync();
        await _system.MessageToAsync(story.Mobile);
        await Eventually.True(() => _system.Heard<InvitationSent>().Any(e => e.LetterId == story.LetterId), "T0 was never told");
        (await PutAsync(story.PatientId, new Preferences { OptedOut = true })).ShouldBe(HttpStatusCode.NoContent);
        (await PutAsync(story.PatientId, new Preferences { OptedOut = true })).ShouldBe(HttpStatusCode.NoContent);
        (await _system.StepsAsync(story.PatientId, "state = 'Stopped' and reason = 'opted-out'")).ShouldBe(4, "two reminders of the invitation, two of the appointment");
        (await PutAsync(story.PatientId, new Preferences { OptedOut = false })).ShouldBe(HttpStatusCode.NoContent);
        await Eventually.True(() => _system.Heard<PatientOptedIn>().Any(e => e.PatientId == story.PatientId), "opting in was never told");
        _system.Heard<PatientOptedOut>().Count(e => e.PatientId == story.PatientId).ShouldBe(1);
    }

    [Fact]
    public async Task Opted_out_between_claim_and_send_gets_nothing()
    {
        // Checklist 114, 115
        var story = new Story(_system);
        _system.Owners.WhileLooking = async ids =>
        {
            if (ids.Contains(story.PatientId)) (await PutAsync(story.PatientId, new Preferences { OptedOut = true })).ShouldBe(HttpStatusCode.NoContent);
        };
        try
        {
            await story.BeginAsync();
            await Eventually.True(async () => await _system.StepsAsync(story.PatientId, "step = 0 and state = 'Stopped' and reason = 'opted-out'") == 1, "the opt-out lost");
        }
        finally
        {
            _system.Owners.WhileLooking = _ => Task.CompletedTask;
        }

        _system.To(story.Mobile).ShouldBeEmpty();
        (await _system.ScalarAsync<long>("select count(*) from message where patient_id = $1", story.PatientId)).ShouldBe(0);
    }

    [Fact]
    public async Task The_hospital_can_opt_out_for_a_patient_and_nobody_else_can()
    {
        var story = new Story(_system);
        await PublishFlagsAsync(story);
        var path = $"api/patients/{story.PatientId}/preferences";
        var wanted = new Preferences { OptedOut = true };
        (await SendAsync(HttpMethod.Put, path, null, wanted)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await SendAsync(HttpMethod.Put, path, _system.Tokens.PatientToken(story.PatientId), wanted)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await SendAsync(HttpMethod.Put, path, _system.Tokens.MachineToken("pas", "fhir.write"), wanted)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await SendAsync(HttpMethod.Put, "api/me/preferences", _system.Tokens.MachineToken("trust-admin", "trust.admin"), wanted)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await SendAsync(HttpMethod.Put, path, _system.Tokens.MachineToken("trust-admin", "trust.admin"), wanted)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await Eventually.True(() => _system.Heard<PatientOptedOut>().Any(e => e.PatientId == story.PatientId), "the opt-out was never told");
    }

    [Fact]
    public async Task The_list_shows_ones_own_messages_without_token_or_code()
    {
        var story = await new Story(_system, contact: c => c with { Uvc = "K7P2QX" }).BeginAsync();
        var text = await _system.MessageToAsync(story.Mobile);
        text.Body.ShouldContain("User Verification Code: K7P2QX"); // R17
        await Eventually.True(async () => (await GetAsync<List<MyMessage>>("api/me/messages", story.PatientId)) is [{ Status: "delivered" }], "the list never said delivered");
        var shown = (await GetAsync<List<MyMessage>>("api/me/messages", story.PatientId)).Single();
        shown.Body.ShouldBe(text.Body.Replace(story.LinkToken, "…").Replace("K7P2QX", "…"));
        (shown.Channel, shown.Subject).ShouldBe((Channel.Sms, null));
        shown.SentAt.ShouldNotBeNull();
        (await GetAsync<List<MyMessage>>("api/me/messages", Guid.CreateVersion7())).ShouldBeEmpty();
        (await SendAsync(HttpMethod.Get, "api/me/messages", null)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact] // A18, R18
    public async Task The_list_says_what_came_in_place_of_a_message_that_failed()
    {
        var (both, alone) = (new Story(_system), new Story(_system, email: false));
        foreach (var story in (Story[])[both, alone])
        {
            _system.Outside.Behaviours.Set(story.Mobile, Behaves.Landline);
            await story.BeginAsync();
        }

        await Eventually.True(async () => (await TextAsync(both)) is { Status: "failed", Instead: "email", Language: "en" }, "the list never said that it went by email");
        await Eventually.True(async () => (await TextAsync(alone)) is { Status: "failed", Instead: null }, "the list never said that it failed");
        await _system.PublishAsync(new LetterPosted { LetterId = alone.LetterId, LetterVersion = 1, PatientId = alone.PatientId, AppointmentId = alone.State.AppointmentId, Revision = 0, OccurredAt = DateTimeOffset.UtcNow });
        await Eventually.True(async () => (await TextAsync(alone)) is { Instead: "posted" }, "the list never said that the letter was posted");

        async Task<MyMessage?> TextAsync(Story story) => (await GetAsync<List<MyMessage>>("api/me/messages", story.PatientId)).Where(m => m.Channel == Channel.Sms).OrderBy(m => m.SentAt).FirstOrDefault();
    }

    [Fact] // R30
    public async Task A_member_of_staff_reads_what_was_sent_and_opts_out_both_in_the_trail()
    {
        var story = await new Story(_system).BeginAsync();
        var text = await _system.MessageToAsync(story.Mobile);
        var staff = _system.Tokens.StaffToken("staff-001", "Priya Shah");
        StaffHistory history = null!;
        await Eventually.True(async () => (history = await ReadAsync(story.PatientId, staff)).Messages is [{ Attempts: [{ State: "Delivered" }] }], "the history never said delivered");
        (history.Messages[0].Kind, history.Messages[0].Step, history.Messages[0].Channel, history.Preferences.OptedOut).ShouldBe(("Invitation", 0, Channel.Sms, false));
        history.Messages[0].Body.ShouldBe(text.Body.Replace(story.LinkToken, "…"), "never the link's token");
        history.Texts.ShouldBeEmpty();
        await _system.ScalarAsync<int>(
            "with came as (insert into text_from_patient (id, kind, number_key, body, patient_id, received_at, done_at) values ($2, 'Reply', $3, 'Where is it?', $1, now(), now()) returning 1) select 1 from came",
            story.PatientId, Guid.CreateVersion7().ToString("N"), new byte[] { 1 });
        (await ReadAsync(story.PatientId, staff)).Texts.ShouldHaveSingleItem().Body.ShouldBe("Where is it?");
        await Eventually.True(() => _system.Heard<RecordStaffAct>().Any(a => a.Act == StaffActs.HistoryRead && a.StaffId == "staff-001" && a.PatientId == story.PatientId), "the reading was never recorded");

        (await PutAsync(story.PatientId, new Preferences { PreferredChannel = Channel.Email })).ShouldBe(HttpStatusCode.NoContent);
        var act = Guid.CreateVersion7();
        for (var press = 0; press < 2; press++)
            (await OptAsync(story.PatientId, staff, new OptPatient { ActId = act, OptedOut = true })).ShouldBe(HttpStatusCode.NoContent);
        (await ReadAsync(story.PatientId, staff)).Preferences.ShouldBe(new Preferences { PreferredChannel = Channel.Email, OptedOut = true }, "the channel is the patient's");
        await Eventually.True(() => _system.Heard<RecordStaffAct>().Any(a => a.ActId == act && a.Act == StaffActs.OptOut), "the act was never recorded");
        _system.Heard<PatientOptedOut>().Count(e => e.PatientId == story.PatientId).ShouldBe(1);
        (await OptAsync(story.PatientId, staff, new OptPatient { ActId = Guid.CreateVersion7(), OptedOut = false })).ShouldBe(HttpStatusCode.NoContent);
        await Eventually.True(() => _system.Heard<PatientOptedIn>().Any(e => e.PatientId == story.PatientId), "opting in was never told");
        foreach (var stranger in new[] { _system.Tokens.MachineToken("trust-admin", "trust.admin"), _system.Tokens.MachineToken("somebody", "desk"), _system.Tokens.PatientToken(story.PatientId) })
            (await OptAsync(story.PatientId, stranger, new OptPatient { ActId = Guid.CreateVersion7(), OptedOut = true })).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact] // A30
    public async Task A_merge_that_is_taken_back_gives_the_messages_back()
    {
        var story = await new Story(_system).BeginAsync();
        await _system.MessageToAsync(story.Mobile);
        var survivor = Guid.CreateVersion7();
        await _system.PublishAsync(new PatientHub.Identity.Contracts.PatientMerged { FromPatientId = story.PatientId, ToPatientId = survivor, OccurredAt = DateTimeOffset.UtcNow });
        await Eventually.True(async () => await _system.ScalarAsync<long>("select count(*) from message where patient_id = $1", survivor) == 1, "the merge was never applied");
        await _system.PublishAsync(new AppointmentChanged { Appointment = story.State with { Version = story.State.Version + 1 }, RevisionRaised = false, OccurredAt = DateTimeOffset.UtcNow });
        await Eventually.True(async () => await _system.ScalarAsync<long>("select count(*) from message where patient_id = $1", story.PatientId) == 1
            && await _system.ScalarAsync<long>("select count(*) from journey_step where patient_id = $1 and appointment_id is not null", survivor) == 0, "the messages never went back");
    }

    private async Task<StaffHistory> ReadAsync(Guid patientId, string token)
    {
        using var answer = await PostAsync($"internal/desk/patients/{patientId}/history", token, new ReadHistory { ActId = Guid.CreateVersion7() });
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return (await answer.Content.ReadFromJsonAsync<StaffHistory>(MessageJson.Options))!;
    }

    private async Task<HttpStatusCode> OptAsync(Guid patientId, string token, OptPatient opt)
    {
        using var answer = await PostAsync($"internal/desk/patients/{patientId}/opted-out", token, opt);
        return answer.StatusCode;
    }

    private async Task<HttpResponseMessage> PostAsync<T>(string path, string token, T body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_system.Address, path)) { Content = JsonContent.Create(body, options: MessageJson.Options) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await _system.Http.SendAsync(request);
    }

    private async Task PublishFlagsAsync(Story story)
    {
        await _system.PublishAsync(story.Registered);
        await Eventually.True(async () => await _system.ScalarAsync<long>("select count(*) from patient where patient_id = $1", story.PatientId) == 1, "the patient was never taken");
    }

    private async Task<HttpStatusCode> PutAsync(Guid patientId, Preferences wanted) =>
        (await SendAsync(HttpMethod.Put, "api/me/preferences", _system.Tokens.PatientToken(patientId), wanted)).StatusCode;

    private async Task<T> GetAsync<T>(string path, Guid patientId)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, _system.Tokens.PatientToken(patientId));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return (await answer.Content.ReadFromJsonAsync<T>(MessageJson.Options))!;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? token, Preferences? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(_system.Address, path));
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null) request.Content = JsonContent.Create(body, options: MessageJson.Options);
        return await _system.Http.SendAsync(request);
    }
}
