using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PatientHub.Simulators.Behaviour;
using PatientHub.Simulators.Messages;
using PatientHub.Simulators.Twilio;
using PatientHub.Testing;

namespace PatientHub.Simulators.Tests;

public sealed class TwilioTests : IAsyncLifetime
{
    private const string Mobile = "+447700900123";

    private RunningSimulators outside = null!;
    private WebhookReceiver hub = null!;
    private HttpClient twilio = null!;

    public async ValueTask InitializeAsync()
    {
        hub = await WebhookReceiver.StartAsync();
        outside = await RunningSimulators.StartAsync(("Simulators:StepDelay", "00:00:00.020"), ("Simulators:LateBy", "00:00:00.200"));
        twilio = Client(outside.Secrets.TwilioAccountSid, outside.Secrets.TwilioAuthToken);
    }

    public async ValueTask DisposeAsync()
    {
        twilio.Dispose();
        await outside.DisposeAsync();
        await hub.DisposeAsync();
    }

    [Fact]
    public async Task A_text_is_answered_in_exactly_the_shape_of_Twilios_document()
    {
        var request = Text("Body", "Hello €");
        await ShouldMatchRequestSchemaAsync(request);

        var (status, body) = await SendAsync(request);

        status.ShouldBe(HttpStatusCode.Created);
        var schema = await OpenApiDocument.Twilio.SchemaAsync(closed: true, "components", "schemas", "api.v2010.account.message");
        schema.Validate(body).ShouldBeEmpty();
        var message = JsonNode.Parse(body)!.AsObject();
        message.Count.ShouldBe(schema.Properties.Count); // every property of the document, also the empty ones
        message["to"]!.GetValue<string>().ShouldBe(Mobile);
        message["body"]!.GetValue<string>().ShouldBe("Hello €");
        message["status"]!.GetValue<string>().ShouldBe("queued");
        message["num_segments"]!.GetValue<string>().ShouldBe("1");
    }

