using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Messaging;
using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Contracts.Http;
using PatientHub.Notifications.Tests.Support;
using PatientHub.PostalFallback.Contracts;
using PatientHub.Testing;

namespace PatientHub.Notifications.Tests;

/// <summary>The trust's own wordings: versions, who may save them, and which one a message was made from.</summary>
public sealed class TemplateTests(SystemFixture fixture) : IClassFixture<SystemFixture>
{
    private readonly NotificationsSystem _system = fixture.System;

    [Fact]
    public async Task A_saved_wording_is_the_next_messages_and_stands_on_its_row()
    {
        var before = await new Story(_system).BeginAsync();
        await _system.MessageToAsync(before.Mobile);
        (await _system.ScalarAsync<string>("select template from message where patient_id = $1", before.PatientId)).ShouldBe("invitation.en.v0");

        var text = new TemplateText { Body = "{{firstName}}, your appointment awaits you: {{link}} {{trust}} {{uvc}}", BasedOn = 0 };
        var saved = await PutAsync("invitation/sms/en", text);
        (saved.Version, saved.Segments, saved.Encoding).ShouldBe((1, 1, "GSM-7"));
        (await PutAsync("invitation/sms/en", text with { BasedOn = null })).Version.ShouldBe(1, "the same again is no version");
        using (var overtaken = await SendAsync(HttpMethod.Put, "invitation/sms/en", text with { Body = text.Body + " x" }))
            overtaken.StatusCode.ShouldBe(HttpStatusCode.Conflict);

        var after = await new Story(_system).BeginAsync();
        (await _system.MessageToAsync(after.Mobile)).Body.ShouldStartWith("Trillian, your appointment awaits you: ");
        (await _system.ScalarAsync<string>("select template from message where patient_id = $1", after.PatientId)).ShouldBe("invitation.en.v1");

        var versions = await GetAsync<List<TemplateVersion>>("invitation/sms/en");
        versions.Select(v => v.Version).ShouldBe([1, 0]);
        versions[0].SavedBy.ShouldBe("trust-admin");
        (await PutAsync("invitation/sms/en", new TemplateText { Body = versions[1].Body, BasedOn = 1 })).Version.ShouldBe(2, "back to the shipped one is a version too");
    }

    [Fact]
    public async Task A_wording_that_lacks_something_is_refused_and_the_preview_says_why()
    {
        var bad = new TemplateText { Body = "{{firstName}}, moved to {{when}}. {{trust}} {{clinicName}}" };
        using var refused = await SendAsync(HttpMethod.Put, "moved/sms/en", bad);
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("template-not-usable");
        (await _system.ScalarAsync<long>("select count(*) from message_template where kind = 'moved'")).ShouldBe(0);

        using var shown = await SendAsync(HttpMethod.Post, "moved/sms/en/preview", bad with { Body = "{{firstName}}, moved to {{when}}. {{trust}} {{uvc}}" });
        var preview = (await shown.Content.ReadFromJsonAsync<TemplatePreview>(MessageJson.Options, TestContext.Current.CancellationToken))!;
        preview.Problems.ShouldContain(problem => problem.StartsWith("The link is missing"));
        preview.Problems.ShouldContain(problem => problem.StartsWith("The phone number is missing"));
        preview.Samples.ShouldContain(sample => sample.Body.StartsWith("Amy, moved to Wednesday 30 September 2026 at 12:45pm."));
        (await _system.ScalarAsync<long>("select count(*) from message_template where kind = 'moved'")).ShouldBe(0);
    }

    [Theory]
    [InlineData("nonsense/sms/en", HttpStatusCode.NotFound)]
    [InlineData("moved/fax/en", HttpStatusCode.NotFound)]
    [InlineData("moved/sms/klingon-and-more", HttpStatusCode.NotFound)]
    [InlineData("text-reply/email/en", HttpStatusCode.NotFound)]
    public async Task An_unknown_wording_is_404(string path, HttpStatusCode status)
    {
        using var answer = await SendAsync(HttpMethod.Put, path, new TemplateText { Body = "x" });
        answer.StatusCode.ShouldBe(status);
    }

