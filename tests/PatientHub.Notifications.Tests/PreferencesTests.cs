using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using PatientHub.Messaging;
using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Contracts.Http;
using PatientHub.Notifications.Tests.Support;
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