    // The twin of the test above: the schema does refuse what is not Twilio's.
    [Theory]
    [InlineData("status", "\"on its way\"")]
    [InlineData("sid", "\"SM12\"")]
    [InlineData("error_code", "\"none\"")]
    [InlineData("surprise", "1")]
    public async Task The_schema_refuses_another_shape(string property, string value)
    {
        var (_, body) = await SendAsync(Text());
        var message = JsonNode.Parse(body)!.AsObject();
        message[property] = JsonNode.Parse(value);
        (await OpenApiDocument.Twilio.SchemaAsync(closed: true, "components", "schemas", "api.v2010.account.message")).Validate(message.ToJsonString()).ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("To", null, 21604)]
    [InlineData("To", "07700900123", 21211)]
    [InlineData("From", null, 21603)]
    [InlineData("From", "A sender that is too long", 21212)]
    [InlineData("Body", null, 21602)]
    [InlineData("StatusCallback", "not an address", 21609)]
    [InlineData("MessagingServiceSid", "MG12", 21701)]
    [InlineData("ContentRetention", "keep", 20001)]
    public async Task A_request_that_Twilio_would_refuse_is_refused_with_its_error(string parameter, string? value, int code)
    {
        var (status, body) = await SendAsync(Text(parameter, value));

        status.ShouldBe(HttpStatusCode.BadRequest);
        var error = JsonDocument.Parse(body).RootElement;
        error.GetProperty("code").GetInt32().ShouldBe(code);
        error.GetProperty("status").GetInt32().ShouldBe(400);
        error.GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
        error.GetProperty("more_info").GetString().ShouldBe($"https://www.twilio.com/docs/errors/{code}");
        outside.Messages.All().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("To", null)]
    [InlineData("MessagingServiceSid", "MG12")]
    [InlineData("ContentRetention", "keep")]
    [InlineData("StatusCallback", "not an address")]
    public async Task The_document_itself_refuses_what_the_simulator_refuses(string parameter, string? value)
    {
        var schema = await RequestSchemaAsync();
        schema.Validate(AsJson(Text(parameter, value))).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_body_over_1600_characters_is_refused()
    {
        var (_, body) = await SendAsync(Text("Body", new string('x', 1601)));
        JsonDocument.Parse(body).RootElement.GetProperty("code").GetInt32().ShouldBe(21617);
    }

    [Fact]
    public async Task Json_instead_of_a_form_is_refused()
    {
        var answer = await twilio.PostAsync("Messages.json", new StringContent("{}", Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task A_wrong_token_is_refused_everywhere()
    {
        using var stranger = Client(outside.Secrets.TwilioAccountSid, "wrong");
        foreach (var answer in new[]
        {
            await stranger.PostAsync("Messages.json", new FormUrlEncodedContent(Text()), TestContext.Current.CancellationToken),
            await stranger.GetAsync("Messages.json", TestContext.Current.CancellationToken),
            await stranger.DeleteAsync("Messages/SM1.json", TestContext.Current.CancellationToken),
        })
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement.GetProperty("code").GetInt32().ShouldBe(20003);
        }
    }

    [Fact]
    public async Task States_are_reported_in_order_and_signed()
    {
        var callback = hub.Url("/webhooks/twilio?ref=42&b=a%20b");
        await SendAsync(Text("StatusCallback", callback));

        await Eventually.True(() => hub.Calls.Count == 2, "the two callbacks never came");
        hub.Calls.Select(call => call.Form["MessageStatus"]).ShouldBe(["sent", "delivered"]);
        foreach (var call in hub.Calls)
        {
            call.Url.ShouldBe(callback);
            call.Form["To"].ShouldBe(Mobile);
            call.Form["AccountSid"].ShouldBe(outside.Secrets.TwilioAccountSid);
            call.Headers["X-Twilio-Signature"].ShouldBe(TwilioSignature.Of(outside.Secrets.TwilioAuthToken, callback, call.Form));
        }

        var message = outside.Messages.To("07700 900123").Single();
        message.Status.ShouldBe("delivered");
        await Eventually.True(() => outside.Messages.Find(message.Id)!.Callbacks.Count == 2, "the answers were never noted");
    }

    // Oracles: the worked example of Twilio's own security documentation, and one computed with Python's hmac and hashlib.
    [Theory]
    [InlineData("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", "RSOYDt4T1cUTdK1PDd93/VVr8B8=",
        "Digits=1234", "To=+18005551212", "From=+14158675309", "Caller=+14158675309", "CallSid=CA1234567890ABCDE")]
    [InlineData("secret", "http://127.0.0.1:5000/webhooks/twilio?ref=7", "j/RDA2KIYDrTACswqcasDsKbnGI=",
        "MessageStatus=delivered", "MessageSid=SM1", "To=+447700900123", "Überschrift=Grüße")]
    public void The_signature_is_Twilios(string token, string url, string expected, params string[] fields)
    {
        var form = fields.Select(field => field.Split('=', 2)).Select(pair => KeyValuePair.Create(pair[0], pair[1]));
        TwilioSignature.Of(token, url, form).ShouldBe(expected);
    }

    [Theory]
    [InlineData(Behaves.Landline, "undelivered", 30006)]
    [InlineData(Behaves.Unreachable, "undelivered", 30003)]
    [InlineData(Behaves.Unknown, "undelivered", 30005)]
    [InlineData(Behaves.Filtered, "undelivered", 30007)]
    [InlineData(Behaves.Fails, "failed", 30008)]
    public async Task A_scripted_number_fails_after_it_was_accepted(Behaves behaves, string status, int code)
    {
        outside.Behaviours.Set("07700 900123", behaves);
        var (accepted, _) = await SendAsync(Text("StatusCallback", hub.Url("/")));

        accepted.ShouldBe(HttpStatusCode.Created);
        await Eventually.True(() => hub.Calls.Any(call => call.Form["MessageStatus"] == status), $"{status} was never reported");
        hub.Calls[^1].Form["ErrorCode"].ShouldBe(code.ToString(System.Globalization.CultureInfo.InvariantCulture));

        var fetched = JsonDocument.Parse(await twilio.GetStringAsync($"Messages/{outside.Messages.All().Single().Id}.json", TestContext.Current.CancellationToken)).RootElement;
        fetched.GetProperty("status").GetString().ShouldBe(status);
        fetched.GetProperty("error_code").GetInt32().ShouldBe(code);
        outside.Messages.All().Single().Lost.ShouldBeTrue();
    }

    [Theory]
    [InlineData(Behaves.InvalidAddress, 400, 21211)]
    [InlineData(Behaves.Stopped, 400, 21610)]
    [InlineData(Behaves.NotMobile, 400, 21614)]
    [InlineData(Behaves.TooManyRequests, 429, 20429)]
    [InlineData(Behaves.ServerError, 500, 20500)]
    public async Task A_scripted_number_is_refused_at_once(Behaves behaves, int status, int code)
    {
        outside.Behaviours.Set(Mobile, behaves);
        var (refused, body) = await SendAsync(Text());
        ((int)refused).ShouldBe(status);
        JsonDocument.Parse(body).RootElement.GetProperty("code").GetInt32().ShouldBe(code);
        outside.Messages.All().ShouldBeEmpty();
    }

    [Fact]
    public async Task Too_many_requests_says_when_to_come_back_and_then_lets_the_text_through()
    {
        outside.Behaviours.Set(Mobile, new Script { Behaves = Behaves.TooManyRequests, Times = 1, RetryAfter = 7 });

        var first = await twilio.PostAsync("Messages.json", new FormUrlEncodedContent(Text()), TestContext.Current.CancellationToken);
        first.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        first.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(7));
        (await SendAsync(Text())).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_text_whose_answer_never_came_is_found_by_number_and_day()
    {
        outside.Behaviours.Set(Mobile, Behaves.AcceptsThenTimesOut);
        using var patience = new CancellationTokenSource();
        var unanswered = twilio.PostAsync("Messages.json", new FormUrlEncodedContent(Text("Body", "ref 42")), patience.Token);
        await Eventually.True(() => outside.Messages.All().Count == 1, "the text was never accepted");
        unanswered.IsCompleted.ShouldBeFalse();
        await patience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => unanswered);

        var today = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var found = await ListAsync($"Messages.json?To={Uri.EscapeDataString(Mobile)}&DateSent%3E={today}");
        found.Single().GetProperty("body").GetString().ShouldBe("ref 42");
        (await ListAsync($"Messages.json?To={Uri.EscapeDataString("+447700900999")}")).ShouldBeEmpty();
        (await ListAsync("Messages.json?DateSent%3C=2020-01-01")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_list_has_the_documents_shape_and_pages()
    {
        for (var index = 0; index < 3; index++)
            await SendAsync(Text("Body", $"number {index}"));

        var body = await twilio.GetStringAsync("Messages.json?PageSize=2", TestContext.Current.CancellationToken);
        var schema = await OpenApiDocument.Twilio.SchemaAsync(closed: true,
            "paths", "/2010-04-01/Accounts/{AccountSid}/Messages.json", "get", "responses", "200", "content", "application/json", "schema");
        schema.Validate(body).ShouldBeEmpty();

        var page = JsonDocument.Parse(body).RootElement;
        page.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("body").GetString()).ShouldBe(["number 2", "number 1"]);
        var next = await ListAsync(outside.TwilioBaseUrl + page.GetProperty("next_page_uri").GetString());
        next.Single().GetProperty("body").GetString().ShouldBe("number 0");
    }

    [Fact]
    public async Task Duplicate_overtaken_and_late_callbacks_can_be_scripted()
    {
        outside.Behaviours.Set(Mobile, Behaves.DuplicateCallbacks);
        await SendAsync(Text("StatusCallback", hub.Url("/twice")));
        await Eventually.True(() => hub.Calls.Count == 4, "not every callback came twice");
        hub.Calls.Select(call => call.Form["MessageStatus"]).ShouldBe(["sent", "sent", "delivered", "delivered"]);

        outside.Behaviours.Set(Mobile, Behaves.OutOfOrderCallbacks);
        await SendAsync(Text("StatusCallback", hub.Url("/reversed")));
        await Eventually.True(() => hub.Calls.Count == 6, "the overtaken callbacks never came");
        hub.Calls.Skip(4).Select(call => call.Form["MessageStatus"]).ShouldBe(["delivered", "sent"]);

        outside.Behaviours.Set(Mobile, Behaves.LateCallbacks);
        await SendAsync(Text("StatusCallback", hub.Url("/late")));
        await Eventually.True(() => hub.Calls.Count == 8, "the late callbacks never came");
        hub.Calls.Skip(6).Select(call => call.Form["MessageStatus"]).ShouldBe(["sent", "delivered"]);
    }

    [Fact]
    public async Task A_redacted_or_deleted_text_is_gone_at_Twilio_and_still_on_the_phone()
    {
        await SendAsync(Text("Body", "secret"));
        var sid = outside.Messages.All().Single().Id;

        var redacted = await twilio.PostAsync($"Messages/{sid}.json", new FormUrlEncodedContent([KeyValuePair.Create("Body", "")]), TestContext.Current.CancellationToken);
        redacted.StatusCode.ShouldBe(HttpStatusCode.OK);
        JsonDocument.Parse(await redacted.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement.GetProperty("body").GetString().ShouldBe("");

        (await twilio.DeleteAsync($"Messages/{sid}.json", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await twilio.GetAsync($"Messages/{sid}.json", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        outside.Messages.To(Mobile).Single().Body.ShouldBe("secret");
    }

    private static List<KeyValuePair<string, string>> Text(string? parameter = null, string? value = null)
    {
        var form = new Dictionary<string, string> { ["To"] = Mobile, ["From"] = "PatientHub", ["Body"] = "Hello" };
        if (parameter is not null && value is null)
            form.Remove(parameter);
        else if (parameter is not null)
            form[parameter] = value!;
        return [.. form];
    }

    private async Task<(HttpStatusCode Status, string Body)> SendAsync(IEnumerable<KeyValuePair<string, string>> form)
    {
        using var answer = await twilio.PostAsync("Messages.json", new FormUrlEncodedContent(form), TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private async Task<List<JsonElement>> ListAsync(string uri) =>
        [.. JsonDocument.Parse(await twilio.GetStringAsync(uri, TestContext.Current.CancellationToken)).RootElement.GetProperty("messages").EnumerateArray()];

    private HttpClient Client(string accountSid, string token)
    {
        var client = new HttpClient { BaseAddress = new Uri($"{outside.TwilioBaseUrl}/2010-04-01/Accounts/{accountSid}/") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{accountSid}:{token}")));
        return client;
    }

    private static async Task ShouldMatchRequestSchemaAsync(IEnumerable<KeyValuePair<string, string>> form) =>
        (await RequestSchemaAsync()).Validate(AsJson(form)).ShouldBeEmpty();

    private static Task<NJsonSchema.JsonSchema> RequestSchemaAsync() => OpenApiDocument.Twilio.SchemaAsync(closed: true,
        "paths", "/2010-04-01/Accounts/{AccountSid}/Messages.json", "post", "requestBody", "content", "application/x-www-form-urlencoded", "schema");

    private static string AsJson(IEnumerable<KeyValuePair<string, string>> form) => JsonSerializer.Serialize(form.ToDictionary());
}
