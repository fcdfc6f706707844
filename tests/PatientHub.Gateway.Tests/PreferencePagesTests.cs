using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Gateway.Tests.Support;
using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Contracts.Http;

namespace PatientHub.Gateway.Tests;

/// <summary>Preferences (R28–R30, A17), wrong details (R29), the private calendar link (R24).</summary>
public sealed class PreferencePagesTests : IClassFixture<GatewayFixture>
{
    private readonly GatewayFixture _gateway;

    public PreferencePagesTests(GatewayFixture gateway)
    {
        _gateway = gateway;
        Samples.Use(gateway);
    }

    [Fact]
    public async Task Preferences_are_saved_and_a_stale_page_opts_nobody_in_again()
    {
        var browser = _gateway.NewBrowser();
        await browser.SignInAsync();
        var page = await browser.GetAsync("/preferences");
        page.Main.ShouldContain("07700 ••• 123");
        page.Document.QuerySelector("input[name=Channel][checked]")!.GetAttribute("value").ShouldBe("Email");
        (await browser.FollowAsync(await browser.SubmitAsync(page, "main form", ("Channel", "Sms"), ("AlsoPost", "true")))).Main.ShouldContain("Your preferences are saved");
        LastPreferences().ShouldBe("""{"preferredChannel":"Sms","alsoPost":true,"optedOut":false}""");
        var refused = await browser.SubmitAsync(page, "main form", ("Channel", "Pigeon"));
        refused.Errors.Single().Href.ShouldBe("#Channel");
        _gateway.Notifications.On("GET /api/me/preferences", new Preferences { PreferredChannel = Channel.Email, OptedOut = true });
        await browser.SubmitAsync(page, "main form", ("Channel", "Sms"));
        LastPreferences().ShouldBe("""{"preferredChannel":"Sms","alsoPost":false,"optedOut":true}""");
    }

    [Fact] // R30
    public async Task Opting_out_and_in_say_what_they_mean_and_confirm()
    {
        var browser = _gateway.NewBrowser();
        await browser.SignInAsync();
        var opting = await browser.GetAsync("/preferences/opt-out");
        opting.Main.ShouldContain("no appointment reminders");
        opting.Main.ShouldContain("your private calendar link is switched off");
        var done = await browser.SubmitAsync(opting, "main form");
        LastPreferences().ShouldBe("""{"preferredChannel":"Email","alsoPost":false,"optedOut":true}""");
        done.Location.ShouldBe("/preferences?did=opted-out");
        // The page believes what is kept, not the address.
        (await browser.GetAsync(done.Location)).Document.QuerySelector(".nhsuk-notification-banner").ShouldBeNull();
        _gateway.Notifications.On("GET /api/me/preferences", new Preferences { PreferredChannel = Channel.Email, AlsoPost = true, OptedOut = true });
        var isOut = await browser.GetAsync(done.Location);
        isOut.Main.ShouldContain("You have opted out");
        isOut.Document.QuerySelector("a[href='/preferences/opt-in']").ShouldNotBeNull();
        var back = await browser.SubmitAsync(await browser.GetAsync("/preferences/opt-in"), "main form");
        LastPreferences().ShouldBe("""{"preferredChannel":"Email","alsoPost":true,"optedOut":false}""");
        _gateway.Notifications.On("GET /api/me/preferences", new Preferences { PreferredChannel = Channel.Email });
        (await browser.FollowAsync(back)).Main.ShouldContain("You will get messages again");
    }

    [Fact]
    public async Task A_channel_that_is_not_on_record_is_refused_with_what_to_do()
    {
        _gateway.Notifications.On("PUT /api/me/preferences", () => Results.Problem(statusCode: 400, extensions: new Dictionary<string, object?> { ["code"] = "channel-not-on-record" }));
        var browser = _gateway.NewBrowser();
        await browser.SignInAsync();
        var refused = await browser.SubmitAsync(await browser.GetAsync("/preferences"), "main form", ("Channel", "Sms"));
        refused.Errors.Single().Text.ShouldBe("We hold no mobile number for you. Select email, or phone us to give us your number");
    }

