using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Tests.Support;
using PatientHub.PostalFallback.Contracts;
using PatientHub.Simulators.Behaviour;
using PatientHub.Simulators.Twilio;
using PatientHub.Testing;

namespace PatientHub.Notifications.Tests;

/// <summary>Checklist 51 to 57: reports come twice, late, out of order, for nobody, and from forgers.</summary>
public sealed class WebhookTests(SystemFixture fixture) : IClassFixture<SystemFixture>
{
    private readonly NotificationsSystem _system = fixture.System;

    [Fact]
    public async Task A_forged_report_changes_nothing()
    {
        var attempt = await AttemptWithoutReportsAsync();
        var form = Form("delivered");
        (await PostAsync(attempt, form, signature: null)).ShouldBe(HttpStatusCode.Forbidden);
        (await PostAsync(attempt, form, TwilioSignature.Of("another token", Address(attempt), form))).ShouldBe(HttpStatusCode.Forbidden);
        // Signed for the host that the request names instead of the address that we gave.
        (await PostAsync(attempt, form, TwilioSignature.Of(Token, $"http://evil.example/webhooks/twilio/{attempt}", form), host: "evil.example")).ShouldBe(HttpStatusCode.Forbidden);
        // Replayed with another state.
        (await PostAsync(attempt, Form("failed"), TwilioSignature.Of(Token, Address(attempt), form))).ShouldBe(HttpStatusCode.Forbidden);
        (await StateAsync(attempt)).ShouldBe("Accepted");
    }

