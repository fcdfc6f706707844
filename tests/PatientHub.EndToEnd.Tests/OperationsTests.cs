using System.Net;
using PatientHub.EndToEnd.Tests.Support;
using PatientHub.Testing;

namespace PatientHub.EndToEnd.Tests;

/// <summary>What an operator, an integrator and an attacker see of the running system.</summary>
public sealed class OperationsTests(Hub hub)
{
    [Fact] // design section 6: personal data never enters a log, a span, a metric or an address
    public async Task No_log_and_no_span_carries_a_person()
    {
        await using var context = await hub.PhoneAsync();
        var brian = new Patient(hub, await context.NewPageAsync(), Person.Brian);
        await brian.OpenInvitationAsync();
        if (await brian.Page.GetByRole(Microsoft.Playwright.AriaRole.Link, new() { Name = "Sign in", Exact = true }).CountAsync() > 0)
            await brian.FollowAsync("Sign in");
        await brian.SignInAsync();
        await brian.FollowAsync("Letters");
        await brian.Page.GetByRole(Microsoft.Playwright.AriaRole.Heading, new() { Level = 2 }).GetByRole(Microsoft.Playwright.AriaRole.Link).First.ClickAsync();
        await brian.PressAsync("Accept this appointment");
        await brian.SeeAsync("You have accepted this appointment");
        await Eventually.True(() => hub.Telemetry.Spans().Any(span => span.Service.Contains("Appointments", StringComparison.OrdinalIgnoreCase) && span.Name.Contains("accept", StringComparison.OrdinalIgnoreCase)),
            "the span of accepting was never exported");

        var messages = await hub.MessagesAsync(Person.Brian.Mobile);
        var secrets = new List<string>
        {
            "Okafor", "7700900102", "7700 900 102", "3 Mill Lane", "1958-11-02", "9990001111", "999 000 1111", // Brian
            "amy.carter@example.com", "farah.siddiqui@example.net", "7700900101", "UKCore-Patient-RichardSmith", "Margaret Hill",
        };
        secrets.AddRange(messages.SelectMany(message => message.Links).Select(link => link.Split("/p/")[^1]).Where(token => token.Length > 10).Distinct());
        foreach (var secret in secrets)
        {
            hub.Telemetry.Contains(secret).ShouldBeFalse($"an exported span, log or metric carries '{secret}'");
            hub.Log.ShouldNotContain(secret);
        }

        // The search can find: these are in every export and log.
        hub.Telemetry.Contains("service.name").ShouldBeTrue();
        hub.Telemetry.Has("logs").ShouldBeTrue();
        hub.Telemetry.Has("metrics").ShouldBeTrue();
        hub.Log.ShouldContain("PatientHub.");
    }

    [Fact] // one trace from the browser's or the PAS's request through the broker to the consumers
    public async Task A_trace_leads_from_the_feed_through_the_broker_to_the_message() =>
        await Eventually.True(() => hub.Telemetry.Spans().GroupBy(span => span.TraceId).Any(trace =>
            trace.Any(span => Is(span, "gateway")) && trace.Any(span => Is(span, "appointments")) && trace.Any(span => Is(span, "letters"))
            && trace.Any(span => Is(span, "notifications")) && trace.Any(span => Is(span, "postal"))), "no trace goes through all services", TimeSpan.FromSeconds(60));

    [Fact]
    public async Task A_trace_leads_from_the_feed_to_the_print_of_the_letter() =>
        await Eventually.True(() => hub.Telemetry.Spans().GroupBy(span => span.TraceId).Any(trace =>
            trace.Any(span => Is(span, "gateway")) && trace.Any(span => Is(span, "appointments")) && trace.Any(span => span.Name == "print letter")
            && trace.Any(span => Is(span, "letters") && span.Name.Contains("print", StringComparison.Ordinal))), "no trace leads from the feed to a print", TimeSpan.FromMinutes(2));

    [Theory]
    [InlineData("/internal/appointments/standing"), InlineData("/internal/contacts"), InlineData("/internal/sign-in/attempts"), InlineData("/connect/token"), InlineData("/fhir/Patient/P100101")]
    [InlineData("/.well-known/openid-configuration"), InlineData("/api/clinics/C100001/settings"), InlineData("/fhir/Task")]
    public async Task Machine_and_internal_doors_are_closed_on_the_public_host(string path)
    {
        using var client = new HttpClient();
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post, HttpMethod.Put])
        {
            using var response = await client.SendAsync(new HttpRequestMessage(method, hub.Address + path) { Content = method == HttpMethod.Get ? null : new StringContent("{}") }, TestContext.Current.CancellationToken);
            response.StatusCode.ShouldBeOneOf(HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed, HttpStatusCode.BadRequest);
        }
    }

    [Fact]
    public async Task Internal_doors_are_closed_on_the_machine_listener_too_and_the_rest_wants_a_token()
    {
        using var client = new HttpClient();
        (await client.PostAsync(hub.MachineAddress + "/internal/contacts", new StringContent("{}"), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await client.GetAsync(hub.MachineAddress + "/fhir/Task", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static bool Is(Span span, string service) => span.Service.Contains(service, StringComparison.OrdinalIgnoreCase);
}