    [Fact] // R29
    public async Task Wrong_details_are_a_request_to_the_hospital()
    {
        var browser = _gateway.NewBrowser();
        await browser.SignInAsync();
        var form = await browser.GetAsync("/preferences/wrong-details");
        var told = await browser.SubmitAsync(form, "main form", ("What", "mobile"), ("Right", "  I have\r\n07700 900999  "));
        told.Location.ShouldBe("/preferences?did=told");
        JsonDocument.Parse(LastPost("/api/me/contact-corrections")).RootElement.GetProperty("words").GetString().ShouldBe("Mobile number: I have\n07700 900999");
        (await browser.GetAsync(told.Location)).Document.QuerySelector(".nhsuk-notification-banner").ShouldBeNull("an address alone proves nothing");
        _gateway.Appointments.On("GET /api/me/contact-corrections", new MyContactCorrections { Open = 1, ReportedAt = new DateTimeOffset(2026, 11, 23, 20, 0, 0, TimeSpan.Zero), AnswerBy = new DateOnly(2026, 11, 25) });
        var page = await browser.GetAsync(told.Location);
        page.Main.ShouldContain("We have told the hospital");
        page.Main.ShouldContain("You told us on Monday 23 November 2026 that something is wrong. We will deal with it by Wednesday 25 November 2026");
        _gateway.Appointments.On("POST /api/me/contact-corrections", () => Results.Problem(statusCode: 409, extensions: new Dictionary<string, object?> { ["code"] = "too-many-open" }));
        (await browser.SubmitAsync(form, "main form", ("What", "email"), ("Right", "x"))).Errors.Single().Text.ShouldStartWith("We are still working on what you told us before");
    }

    [Theory] // Bad input of the issue
    [InlineData("", "", "Select what is wrong|Enter what should be right")]
    [InlineData("mobile", "   \r\n ", "Enter what should be right")]
    [InlineData("pigeon", "x", "Select what is wrong")]
    [InlineData("mobile", 10_000, "What should be right must be 400 characters or less")]
    public async Task Nonsense_in_wrong_details_says_what_to_do(string what, object right, string errors)
    {
        var browser = _gateway.NewBrowser();
        await browser.SignInAsync();
        var asked = _gateway.Appointments.Requests.Count(r => r.Method == "POST" && r.Path == "/api/me/contact-corrections");
        var page = await browser.SubmitAsync(await browser.GetAsync("/preferences/wrong-details"), "main form", ("What", what), ("Right", right is int length ? new string('x', length) : (string)right));
        string.Join('|', page.Errors.Select(error => error.Text)).ShouldBe(errors);
        page.Errors.ShouldAllBe(error => page.Document.QuerySelector(error.Href) != null);
        _gateway.Appointments.Requests.Count(r => r.Method == "POST" && r.Path == "/api/me/contact-corrections").ShouldBe(asked);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("'; drop table task; --")]
    [InlineData("مرحبا بك في المستشفى")]
    [InlineData("👩‍⚕️ new number")]
    public async Task Words_are_passed_on_as_words(string typed)
    {
        var browser = _gateway.NewBrowser();
        await browser.SignInAsync();
        (await browser.SubmitAsync(await browser.GetAsync("/preferences/wrong-details"), "main form", ("What", "more"), ("Right", typed))).Status.ShouldBe(HttpStatusCode.SeeOther);
        var shown = await browser.SubmitAsync(await browser.GetAsync("/preferences/wrong-details"), "main form", ("What", ""), ("Right", typed));
        shown.Document.QuerySelector("textarea")!.TextContent.ShouldBe(typed);
        shown.Document.QuerySelectorAll("main script").ShouldBeEmpty();
    }

    [Fact] // R24
    public async Task The_calendar_link_is_switched_on_after_a_warning_and_shown_in_this_session_only()
    {
        var browser = _gateway.NewBrowser();
        await browser.SignInAsync();
        var off = await browser.GetAsync("/preferences/calendar");
        off.Main.ShouldContain("The calendar link is switched off.");
        off.Main.ShouldContain("Your calendar company (for example Apple, Google or Microsoft) fetches the link");
        off.Text.ShouldNotContain("/calendar-feed/");
        var switched = await browser.SubmitAsync(off, "main form");
        switched.Location.ShouldBe("/preferences/calendar");
        LastPost("/api/me/calendar-feed").ShouldBe("""{"version":0}""");
        Samples.UseFeed(_gateway, On with { Version = 1 });
        var on = await browser.GetAsync("/preferences/calendar");
        on.Main.ShouldContain($"{_gateway.PublicUrl}/calendar-feed/{Samples.FeedToken}.ics");
        on.Document.QuerySelector("a[href^='webcal:']")!.GetAttribute("href").ShouldBe($"webcal{_gateway.PublicUrl["http".Length..]}/calendar-feed/{Samples.FeedToken}.ics");
        on.Main.ShouldContain("No calendar has fetched it yet.");

        // Another session does not get it: only a hash is kept.
        var other = _gateway.NewBrowser();
        await other.SignInAsync();
        var elsewhere = await other.GetAsync("/preferences/calendar");
        elsewhere.Text.ShouldNotContain(Samples.FeedToken);
        elsewhere.Main.ShouldContain("We cannot show the link again");
        // Nor does this one, once somebody has made a newer one.
        Samples.UseFeed(_gateway, On with { Version = 2 });
        (await browser.GetAsync("/preferences/calendar")).Text.ShouldNotContain(Samples.FeedToken);
    }

