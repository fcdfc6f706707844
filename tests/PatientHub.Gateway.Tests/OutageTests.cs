using System.Net;
using PatientHub.Gateway.Tests.Support;
using PatientHub.Testing;

namespace PatientHub.Gateway.Tests;

public sealed class RealTime(RedisServer redis) : GatewayFixture(redis)
{
    protected override TimeProvider Clock => TimeProvider.System;
}

/// <summary>One service or Redis away: the rest of the page stays (checklist 33, 34, 61-65).</summary>
public sealed class OutageTests(RealTime gateway) : IClassFixture<RealTime>
{
    [Fact]
    public async Task A_service_that_is_down_leaves_its_part_of_the_page_with_a_sentence()
    {
        Samples.Use(gateway);
        var browser = gateway.NewBrowser();
        await browser.SignInAsync();
        await gateway.Letters.StopAsync();
        var home = await browser.GetAsync("/home");
        home.Status.ShouldBe(HttpStatusCode.OK);
        home.Main.ShouldContain("1 appointment needs your answer");
        home.Main.ShouldContain("We cannot show your letters just now. Try again in a few minutes, or phone 0113 518 1823.");
        var letter = await browser.GetAsync($"/letters/{Samples.LetterId}");
        letter.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        letter.Main.ShouldContain("0113 518 1823");
        await gateway.Letters.StartAsync();
        await Eventually.True(async () => (await browser.GetAsync("/letters")).Main.Contains("Your outpatient appointment", StringComparison.Ordinal), "letters never came back after their service did");

        gateway.Appointments.On("GET /api/me/appointments", () => Microsoft.AspNetCore.Http.Results.Problem(statusCode: 500));
        (await browser.GetAsync("/home")).Main.ShouldContain("We cannot show your appointments just now");
        (await browser.GetAsync("/appointments/past")).Main.ShouldContain("We cannot show your past appointments just now");

        Samples.Use(gateway);
        await gateway.Appointments.StopAsync();
        var form = await browser.GetAsync($"/letters/{Samples.LetterId}");
        form.Main.ShouldContain("Dear Ms Okonkwo-Smith");
        form.Main.ShouldContain("We cannot show whether you can accept here just now");
        await gateway.Appointments.StartAsync();

        await gateway.Identity.StopAsync();
        var signIn = await gateway.NewBrowser().TypeDetailsAsync();
        signIn.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        signIn.Heading.ShouldBe("The hub is not available at the moment");
        signIn.Response.Headers.Contains("Retry-After").ShouldBeTrue();
        await gateway.Identity.StartAsync();
    }
}

/// <summary>A Redis of its own, because it is killed.</summary>
public sealed class RedisOutageTests : IAsyncLifetime
{
    private readonly RedisServer _redis = new();
    private GatewayFixture _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        await _redis.StartAsync();
        _gateway = new GatewayFixture(_redis);
        await _gateway.InitializeAsync();
        Samples.Use(_gateway);
    }

    [Fact]
    public async Task Redis_down_is_a_friendly_page_and_nobody_is_let_in()
    {
        var browser = _gateway.NewBrowser();
        await browser.SignInAsync();
        await _redis.KillAsync();
        var home = await browser.GetAsync("/home");
        home.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        home.Main.ShouldContain("0113 518 1823");
        home.Document.QuerySelector(".hub-patient").ShouldBeNull();
        var start = await browser.GetAsync("/");
        start.Status.ShouldBe(HttpStatusCode.OK, "the start page needs no session");
        start.Document.QuerySelector(".hub-patient").ShouldBeNull();
        (await browser.GetAsync("/help/not-invited")).Status.ShouldBe(HttpStatusCode.OK);
        using var http = new HttpClient();
        (await http.GetAsync(_gateway.PublicUrl + "/health", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK, "the page with the phone number is better than no page");
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _redis.DisposeAsync();
    }
}
