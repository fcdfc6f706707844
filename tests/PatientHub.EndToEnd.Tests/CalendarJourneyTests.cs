using System.Net;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using PatientHub.EndToEnd.Tests.Support;
using PatientHub.Testing;

namespace PatientHub.EndToEnd.Tests;

/// <summary>Calendar, the way there, wrong details, opting out and in again (R24, R25, R29, R30), with everything running.</summary>
public sealed class CalendarJourneyTests(Hub hub)
{
    [Fact]
    public async Task Rosa_finds_the_way_subscribes_to_her_calendar_and_opts_out()
    {
        await using var context = await hub.PhoneAsync();
        var rosa = new Patient(hub, await context.NewPageAsync(), Person.Rosa);
        var page = rosa.Page;
        await page.GotoAsync("/sign-in");
        await rosa.SignInAsync();

        // The way there: a map from us, and nothing from anybody else.
        var foreign = new List<string>();
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(hub.Address, StringComparison.Ordinal)) foreign.Add(request.Url);
        };
        await page.GetByRole(AriaRole.Heading, new() { Level = 3 }).GetByRole(AriaRole.Link).First.ClickAsync();
        await rosa.FollowAsync("Getting there");
        await rosa.SeeAsync("Great George Street");
        await rosa.SeeAsync("Blue Badge holders park free of charge");
        (await page.Locator("main img").EvaluateAsync<int>("async image => { await image.decode(); return image.naturalWidth; }")).ShouldBe(600);
        await AccessibleAsync(page);
        foreign.ShouldBeEmpty();

        // The private link: a warning first, then the address, which needs no session.
        await page.GotoAsync("/preferences/calendar");
        await rosa.SeeAsync("Anyone who has the link can see the entries");
        await rosa.PressAsync("Switch on the calendar link");
        var address = (await page.Locator(".hub-address").InnerTextAsync()).Trim();
        await AccessibleAsync(page);
        using var calendar = new HttpClient();
        var feed = await calendar.GetAsync(address, TestContext.Current.CancellationToken);
        feed.StatusCode.ShouldBe(HttpStatusCode.OK);
        var ics = await feed.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        // One of her two appointments is of a hidden clinic (R1): it is not there.
        ics.Split("BEGIN:VEVENT").Length.ShouldBe(2);
        ics.ShouldContain("SUMMARY:Hospital appointment");
        foreach (var secret in new[] { "ermatology", "exual", "Rosa", "0113 496" }) ics.ShouldNotContain(secret);

        // Details that are wrong are told, not changed.
        await page.GotoAsync("/preferences/wrong-details");
        await page.GetByLabel("Email address").CheckAsync();
        await page.GetByLabel("What should be right?").FillAsync("rosa.martins@example.com");
        await rosa.PressAsync("Send to the hospital");
        await rosa.SeeAsync("We have told the hospital");
        await rosa.SeeAsync("r•••••@example.com");

        // Opting out ends the link (R30), and opting in again does not bring it back.
        await page.GotoAsync("/preferences/opt-out");
        await rosa.PressAsync("Opt out");
        await rosa.SeeAsync("You have opted out");
        await Eventually.True(async () => (await calendar.GetAsync(address)).StatusCode == HttpStatusCode.NotFound, "the calendar link outlived the opt-out");
        await page.GotoAsync("/preferences/opt-in");
        await rosa.PressAsync("Get messages again");
        await rosa.SeeAsync("You will get messages again");
        (await calendar.GetAsync(address, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await page.GotoAsync("/preferences/calendar");
        await rosa.SeeAsync("It was switched off because you opted out of messages");

        // Neither the token nor her words are in any log, span or metric.
        var token = address.Split('/')[^1].Split('.')[0];
        token.Length.ShouldBe(43);
        await Eventually.True(() => hub.Telemetry.Spans().Any(span => span.Name.Contains("/calendar-feed/", StringComparison.Ordinal)), "the span of fetching the feed was never exported");
        foreach (var secret in new[] { token, "rosa.martins@example.com" })
        {
            hub.Telemetry.Contains(secret).ShouldBeFalse($"an exported span, log or metric carries '{secret}'");
            hub.Log.ShouldNotContain(secret);
        }
    }

    private static async Task AccessibleAsync(IPage page) => (await page.RunAxe()).Violations.Select(violation => $"{violation.Id}: {violation.Help}").ShouldBeEmpty();
}