    [Fact]
    public async Task The_calendar_link_is_revoked_and_says_why_it_ended()
    {
        Samples.UseFeed(_gateway, On with { LastFetched = new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero), Version = 4 });
        var browser = _gateway.NewBrowser();
        await browser.SignInAsync();
        var page = await browser.GetAsync("/preferences/calendar");
        page.Main.ShouldContain("A calendar last fetched it on Monday 23 November 2026.");
        (await browser.SubmitAsync(page, "form[action*='handler=Off']")).Location.ShouldBe("/preferences/calendar");
        _gateway.Appointments.Requests.ShouldContain(request => request.Method == "DELETE" && request.Path == "/api/me/calendar-feed");
        foreach (var reason in Enum.GetValues<CalendarFeedEnd>())
        {
            Samples.UseFeed(_gateway, new MyCalendarFeed { IsOn = false, EndedBy = reason, Version = 5 });
            (await browser.GetAsync("/preferences/calendar")).Main.ShouldContain(reason == CalendarFeedEnd.SwitchedOff ? "You switched it off." : "It was switched off", Case.Sensitive, reason.ToString());
        }
        // A page that was open too long changes nothing.
        _gateway.Appointments.On("POST /api/me/calendar-feed", () => Results.Problem(statusCode: 409, extensions: new Dictionary<string, object?> { ["code"] = "superseded" }));
        var stale = await browser.SubmitAsync(page, "form:has([name=Version])");
        stale.Location.ShouldBe("/preferences/calendar?changed=true");
        (await browser.GetAsync(stale.Location)).Main.ShouldContain("changed while you had the page open");
    }

    [Fact] // R24: calendars have no session
    public async Task The_feed_is_served_without_a_session_and_kept_by_nobody()
    {
        _gateway.Appointments.On($"GET /calendar-feed/{Samples.FeedToken}.ics", () => Results.Text("BEGIN:VCALENDAR", "text/calendar"));
        var calendar = _gateway.NewBrowser();
        var feed = await calendar.GetAsync($"/calendar-feed/{Samples.FeedToken}.ics");
        (feed.Status, feed.Text).ShouldBe((HttpStatusCode.OK, "BEGIN:VCALENDAR"));
        feed.Response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        feed.Response.Headers.Contains("Set-Cookie").ShouldBeFalse();
        using var fetch = new HttpRequestMessage(HttpMethod.Get, $"/calendar-feed/{new string('A', 43)}.ics") { Headers = { { "Accept", "text/calendar" } } };
        var dead = await calendar.SendAsync(fetch);
        (dead.Status, dead.Response.Content.Headers.ContentType?.MediaType).ShouldBe((HttpStatusCode.NotFound, "application/problem+json"));
        // Somebody opens it in a browser.
        var page = await calendar.GetAsync($"/calendar-feed/{new string('A', 43)}.ics");
        (page.Status, page.Heading, page.Response.Content.Headers.ContentType?.MediaType).ShouldBe((HttpStatusCode.NotFound, "This calendar link does not work any more", "text/html"));
        page.Document.QuerySelector("main a[href='/sign-in']").ShouldNotBeNull();
        page.Response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        using var machine = new HttpClient();
        (await machine.GetAsync($"{_gateway.MachineUrl}/calendar-feed/{Samples.FeedToken}.ics", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact] // Forged anti-forgery, for each form of these pages
    public async Task A_forged_form_changes_nothing()
    {
        var browser = _gateway.NewBrowser();
        await browser.SignInAsync();
        foreach (var path in new[] { "/preferences", "/preferences/opt-out", "/preferences/opt-in", "/preferences/wrong-details", "/preferences/calendar", "/preferences/calendar?handler=Off", $"/appointments/{Samples.AppointmentId}/rebook", $"/appointments/{Samples.AppointmentId}/cancel", $"/appointments/{Samples.AppointmentId}/withdraw" })
        {
            using var forged = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent([new("__RequestVerificationToken", "CfDJ8forged"), new("What", "mobile"), new("Right", "x"), new("Channel", "Sms")]) };
            (await browser.SendAsync(forged)).Status.ShouldBe(HttpStatusCode.BadRequest, path);
        }
    }

    private static MyCalendarFeed On => new() { IsOn = true, Since = new DateTimeOffset(2026, 11, 23, 20, 0, 0, TimeSpan.Zero), Version = 1 };

    private string LastPreferences() => _gateway.Notifications.Requests.Last(request => request.Method == "PUT").Body;

    private string LastPost(string path) => _gateway.Appointments.Requests.Last(request => request.Method == "POST" && request.Path == path).Body;
}
