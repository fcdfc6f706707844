using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using PatientHub.Simulators.Behaviour;

namespace PatientHub.Simulators.Tests;

/// <summary>Answers that are none, or none that can be used: the same for both providers.</summary>
public sealed class BadAnswersTests : IAsyncLifetime
{
    private const string Mail = """
        {"personalizations":[{"to":[{"email":"amy@example.com"}]}],"from":{"email":"hub@example.org"},"subject":"Your appointment","content":[{"type":"text/plain","value":"Hello"}]}
        """;

    private RunningSimulators outside = null!;
    private HttpClient provider = null!;

    public async ValueTask InitializeAsync() => await StartAsync(hangFor: "00:01:40");

    public async ValueTask DisposeAsync()
    {
        provider.Dispose();
        await outside.DisposeAsync();
    }

    private async Task StartAsync(string hangFor)
    {
        if (outside is not null)
            await DisposeAsync();
        outside = await RunningSimulators.StartAsync(("Simulators:StepDelay", "00:00:00.020"), ("Simulators:HangFor", hangFor));
        provider = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = outside.BaseAddress };
    }

    [Theory]
    [InlineData("texts", Behaves.Resets, 0)]
    [InlineData("texts", Behaves.AcceptsThenResets, 1)]
    [InlineData("emails", Behaves.Resets, 0)]
    [InlineData("emails", Behaves.AcceptsThenResets, 1)]
    public async Task A_reset_is_a_reset_and_not_an_end(string channel, Behaves behaves, int accepted)
    {
        outside.Behaviours.Set(channel, behaves);
        var failure = await Should.ThrowAsync<HttpRequestException>(() => SendAsync(channel));
        failure.GetBaseException().ShouldBeOfType<SocketException>().SocketErrorCode.ShouldBe(SocketError.ConnectionReset);
        outside.Messages.All().Count.ShouldBe(accepted);
    }

    [Theory]
    [InlineData("texts", 201)]
    [InlineData("emails", 202)]
    public async Task A_dripping_answer_begins_well_and_outlasts_its_caller(string channel, int status)
    {
        await StartAsync(hangFor: "00:10:00");
        outside.Behaviours.Set(channel, Behaves.Drips, times: 1);
        using (var answer = await SendAsync(channel, HttpCompletionOption.ResponseHeadersRead))
        {
            ((int)answer.StatusCode).ShouldBe(status);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            await Should.ThrowAsync<OperationCanceledException>(() => answer.Content.ReadAsStringAsync(patience.Token));
        }

        outside.Messages.All().Count.ShouldBe(1);
        (await SendAsync(channel)).IsSuccessStatusCode.ShouldBeTrue("the next request is answered as if nothing had been");
    }

    [Theory]
    [InlineData("texts")]
    [InlineData("emails")]
    public async Task A_dripping_answer_is_whole_for_who_waits(string channel)
    {
        await StartAsync(hangFor: "00:00:00.5");
        outside.Behaviours.Set(channel, Behaves.Drips);
        using var answer = await SendAsync(channel);
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("texts", 201)]
    [InlineData("emails", 200)]
    public async Task Garbage_has_a_good_status_and_no_json(string channel, int status)
    {
        outside.Behaviours.Set(channel, Behaves.Garbage);
        using var answer = await SendAsync(channel);
        ((int)answer.StatusCode).ShouldBe(status);
        answer.Headers.Contains("X-Message-Id").ShouldBeFalse();
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Should.Throw<JsonException>(() => JsonDocument.Parse(body));
        outside.Messages.All().Count.ShouldBe(1);
    }

    private async Task<HttpResponseMessage> SendAsync(string channel, HttpCompletionOption until = HttpCompletionOption.ResponseContentRead)
    {
        var (account, token) = (outside.Secrets.TwilioAccountSid, outside.Secrets.TwilioAuthToken);
        using var request = channel == "texts"
            ? new HttpRequestMessage(HttpMethod.Post, $"2010-04-01/Accounts/{account}/Messages.json")
            {
                Content = new FormUrlEncodedContent([new("To", "+447700900123"), new("From", "Hospital"), new("Body", "Hello")]),
                Headers = { Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{account}:{token}"))) },
            }
            : new HttpRequestMessage(HttpMethod.Post, "v3/mail/send")
            {
                Content = new StringContent(Mail, Encoding.UTF8, "application/json"),
                Headers = { Authorization = new AuthenticationHeaderValue("Bearer", outside.Secrets.SendGridApiKey) },
            };
        return await provider.SendAsync(request, until, TestContext.Current.CancellationToken);
    }
}
