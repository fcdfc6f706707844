using System.Net;
using PatientHub.Gateway.Tests.Support;
using PatientHub.Testing;

namespace PatientHub.Gateway.Tests;

public sealed class TightLimits(RedisServer redis) : GatewayFixture(redis)
{
    protected override IEnumerable<(string Name, string Value)> Settings => [("Limits:SignInPerAddress", "1"), ("Limits:SignInPerAddressBurst", "3"), ("Limits:FeedPerAddress", "1"), ("Limits:FeedPerAddressBurst", "3")];
}

public sealed class LimitTests(TightLimits gateway) : IClassFixture<TightLimits>
{
    [Fact]
    public async Task Too_many_sign_ins_are_429_with_retry_after_and_pages_go_on()
    {
        var browser = gateway.NewBrowser();
        var form = await browser.OpenAsync("/sign-in");
        Page? refused = null;
        for (var i = 0; i < 10 && refused is null; i++)
        {
            var page = await browser.SubmitAsync(form, "main form", ("Identifier", "07700900123"), ("Day", "1"), ("Month", "1"), ("Year", "1990"));
            if (page.Status == HttpStatusCode.TooManyRequests)
                refused = page;
        }
        refused.ShouldNotBeNull();
        int.Parse(refused.Response.Headers.GetValues("Retry-After").Single()).ShouldBeGreaterThanOrEqualTo(1);
        refused.Heading.ShouldBe("Too many people are using this page");
        (await browser.GetAsync("/sign-in")).Status.ShouldBe(HttpStatusCode.OK);
        (await browser.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "X-Forwarded-For", "10.1.1.1" } } })).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact] // Checklist 125
    public async Task A_rush_on_the_sign_in_leaves_open_sessions_alone()
    {
        Samples.Use(gateway);
        var patient = gateway.NewBrowser();
        // Signing in takes from the same few tokens, which come back one a second.
        await Eventually.True(async () => (await patient.FollowAsync(await patient.TypeDetailsAsync())).Path == "/sign-in/code", "the form was never taken", TimeSpan.FromSeconds(60));
        var code = await patient.OpenAsync("/sign-in/code");
        await Eventually.True(async () => (await patient.SubmitAsync(code, "main form", ("Code", StubIdentity.RightCode))).Location == "/home", "the code was never taken", TimeSpan.FromSeconds(60));

        var strangers = gateway.NewBrowser();
        var form = await strangers.OpenAsync("/sign-in");
        var rush = Enumerable.Range(0, 60).Select(_ => strangers.SubmitAsync(form, "main form", ("Identifier", "07700900123"), ("Day", "1"), ("Month", "1"), ("Year", "1990")));
        var session = Enumerable.Range(0, 30).Select(_ => patient.GetAsync("/home"));
        var (refused, shown) = (Task.WhenAll(rush), Task.WhenAll(session));
        (await shown).ShouldAllBe(page => page.Status == HttpStatusCode.OK);
        var turnedAway = (await refused).Where(page => page.Status == HttpStatusCode.TooManyRequests).ToList();
        turnedAway.ShouldNotBeEmpty();
        turnedAway.ShouldAllBe(page => page.Response.Headers.RetryAfter != null && page.Main.Contains("0113 518 1823"));
        var accept = await patient.SubmitAsync(await patient.OpenAsync($"/letters/{Samples.LetterId}"), "form[action$='/accept']");
        accept.Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact] // A32
    public async Task Not_for_me_has_the_limits_of_signing_in()
    {
        var browser = gateway.NewBrowser();
        var form = await browser.GetAsync("/not-for-me");
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 10; i++)
            statuses.Add((await browser.SubmitAsync(form, "main form", ("Identifier", "07700 900555"))).Status);
        statuses.ShouldContain(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task A_forged_X_Forwarded_For_does_not_dodge_the_limit()
    {
        var browser = gateway.NewBrowser();
        var token = (await browser.OpenAsync("/sign-in")).Document.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 10; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/sign-in")
            {
                Headers = { { "X-Forwarded-For", $"10.1.1.{i}" } },
                Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["__RequestVerificationToken"] = token }),
            };
            statuses.Add((await browser.SendAsync(request)).Status);
        }
        statuses.ShouldContain(HttpStatusCode.TooManyRequests);
    }

    [Fact] // R24: guessing at calendar links is slowed down, and pages go on
    public async Task Too_many_fetches_of_calendar_links_are_429()
    {
        var calendar = gateway.NewBrowser();
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 10; i++)
            statuses.Add((await calendar.GetAsync($"/calendar-feed/{i}.ics")).Status);
        statuses.ShouldContain(HttpStatusCode.NotFound);
        statuses.ShouldContain(HttpStatusCode.TooManyRequests);
        (await calendar.GetAsync("/")).Status.ShouldBe(HttpStatusCode.OK);
    }
}
