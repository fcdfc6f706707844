using System.Text.Json.Nodes;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Tests.Support;
using PatientHub.Simulators.Behaviour;
using PatientHub.Simulators.Tests;
using PatientHub.Testing;

namespace PatientHub.Notifications.Tests;

/// <summary>What the service really sends to Twilio and SendGrid, judged by the providers' own OpenAPI documents.</summary>
public sealed class ProviderDocumentTests(SystemFixture fixture) : IClassFixture<SystemFixture>
{
    private const string Messages = "/Messages.json";
    private readonly NotificationsSystem _system = fixture.System;

    [Fact]
    public async Task Invitation_by_text_is_what_Twilio_documents()
    {
        var story = await new Story(_system).BeginAsync();
        await ShouldBeDocumentedAsync(OpenApiDocument.Twilio, await TwilioAsync(r => r.Method == "POST" && Mentions(r, story.Mobile)));
    }

    [Fact]
    public async Task Invitation_by_email_with_both_parts_is_what_SendGrid_documents()
    {
        var story = await new Story(_system, mobile: false).BeginAsync();
        var sent = await SendGridAsync(story.Email);
        await ShouldBeDocumentedAsync(OpenApiDocument.SendGrid, sent);
        JsonNode.Parse(sent.Body)!["content"]!.AsArray().Select(part => part!["type"]!.GetValue<string>()).ShouldBe(["text/plain", "text/html"]);
    }

    [Fact]
    public async Task Code_by_text_and_its_redaction_are_what_Twilio_documents()
    {
        const string number = "+447700905001";
        await SendCodeAsync(number, "sms");
        await ShouldBeDocumentedAsync(OpenApiDocument.Twilio, await TwilioAsync(r => r.Method == "POST" && Mentions(r, number)));
        var sid = (await _system.MessageToAsync(number)).Id;
        var redaction = await TwilioAsync(r => r.Path.EndsWith($"/{sid}.json", StringComparison.Ordinal));
        (redaction.Method, redaction.Body).ShouldBe(("POST", "Body="));
        await ShouldBeDocumentedAsync(OpenApiDocument.Twilio, redaction);
    }

    [Fact]
    public async Task Code_by_email_is_what_SendGrid_documents()
    {
        const string address = "code@zaphod.example";
        await SendCodeAsync(address, "email");
        await ShouldBeDocumentedAsync(OpenApiDocument.SendGrid, await SendGridAsync(address));
    }

    [Fact]
    public async Task Question_after_a_lost_answer_is_what_Twilio_documents()
    {
        var story = new Story(_system);
        _system.Outside.Behaviours.Set(story.Mobile, Behaves.TimesOut, times: 1);
        await story.BeginAsync();
        var question = await TwilioAsync(r => r.Method == "GET" && r.Query.Contains(KeyValuePair.Create("To", story.Mobile)));
        question.Path.ShouldEndWith(Messages);
        await ShouldBeDocumentedAsync(OpenApiDocument.Twilio, question);
    }

    /// <summary>The guilty twins: a real request, spoilt in one place, is refused.</summary>
    [Fact]
    public async Task A_spoilt_request_is_refused_by_the_documents()
    {
        var story = await new Story(_system).BeginAsync();
        var text = await TwilioAsync(r => r.Method == "POST" && Mentions(r, story.Mobile));
        var to = "To=" + Uri.EscapeDataString(story.Mobile);
        SentRequest[] texts =
        [
            text with { Path = text.Path.Replace(Messages, "/Texts.json", StringComparison.Ordinal) },
            text with { Path = text.Path.Replace("/AC", "/XX", StringComparison.Ordinal) },
            text with { Path = text.Path.Replace(Messages, "/Messages/SM1.json", StringComparison.Ordinal), Body = "Body=" },
            text with { Method = "PUT" },
            text with { MediaType = "application/json" },
            text with { AuthorizationScheme = "Bearer" },
            text with { AuthorizationScheme = null },
            text with { Body = text.Body.Replace(to + "&", "", StringComparison.Ordinal) },
            text with { Body = text.Body + "&Priority=high" },
            text with { Body = text.Body.Replace("StatusCallback=http", "StatusCallback=no+address+", StringComparison.Ordinal) },
            text with { Query = [KeyValuePair.Create("To", story.Mobile)] },
            text with { Method = "GET", Body = "", Query = [KeyValuePair.Create("DateSent>", "yesterday")] },
            text with { Method = "GET", Body = "", Query = [KeyValuePair.Create("PageSize", "2000")] },
        ];
        foreach (var spoilt in texts)
            (await OpenApiDocument.Twilio.FaultsAsync(spoilt)).ShouldNotBeEmpty(spoilt.ToString());

        var byEmail = await new Story(_system, mobile: false).BeginAsync();
        var email = await SendGridAsync(byEmail.Email);
        SentRequest[] emails =
        [
            email with { Path = "/v3/mail" },
            email with { MediaType = "text/plain" },
            email with { AuthorizationScheme = "Basic" },
            email with { Body = email.Body.Replace("\"personalizations\"", "\"recipients\"", StringComparison.Ordinal) },
            email with { Body = email.Body.Replace(byEmail.Email, "at home", StringComparison.Ordinal) },
            email with { Body = email.Body.Replace("\"text/html\"", "\"\"", StringComparison.Ordinal) },
            email with { Body = email.Body.Replace("\"enable\":false", "\"enable\":\"no\"", StringComparison.Ordinal) },
        ];
        foreach (var spoilt in emails)
        {
            spoilt.ShouldNotBe(email);
            (await OpenApiDocument.SendGrid.FaultsAsync(spoilt)).ShouldNotBeEmpty(spoilt.ToString());
        }
    }

    private static async Task ShouldBeDocumentedAsync(OpenApiDocument document, SentRequest sent) => (await document.FaultsAsync(sent)).ShouldBeEmpty(sent.Body);

    private Task<SentRequest> TwilioAsync(Func<SentRequest, bool> which) => Eventually.NotNull(() => Task.FromResult(_system.Requests.Twilio.FirstOrDefault(which)), "the request to Twilio never came");

    private Task<SentRequest> SendGridAsync(string address) =>
        Eventually.NotNull(() => Task.FromResult(_system.Requests.SendGrid.FirstOrDefault(r => r.Body.Contains(address, StringComparison.Ordinal))), "the request to SendGrid never came");

    private static bool Mentions(SentRequest request, string number) => request.Body.Contains(Uri.EscapeDataString(number), StringComparison.Ordinal);

    private async Task SendCodeAsync(string destination, string channel)
    {
        var codeId = Guid.CreateVersion7();
        _system.Owners.Codes[codeId] = new CollectedCode { Code = "004217", Channel = channel, Destination = destination, ExpiresAt = DateTimeOffset.UtcNow.AddSeconds(150) };
        await _system.PublishAsync(new SendSignInCode { CodeId = codeId, ExpiresAt = DateTimeOffset.UtcNow.AddSeconds(150) });
    }
}
