using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using PatientHub.Appointments.Contracts;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Messaging;
using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Contracts.Http;
using PatientHub.Notifications.Domain;
using PatientHub.Notifications.Tests.Support;
using PatientHub.Simulators.Behaviour;
using PatientHub.Simulators.Twilio;
using PatientHub.Testing;

namespace PatientHub.Notifications.Tests;

/// <summary>A number that patients can text to: STOP, START, and everything else is a person's to read (R14).</summary>
public sealed class TextsFromPatientsTests(TwoWayFixture fixture) : IClassFixture<TwoWayFixture>
{
    private readonly NotificationsSystem _system = fixture.System;

    [Fact]
    public async Task STOP_stops_texts_to_everybody_on_that_number_and_posts_for_who_has_nothing_else()
    {
        // R14, A18
        var parent = await new Story(_system).BeginAsync();
        var child = new Story(_system, email: false, contact: c => c with { Mobile = parent.Mobile, ThroughParent = true });
        await _system.MessageToAsync(parent.Mobile);
        (await TextAsync(parent.Mobile, " Stop. ")).ShouldBe(HttpStatusCode.OK);
        await Eventually.True(() => _system.Heard<NotificationUndeliverable>().Any(e => e.PatientId == child.PatientId && e is { Channel: Channel.Sms, AllChannelsFailed: true }), "the child's letters were never posted");
        await Eventually.True(() => _system.Heard<NotificationUndeliverable>().Any(e => e.PatientId == parent.PatientId && e is { Channel: Channel.Sms, AllChannelsFailed: false }), "the stop was never told");

        await new Story(_system, like: parent).BeginAsync();
        await _system.MessageToAsync(parent.Email);
        _system.To(parent.Mobile).Count.ShouldBe(1);

        (await TextAsync(parent.Mobile, "START")).ShouldBe(HttpStatusCode.OK);
        await Eventually.True(() => _system.Owners.Contacts[parent.PatientId].Mobile == parent.Mobile, "START never took it back");
        _system.Heard<RaiseTask>().ShouldNotContain(t => t.PatientId == parent.PatientId || t.PatientId == child.PatientId);
    }

    [Fact]
    public async Task Anything_else_is_a_task_and_gets_one_answer_a_day()
    {
        var story = await new Story(_system).BeginAsync();
        (await _system.MessageToAsync(story.Mobile)).From.ShouldBe(TwoWayFixture.Number);
        var sid = NewSid();
        // Twilio's own list would have made a STOP of this word.
        for (var i = 0; i < 3; i++) (await TextAsync(story.Mobile, "Cancel", sid)).ShouldBe(HttpStatusCode.OK);
        (await _system.MessageToAsync(story.Mobile, text => text.Body.Contains("Thank you for your text"))).From.ShouldBe(TwoWayFixture.Number);
        await Eventually.True(() => _system.Heard<RaiseTask>().Any(t => t.PatientId == story.PatientId), "nobody was asked to read it");
        (await TextAsync(story.Mobile, "Hello?")).ShouldBe(HttpStatusCode.OK);
        await Eventually.True(() => _system.Heard<RaiseTask>().Count(t => t.PatientId == story.PatientId) == 2, "the second answer was never a task");

        _system.To(story.Mobile).Count(text => text.Body.Contains("Thank you for your text")).ShouldBe(1);
        _system.Heard<RaiseTask>().Where(t => t.PatientId == story.PatientId).ShouldAllBe(t => t.Code == TaskCodes.TelephonePatient && !t.Note.Contains("Cancel"));
        _system.Owners.Contacts[story.PatientId].Mobile.ShouldBe(story.Mobile);
        var texts = await TextsOfAsync(story.PatientId);
        texts.Select(t => t.Body).ShouldBe(["Hello?", "Cancel"]);
        texts.Select(t => t.Answered).ShouldBe([false, true]);
        (await _system.ScalarAsync<long>("select count(*) from text_from_patient where number = $1", story.Mobile)).ShouldBe(0, "the number is forgotten");
        _system.Logs.Lines.ShouldNotContain(line => line.Contains("Hello?") || line.Contains(story.Mobile));
    }