    [Fact]
    public async Task A_report_repeated_ten_times_moves_once_and_never_back()
    {
        var attempt = await AttemptWithoutReportsAsync();
        var patient = await _system.ScalarAsync<Guid>("select patient_id from message where id = (select message_id from attempt where id = $1)", attempt);
        var delivered = Form("delivered");
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => PostAsync(attempt, delivered, TwilioSignature.Of(Token, Address(attempt), delivered))));
        answers.ShouldAllBe(answer => answer == HttpStatusCode.NoContent);
        var late = Form("sent");
        (await PostAsync(attempt, late, TwilioSignature.Of(Token, Address(attempt), late))).ShouldBe(HttpStatusCode.NoContent);

        (await StateAsync(attempt)).ShouldBe("Delivered");
        await Eventually.True(() => _system.Heard<NotificationDelivered>().Any(e => e.PatientId == patient), "the delivery was never told");
        _system.Heard<NotificationDelivered>().Count(e => e.PatientId == patient).ShouldBe(1);
        (await _system.ScalarAsync<long>("select count(*) from provider_report where attempt_id = $1 and status = 'delivered'", attempt)).ShouldBe(1);
    }

    [Fact]
    public async Task Delivered_after_the_letter_was_posted_is_noted_and_nothing_else_happens()
    {
        // Checklist 57
        var attempt = await AttemptWithoutReportsAsync();
        var patient = await _system.ScalarAsync<Guid>("select patient_id from message where id = (select message_id from attempt where id = $1)", attempt);
        var letter = await _system.ScalarAsync<Guid>("select letter_id from journey_step where patient_id = $1 and kind = 'Invitation' and step = 0", patient);
        await _system.PublishAsync(new LetterPosted { LetterId = letter, LetterVersion = 1, PatientId = patient, OccurredAt = DateTimeOffset.UtcNow });
        await Eventually.True(async () => await _system.StepsAsync(patient, "kind = 'Posted' and state = 'Sent'") == 1, "the post was never told");
        var messages = await _system.ScalarAsync<long>("select count(*) from message where patient_id = $1", patient);

        var late = Form("delivered");
        (await PostAsync(attempt, late, TwilioSignature.Of(Token, Address(attempt), late))).ShouldBe(HttpStatusCode.NoContent);
        (await StateAsync(attempt)).ShouldBe("Delivered");
        await _system.QuietAsync(patient);
        (await _system.ScalarAsync<long>("select count(*) from message where patient_id = $1", patient)).ShouldBe(messages);
        (await _system.StepsAsync(patient, "kind = 'Invitation' and step > 0 and state = 'Open'")).ShouldBe(0);
    }

    [Fact]
    public async Task A_report_for_an_unknown_attempt_is_404()
    {
        var attempt = Guid.CreateVersion7();
        var form = Form("delivered");
        (await PostAsync(attempt, form, TwilioSignature.Of(Token, Address(attempt), form))).ShouldBe(HttpStatusCode.NotFound);
        (await _system.ScalarAsync<long>("select count(*) from provider_report where attempt_id = $1", attempt)).ShouldBe(0);
    }

    [Fact]
    public async Task What_is_no_report_is_refused_without_a_fault()
    {
        // Checklist 117, 124
        var attempt = Guid.CreateVersion7();
        foreach (var content in (HttpContent[])[new StringContent("{}", Encoding.UTF8, "application/json"), new ByteArrayContent([0, 1, 2]), new MultipartFormDataContent("x"),
            new FormUrlEncodedContent(Enumerable.Range(0, 500).Select(i => KeyValuePair.Create($"a{i}", "b"))), new StringContent(new string('a', 100_000), Encoding.UTF8, "application/x-www-form-urlencoded")])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Address(attempt)) { Content = content };
            request.Headers.TransferEncodingChunked = true; // no length to go by
            using var response = await _system.Http.SendAsync(request, TestContext.Current.CancellationToken);
            ((int)response.StatusCode).ShouldBeInRange(400, 499);
        }
    }

    [Fact]
    public async Task SendGrid_events_need_a_fresh_signature_over_the_raw_body()
    {
        var body = Encoding.UTF8.GetBytes($$"""[{"event":"delivered","attempt_id":"{{Guid.CreateVersion7()}}","sg_event_id":"x1"}]""");
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        (await PostEventsAsync(body, now, Sign(now, body))).ShouldBe(HttpStatusCode.NoContent); // not ours: counted
        (await PostEventsAsync(body, now, null)).ShouldBe(HttpStatusCode.Forbidden);
        (await PostEventsAsync(body, now - 301, Sign(now - 301, body))).ShouldBe(HttpStatusCode.Forbidden);
        (await PostEventsAsync(body, now, Sign(now - 1, body))).ShouldBe(HttpStatusCode.Forbidden);
        (await PostEventsAsync([.. body, (byte)' '], now, Sign(now, body))).ShouldBe(HttpStatusCode.Forbidden);
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        (await PostEventsAsync(body, now, Sign(now, body, stranger))).ShouldBe(HttpStatusCode.Forbidden);
        var junk = "{\"event\":1}"u8.ToArray();
        (await PostEventsAsync(junk, now, Sign(now, junk))).ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("spamreport")]
    [InlineData("unsubscribe")]
    [InlineData("group_unsubscribe")]
    public async Task Who_wants_no_more_emails_gets_none_and_nothing_is_sent_again(string name)
    {
        // R14, A18: as a dead address, but the message did arrive.
        var story = await new Story(_system, mobile: false).BeginAsync();
        await Eventually.True(() => _system.Heard<InvitationSent>().Any(e => e.LetterId == story.LetterId), "the email was never accepted");
        var attempt = await _system.ScalarAsync<Guid>("select a.id from attempt a join message m on m.id = a.message_id where m.patient_id = $1", story.PatientId);
        var body = Encoding.UTF8.GetBytes($$"""[{"event":"{{name}}","attempt_id":"{{attempt}}","sg_event_id":"{{attempt}}"}]""");
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        (await PostEventsAsync(body, now, Sign(now, body))).ShouldBe(HttpStatusCode.NoContent);
        await Eventually.True(() => _system.Heard<NotificationUndeliverable>().Any(e => e.PatientId == story.PatientId && e is { Channel: Channel.Email, ContactFailed: true, AllChannelsFailed: true }), "it was never told");
        await _system.QuietAsync(story.PatientId);
        _system.To(story.Email).Count.ShouldBe(1);
        (await StateAsync(attempt)).ShouldBe("Delivered");
    }

    [Theory] // Checklist 124: text that is none; a good event beside it still counts
    [InlineData("\\ud800")]
    [InlineData("\\u0000")]
    [InlineData("\u00A3")]
    public async Task SendGrid_events_with_unreadable_text_are_no_fault(string text)
    {
        var attempt = await AttemptWithoutReportsAsync();
        // Latin1: the last one's pound sign is no UTF-8.
        var body = Encoding.Latin1.GetBytes($$"""
            [{"event":"delivered","attempt_id":"{{text}}","sg_event_id":"x"},{"event":"{{text}}","attempt_id":"{{attempt}}"},{"event":"delivered","attempt_id":"{{attempt}}","sg_event_id":"{{text}}"}]
            """);
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        (await PostEventsAsync(body, now, Sign(now, body))).ShouldBe(HttpStatusCode.NoContent);
        (await StateAsync(attempt)).ShouldBe("Delivered");
    }

    private string Token => _system.Outside.Secrets.TwilioAuthToken;

    private string Address(Guid attempt) => $"{_system.Address.ToString().TrimEnd('/')}/webhooks/twilio/{attempt}";

    private static Dictionary<string, string> Form(string status) => new() { ["MessageSid"] = "SM1", ["MessageStatus"] = status, ["To"] = "+447700900000" };

    private async Task<Guid> AttemptWithoutReportsAsync()
    {
        var story = new Story(_system);
        _system.Outside.Behaviours.Set(story.Mobile, Behaves.NoCallbacks);
        await story.BeginAsync();
        await Eventually.True(() => _system.Heard<InvitationSent>().Any(e => e.LetterId == story.LetterId), "the text was never accepted");
        return await _system.ScalarAsync<Guid>("select a.id from attempt a join message m on m.id = a.message_id where m.patient_id = $1 and a.state = 'Accepted'", story.PatientId);
    }

    private Task<string> StateAsync(Guid attempt) => _system.ScalarAsync<string>("select state from attempt where id = $1", attempt);

    private async Task<HttpStatusCode> PostAsync(Guid attempt, Dictionary<string, string> form, string? signature, string? host = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Address(attempt)) { Content = new FormUrlEncodedContent(form) };
        if (signature is not null) request.Headers.Add("X-Twilio-Signature", signature);
        if (host is not null) request.Headers.Host = host;
        using var response = await _system.Http.SendAsync(request);
        return response.StatusCode;
    }

    private string Sign(long timestamp, byte[] body, ECDsa? key = null)
    {
        using var own = ECDsa.Create();
        own.ImportPkcs8PrivateKey(Convert.FromBase64String(_system.Outside.Secrets.SendGridWebhookPrivateKey), out _);
        byte[] signed = [.. Encoding.ASCII.GetBytes(timestamp.ToString(CultureInfo.InvariantCulture)), .. body];
        return Convert.ToBase64String((key ?? own).SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
    }

    private async Task<HttpStatusCode> PostEventsAsync(byte[] body, long timestamp, string? signature)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_system.Address, "webhooks/sendgrid")) { Content = new ByteArrayContent(body) };
        if (signature is not null) request.Headers.Add("X-Twilio-Email-Event-Webhook-Signature", signature);
        request.Headers.Add("X-Twilio-Email-Event-Webhook-Timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        using var response = await _system.Http.SendAsync(request);
        return response.StatusCode;
    }
}
