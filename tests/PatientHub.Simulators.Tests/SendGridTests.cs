using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PatientHub.Simulators.Behaviour;
using PatientHub.Testing;

namespace PatientHub.Simulators.Tests;

public sealed class SendGridTests : IAsyncLifetime
{
    private RunningSimulators outside = null!;
    private WebhookReceiver hub = null!;
    private HttpClient sendGrid = null!;

    public async ValueTask InitializeAsync()
    {
        hub = await WebhookReceiver.StartAsync();
        outside = await RunningSimulators.StartAsync(("Simulators:StepDelay", "00:00:00.020"), ("Simulators:LateBy", "00:00:00.200"), ("SendGrid:WebhookUrl", hub.Url("/webhooks/sendgrid")));
        sendGrid = new HttpClient { BaseAddress = new Uri(outside.SendGridBaseUrl + "/") };
        sendGrid.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", outside.Secrets.SendGridApiKey);
    }

    public async ValueTask DisposeAsync()
    {
        sendGrid.Dispose();
        await outside.DisposeAsync();
        await hub.DisposeAsync();
    }

    [Fact]
    public async Task An_email_is_accepted_with_a_message_id_and_kept()
    {
        (await RequestSchemaAsync()).Validate(Mail().ToJsonString()).ShouldBeEmpty();

        using var answer = await PostAsync(Mail());

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();
        var message = outside.Messages.To("Amy@Example.com").Single();
        message.Id.ShouldStartWith(answer.Headers.GetValues("X-Message-Id").Single());
        message.Subject.ShouldBe("Your appointment");
        message.Body.ShouldBe("Read your letter: http://hub.example/p/abc");
        message.Html.ShouldBe("<p>Read your letter</p>");
        message.References["notificationId"].ShouldBe("42");
        message.TrackingOff.ShouldBeTrue();
        message.Links.ShouldBe(["http://hub.example/p/abc"]);
    }

    // Each of these is refused by the document's own schema and by the simulator.
    [Theory]
    [InlineData("no personalizations", "personalizations")]
    [InlineData("no from", "from.email")]
    [InlineData("no to", "personalizations.0.to")]
    [InlineData("bad address", "personalizations.0.to.0.email")]
    [InlineData("empty content", "content.0.value")]
    [InlineData("eleven categories", "categories")]
    [InlineData("attachment without a name", "attachments.0.filename")]
    [InlineData("tracking_settings is text", "tracking_settings")]
    public async Task What_the_document_refuses_is_refused_with_its_field(string what, string field)
    {
        var mail = Spoilt(what);
        (await RequestSchemaAsync()).Validate(mail.ToJsonString()).ShouldNotBeEmpty();
        await ShouldBeRefusedAsync(mail, field);
    }

    // Rules that stand in the document's descriptions only.
    [Theory]
    [InlineData("no subject", "subject")]
    [InlineData("no content", "content")]
    [InlineData("html first", "content")]
    [InlineData("long custom arguments", "personalizations.0.custom_args")]
    public async Task What_the_descriptions_forbid_is_refused_with_its_field(string what, string field) => await ShouldBeRefusedAsync(Spoilt(what), field);