    [Fact]
    public async Task A_text_of_a_stranger_is_nobodys_and_gets_no_answer()
    {
        const string stranger = "+447700908123";
        (await TextAsync(stranger, "Who are you?")).ShouldBe(HttpStatusCode.OK);
        await Eventually.True(async () => await _system.ScalarAsync<long>("select count(*) from text_from_patient where number is null and patient_id is null and kind = 'Reply'") > 0, "it was never looked at");
        _system.To(stranger).ShouldBeEmpty();
        (await TextAsync("Anonymous", "Hello")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_forged_text_stops_nobody()
    {
        // Checklist 55
        var story = await new Story(_system).BeginAsync();
        await _system.MessageToAsync(story.Mobile);
        var form = Form(story.Mobile, "STOP", NewSid());
        (await PostAsync(form, null)).ShouldBe(HttpStatusCode.Forbidden);
        (await PostAsync(form, TwilioSignature.Of("another token", Address, form))).ShouldBe(HttpStatusCode.Forbidden);
        // Signed for the host that the request names instead of the address that Twilio was given.
        (await PostAsync(form, TwilioSignature.Of(Token, "http://evil.example/webhooks/twilio/inbound", form), host: "evil.example")).ShouldBe(HttpStatusCode.Forbidden);
        (await PostAsync(form, TwilioSignature.Of(Token, Address, Form(story.Mobile, "START", form["MessageSid"])))).ShouldBe(HttpStatusCode.Forbidden);
        (await _system.ScalarAsync<long>("select count(*) from text_from_patient where id = $1", form["MessageSid"])).ShouldBe(0);
    }

    [Fact]
    public async Task A_number_that_Twilio_says_is_stopped_is_stopped_for_everybody_who_has_it()
    {
        // 21610
        var story = new Story(_system);
        var other = new Story(_system, email: false, contact: c => c with { Mobile = story.Mobile });
        _system.Outside.Behaviours.Set(story.Mobile, Behaves.Stopped);
        await story.BeginAsync();
        await _system.MessageToAsync(story.Email); // A18
        await Eventually.True(() => _system.Heard<NotificationUndeliverable>().Any(e => e.PatientId == other.PatientId && e.AllChannelsFailed), "the other patient's letters were never posted");
    }

    [Fact]
    public async Task Codes_come_from_a_sender_of_their_own()
    {
        const string number = "+447700908124";
        var codeId = Guid.CreateVersion7();
        _system.Owners.Codes[codeId] = new CollectedCode { Code = "313131", Channel = "sms", Destination = number, ExpiresAt = DateTimeOffset.UtcNow.AddSeconds(150) };
        await _system.PublishAsync(new SendSignInCode { CodeId = codeId, ExpiresAt = DateTimeOffset.UtcNow.AddSeconds(150) });
        (await _system.MessageToAsync(number)).From.ShouldBe("LeedsHosp");
    }

    [Theory]
    [InlineData("STOP", TextKind.Stop)]
    [InlineData(" stop!\n", TextKind.Stop)]
    [InlineData("\"STOP\"", TextKind.Stop)]
    [InlineData("START", TextKind.Start)]
    [InlineData("CANCEL", TextKind.Reply)]
    [InlineData("END", TextKind.Reply)]
    [InlineData("QUIT", TextKind.Reply)]
    [InlineData("UNSUBSCRIBE", TextKind.Reply)]
    [InlineData("Stop my appointment please", TextKind.Reply)]
    [InlineData("", TextKind.Reply)]
    public void Only_STOP_stops(string body, TextKind kind) => TextFromPatient.KindOf(body).ShouldBe(kind);

    private string Token => _system.Outside.Secrets.TwilioAuthToken;

    private string Address => $"{_system.Address.ToString().TrimEnd('/')}/webhooks/twilio/inbound";

    private static string NewSid() => "SM" + Guid.NewGuid().ToString("N");

    private static Dictionary<string, string> Form(string from, string body, string sid) =>
        new() { ["MessageSid"] = sid, ["SmsSid"] = sid, ["From"] = from, ["To"] = TwoWayFixture.Number, ["Body"] = body, ["NumMedia"] = "0", ["NumSegments"] = "1" };

    private Task<HttpStatusCode> TextAsync(string from, string body, string? sid = null)
    {
        var form = Form(from, body, sid ?? NewSid());
        return PostAsync(form, TwilioSignature.Of(Token, Address, form));
    }

    private async Task<HttpStatusCode> PostAsync(Dictionary<string, string> form, string? signature, string? host = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Address) { Content = new FormUrlEncodedContent(form) };
        if (signature is not null) request.Headers.Add("X-Twilio-Signature", signature);
        if (host is not null) request.Headers.Host = host;
        using var response = await _system.Http.SendAsync(request);
        return response.StatusCode;
    }

    private async Task<List<PatientText>> TextsOfAsync(Guid patientId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_system.Address, $"api/patients/{patientId}/texts"));
        (await _system.Http.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var again = new HttpRequestMessage(HttpMethod.Get, request.RequestUri);
        again.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _system.Tokens.MachineToken("trust-admin", "trust.admin"));
        using var answer = await _system.Http.SendAsync(again);
        return (await answer.Content.ReadFromJsonAsync<List<PatientText>>(MessageJson.Options))!;
    }
}