    [Fact]
    public async Task Only_the_trusts_administrator_may_read_and_save_wordings()
    {
        foreach (var token in (string?[])[null, _system.Tokens.MachineToken("pas", "fhir.write"), _system.Tokens.PatientToken(Guid.CreateVersion7())])
        {
            using var list = await SendAsync(HttpMethod.Get, "", null, token, anonymous: true);
            using var save = await SendAsync(HttpMethod.Put, "moved/sms/en", new TemplateText { Body = "x" }, token, anonymous: true);
            foreach (var status in (HttpStatusCode[])[list.StatusCode, save.StatusCode])
                status.ShouldBeOneOf(HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden);
        }

        (await GetAsync<List<TemplateSummary>>("")).ShouldContain(kind => kind.Kind == "invitations" && kind.Channel == Channel.Email && kind.Languages.ContainsKey("en") && !kind.Variables.Any(name => name.Contains("clinic", StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public async Task A_patient_is_written_to_in_his_language_when_all_of_it_is_there()
    {
        // "Complete" means every kind on every channel: until then, English.
        var kinds = await GetAsync<List<TemplateSummary>>("");
        foreach (var kind in kinds.Where(kind => kind.Kind != "not-reached")) await TranslateAsync(kind);
        var early = await new Story(_system, contact: c => c with { Language = "cy" }).BeginAsync();
        (await _system.MessageToAsync(early.Mobile)).Body.ShouldNotContain("Cymraeg");
        (await CodeAsync("+447700905511", "cy")).ShouldNotContain("Cymraeg", customMessage: "codes have a Welsh wording by now, and are not sent in it before everything has one");

        foreach (var kind in kinds.Where(kind => kind.Kind == "not-reached")) await TranslateAsync(kind);
        var late = await new Story(_system, contact: c => c with { Language = "cy-GB" }).BeginAsync();
        (await _system.MessageToAsync(late.Mobile)).Body.ShouldContain("Cymraeg");
        (await _system.ScalarAsync<string>("select template from message where patient_id = $1", late.PatientId)).ShouldBe("invitation.cy.v1");
        // R14: the record's language first, then the pages'; the last line stays what phones fill in from.
        var code = await CodeAsync("+447700905512", "pl", "cy-gb");
        code.ShouldContain("Cymraeg");
        code.ShouldEndWith("\n@127.0.0.1 #482915");
        (await CodeAsync("+447700905513", "pl")).ShouldNotContain("Cymraeg");
        (await CodeAsync("+447700905514")).ShouldNotContain("Cymraeg");

        async Task<string> CodeAsync(string number, params string[] languages)
        {
            var command = new SendSignInCode { CodeId = Guid.CreateVersion7(), ExpiresAt = DateTimeOffset.UtcNow.AddSeconds(150) };
            _system.Owners.Codes[command.CodeId] = new CollectedCode { Code = "482915", Channel = "sms", Destination = number, ExpiresAt = command.ExpiresAt, Languages = languages };
            await _system.PublishAsync(command);
            return (await _system.MessageToAsync(number)).Body;
        }

        async Task TranslateAsync(TemplateSummary kind)
        {
            var channel = kind.Channel == Channel.Sms ? "sms" : "email";
            var shipped = (await GetAsync<List<TemplateVersion>>($"{kind.Kind}/{channel}/en")).Single(version => version.Version == 0);
            await PutAsync($"{kind.Kind}/{channel}/cy", new TemplateText { Subject = shipped.Subject, Body = kind.Kind == "code" ? shipped.Body.Replace("It works until {{until}}", "Cymraeg {{until24}}", StringComparison.Ordinal) : "Cymraeg " + shipped.Body });
        }
    }

    [Fact]
    public async Task A_posted_letter_is_told_once_by_the_preferred_channel()
    {
        var story = await new Story(_system).BeginAsync();
        await _system.MessageToAsync(story.Mobile);
        var posted = new LetterPosted { LetterId = story.LetterId, LetterVersion = 1, PatientId = story.PatientId, AppointmentId = story.State.AppointmentId, Revision = 0, OccurredAt = DateTimeOffset.UtcNow };
        await _system.PublishTimesAsync(posted, 3);
        await _system.PublishAsync(posted);
        var told = await _system.MessageToAsync(story.Mobile, text => text.Body.Contains("by post"));
        told.Body.ShouldStartWith("Trillian, we have sent you your hospital letter by post. You can also read it here: ");
        // The reminders that the post stopped show that the last event has gone through.
        await Eventually.True(async () => await _system.StepsAsync(story.PatientId, "reason = 'posted'") == 2, "the reminders were never stopped");
        await _system.QuietAsync(story.PatientId);
        _system.To(story.Mobile).Count(text => text.Body.Contains("by post")).ShouldBe(1);
        _system.To(story.Email).ShouldBeEmpty();
    }

    private async Task<TemplatePreview> PutAsync(string path, TemplateText text)
    {
        using var answer = await SendAsync(HttpMethod.Put, path, text);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<TemplatePreview>(MessageJson.Options))!;
    }

    private async Task<T> GetAsync<T>(string path)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, null);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return (await answer.Content.ReadFromJsonAsync<T>(MessageJson.Options))!;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, TemplateText? body, string? token = null, bool anonymous = false)
    {
        using var request = new HttpRequestMessage(method, new Uri(_system.Address, $"api/message-templates/{path}".TrimEnd('/')));
        if ((anonymous ? token : _system.Tokens.MachineToken("trust-admin", "trust.admin")) is { } given) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", given);
        if (body is not null) request.Content = JsonContent.Create(body, options: MessageJson.Options);
        return await _system.Http.SendAsync(request);
    }
}