    [Fact]
    public async Task A_wrong_key_is_refused()
    {
        sendGrid.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "wrong");
        using var answer = await PostAsync(Mail());
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await ShouldBeAnErrorAsync(answer);
    }

    [Fact]
    public async Task Events_are_signed_over_the_timestamp_and_the_raw_body()
    {
        await PostAsync(Mail());

        await Eventually.True(() => hub.Calls.Count == 2, "the events never came");
        Events().ShouldBe(["processed", "delivered"]);
        foreach (var call in hub.Calls)
        {
            var timestamp = call.Headers["X-Twilio-Email-Event-Webhook-Timestamp"];
            var signature = Convert.FromBase64String(call.Headers["X-Twilio-Email-Event-Webhook-Signature"]);
            VerifiesWith(timestamp, call.Body, signature).ShouldBeTrue();
            VerifiesWith(timestamp, [.. call.Body, 32], signature).ShouldBeFalse();
            VerifiesWith(timestamp + "0", call.Body, signature).ShouldBeFalse();
            call.Headers["Content-Type"].ShouldBe("application/json");

            var single = JsonDocument.Parse(call.Body).RootElement.EnumerateArray().Single();
            single.GetProperty("notificationId").GetString().ShouldBe("42");
            single.GetProperty("email").GetString().ShouldBe("amy@example.com");
            single.GetProperty("sg_event_id").GetString().ShouldNotBeNullOrEmpty();
            single.GetProperty("sg_message_id").GetString().ShouldBe(outside.Messages.All().Single().Id);
            single.GetProperty("timestamp").GetInt64().ShouldBeGreaterThan(1_700_000_000);
        }
    }

    [Theory]
    [InlineData(Behaves.Unknown, "processed,bounce")]
    [InlineData(Behaves.Stopped, "dropped")]
    [InlineData(Behaves.Unreachable, "processed,deferred,delivered")]
    [InlineData(Behaves.OutOfOrderCallbacks, "delivered,processed")]
    [InlineData(Behaves.LateCallbacks, "processed,delivered")]
    [InlineData(Behaves.DuplicateCallbacks, "processed,processed,delivered,delivered")]
    public async Task A_scripted_address_reports(Behaves behaves, string expected)
    {
        outside.Behaviours.Set("amy@example.com", behaves);
        await PostAsync(Mail());
        await Eventually.True(() => hub.Calls.Count == expected.Split(',').Length, "the events never came");
        Events().ShouldBe(expected.Split(','));
        if (behaves == Behaves.DuplicateCallbacks)
            hub.Calls[0].Body.ShouldBe(hub.Calls[1].Body); // the same sg_event_id: the hub can tell
    }

    [Theory]
    [InlineData(Behaves.TooManyRequests, 429)]
    [InlineData(Behaves.ServerError, 500)]
    public async Task A_provider_in_trouble_accepts_nothing(Behaves behaves, int status)
    {
        outside.Behaviours.Set("emails", behaves);
        using var answer = await PostAsync(Mail());
        ((int)answer.StatusCode).ShouldBe(status);
        await ShouldBeAnErrorAsync(answer);
        outside.Messages.All().ShouldBeEmpty();
    }

    [Fact]
    public async Task An_event_that_the_hub_did_not_take_comes_again()
    {
        hub.Answer = 503;
        await PostAsync(Mail());
        await Eventually.True(() => hub.Calls.Count >= 2, "the event never came again");
        Events().Take(2).ShouldBe(["processed", "processed"]);
        hub.Answer = 204;
        await Eventually.True(() => Events()[^1] == "delivered", "the life of the message stood still");
    }

    private List<string> Events() => [.. hub.Calls.Select(call => JsonDocument.Parse(call.Body).RootElement[0].GetProperty("event").GetString()!)];

    // As SendGrid documents it for the receiver, written without the simulator's own code.
    private bool VerifiesWith(string timestamp, byte[] body, byte[] signature)
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(outside.Secrets.SendGridWebhookPublicKey), out _);
        byte[] signed = [.. Encoding.ASCII.GetBytes(timestamp), .. body];
        return key.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    private async Task ShouldBeRefusedAsync(JsonObject mail, string field)
    {
        using var answer = await PostAsync(mail);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        await ShouldBeAnErrorAsync(answer);
        var errors = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement.GetProperty("errors");
        errors.EnumerateArray().Select(error => error.GetProperty("field").GetString()).ShouldContain(field);
        outside.Messages.All().ShouldBeEmpty();
    }

    private static async Task ShouldBeAnErrorAsync(HttpResponseMessage answer)
    {
        var schema = await OpenApiDocument.SendGrid.SchemaAsync(closed: true, "components", "schemas", "ErrorResponse");
        schema.Validate(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }

    private Task<HttpResponseMessage> PostAsync(JsonObject mail) =>
        sendGrid.PostAsync("v3/mail/send", new StringContent(mail.ToJsonString(), Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

    private static Task<NJsonSchema.JsonSchema> RequestSchemaAsync() =>
        OpenApiDocument.SendGrid.SchemaAsync(closed: true, "components", "requestBodies", "PostMailSend", "content", "application/json", "schema");

    private static JsonObject Mail() => JsonNode.Parse("""
        {
          "personalizations": [{ "to": [{ "email": "amy@example.com", "name": "Amy" }], "custom_args": { "notificationId": "42" } }],
          "from": { "email": "hub@trust.example", "name": "The Trust" },
          "subject": "Your appointment",
          "content": [
            { "type": "text/plain", "value": "Read your letter: http://hub.example/p/abc" },
            { "type": "text/html", "value": "<p>Read your letter</p>" }
          ],
          "tracking_settings": { "click_tracking": { "enable": false, "enable_text": false }, "open_tracking": { "enable": false } }
        }
        """)!.AsObject();

    private static JsonObject Spoilt(string what)
    {
        var mail = Mail();
        var personalization = mail["personalizations"]![0]!.AsObject();
        switch (what)
        {
            case "no personalizations": mail.Remove("personalizations"); break;
            case "no from": mail.Remove("from"); break;
            case "no to": personalization.Remove("to"); break;
            case "bad address": personalization["to"]![0]!["email"] = "amy at home"; break;
            case "empty content": mail["content"]![0]!["value"] = ""; break;
            case "eleven categories": mail["categories"] = new JsonArray([.. Enumerable.Range(1, 11).Select(number => (JsonNode)$"c{number}")]); break;
            case "attachment without a name": mail["attachments"] = new JsonArray(new JsonObject { ["content"] = "eA==" }); break;
            case "tracking_settings is text": mail["tracking_settings"] = "off"; break;
            case "no subject": mail.Remove("subject"); break;
            case "no content": mail.Remove("content"); break;
            case "html first": mail["content"] = new JsonArray(mail["content"]![1]!.DeepClone(), mail["content"]![0]!.DeepClone()); break;
            case "long custom arguments": personalization["custom_args"]!["more"] = new string('x', 10_000); break;
            default: throw new ArgumentOutOfRangeException(nameof(what), what, null);
        }

        return mail;
    }
}
