using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Gateway.Tests.Support;
using PatientHub.PostalFallback.Contracts.Http;

namespace PatientHub.Gateway.Tests;

/// <summary>The appointment's page in each of its states, calendar links (R24), getting there (R25), requests to the booking centre (R22, R23).</summary>
public sealed class AppointmentPagesTests : IClassFixture<GatewayFixture>
{
    private static readonly string Appointment = $"/appointments/{Samples.AppointmentId}";
    private static readonly DateTimeOffset Asked = new(2026, 11, 22, 18, 0, 0, TimeSpan.Zero);
    private readonly GatewayFixture _gateway;

    public AppointmentPagesTests(GatewayFixture gateway)
    {
        _gateway = gateway;
        Samples.Use(gateway);
    }

    private static readonly MyAppointment Rebooking = Samples.Appointment with
    {
        PatientRequest = PatientRequest.RebookRequested,
        RequestOpen = true,
        CanAccept = false,
        CanChange = false,
        CanWithdraw = true,
        PatientRequestAt = Asked,
        CallBackBy = new DateOnly(2026, 11, 25),
    };

    public static TheoryData<string, MyAppointment, string[]> States => new()
    {
        { "came", Samples.Appointment with { PasStatus = PasStatus.Fulfilled, Start = Samples.Start.AddMonths(-8) }, ["You came", "Our records say that you came to this appointment."] },
        { "missed", Samples.Appointment with { PasStatus = PasStatus.NoShow, Start = Samples.Start.AddMonths(-8) }, ["You did not come", "If that is wrong, or you still need it, phone 0113 496 0001"] },
        { "over", Samples.Appointment with { Start = Samples.Start.AddMonths(-1) }, ["In the past", "This appointment was on Monday 9 November 2026 at 2:30pm"] },
        { "cancelled as asked", Samples.Appointment with { PasStatus = PasStatus.Cancelled, PatientRequest = PatientRequest.CancellationRequested, PatientRequestAt = Asked }, ["Cancelled", "You had asked for this on Sunday 22 November 2026. Do not come."] },
        { "accepted", Samples.Appointment with { PatientRequest = PatientRequest.Accepted, PatientRequestAt = Asked, CanAccept = false }, ["Accepted", "You accepted this appointment on Sunday 22 November 2026."] },
        { "rebook", Rebooking, ["You asked for another time on Sunday 22 November 2026.", "The booking centre will call you by Wednesday 25 November 2026", "Until then your appointment is still booked."] },
        { "rebook, late", Rebooking with { CallBackBy = new DateOnly(2026, 11, 20) }, ["Your appointment is still booked. We should have called you by Friday 20 November 2026. Phone 0113 496 0001."] },
        { "rebook, moved", Rebooking with { MovedSinceRequest = true }, ["The time has changed since you asked: look whether it suits you now."] },
        { "claimed", Rebooking with { CanWithdraw = false }, ["The booking centre is already working on what you asked for. To take it back, phone 0113 496 0001."] },
        { "held", Rebooking, ["We wait with posting this letter until we have dealt with what you asked for."] },
        { "opened", Samples.Appointment with { LetterOpened = true }, ["You have opened this letter here, so we will not post it unless you ask us to."] },
        { "posted", Samples.Appointment with { PostedAt = Asked }, ["We have also posted this letter, on Sunday 22 November 2026."] },
        { "no letter yet", Samples.Appointment with { LetterId = null, CanAccept = false }, ["The letter is not ready yet. We will post it on Thursday 26 November 2026"] },
        { "by phone", Samples.Appointment with { Medium = AppointmentMedium.Telephone, SiteMap = null }, ["By phone: we call you", "Keep your phone near you."] },
    };

    [Theory, MemberData(nameof(States))]
    public async Task Each_state_is_said_in_words_with_dates(string state, MyAppointment appointment, string[] words)
    {
        Samples.Use(_gateway, appointment);
        var browser = _gateway.NewBrowser();
        await browser.SignInAsync();
        var page = await browser.GetAsync(Appointment);
        foreach (var sentence in words) page.Main.ShouldContain(sentence, Case.Sensitive, state);
        var isToCome = appointment.PasStatus == PasStatus.Booked && appointment.Start > _gateway.Time.GetUtcNow();
        page.Main.Contains("Add to your calendar", StringComparison.Ordinal).ShouldBe(isToCome, state);
        page.Document.QuerySelectorAll($"a[href='{Appointment}/cancel']").Length.ShouldBe(isToCome && appointment.CanChange ? 1 : 0, state);
    }

    [Theory] // A17: what was asked for, or goes in any case, is not stopped by opening it
    [InlineData(PostProgress.Waiting, true, false, "You asked for this letter by post. We will post it on Thursday 26 November 2026.")]
    [InlineData(PostProgress.Waiting, false, true, "We will also post this letter to you, on Thursday 26 November 2026.")]
    [InlineData(PostProgress.Waiting, false, false, "unless you open it here before")]
    [InlineData(PostProgress.Printing, false, false, "This letter is being printed now.")]
    [InlineData(PostProgress.ByPeople, false, false, "Hospital staff are getting this letter ready for you.")]
    public async Task What_the_post_does_is_said_on_the_appointment_too(PostProgress progress, bool requested, bool anyway, string words)
    {
        Samples.Use(_gateway, Samples.Appointment);
        Samples.Use(_gateway, new PostStanding { Progress = progress, HandOverAt = Samples.Appointment.PostDueAt, Requested = requested, Anyway = anyway, CanRequest = false });
        var browser = _gateway.NewBrowser();
        await browser.SignInAsync();
        var page = await browser.GetAsync(Appointment);
        Samples.Use(_gateway, Samples.Post);
        page.Main.ShouldContain(words);
        page.Main.Contains("unless you open it", StringComparison.Ordinal).ShouldBe(words.Contains("unless", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_done_is_confirmed_with_name_date_and_time()
    {
        Samples.Use(_gateway, Rebooking);
        var browser = _gateway.NewBrowser();
        await browser.SignInAsync();
        var banner = (await browser.GetAsync(Appointment + "?did=rebook")).Document.QuerySelector(".nhsuk-notification-banner")!.TextContent;
        banner.ShouldContain("You have asked for another time");
        banner.ShouldContain("Amy Okonkwo-Smith, Wednesday 9 December 2026 at 2:30pm");
    }

    [Fact] // R24, A25
    public async Task Links_to_other_calendars_tell_title_time_and_place_only()
    {
        Samples.Use(_gateway, Samples.Appointment with { End = Samples.Start.AddMinutes(40) });
        var browser = _gateway.NewBrowser();
        await browser.SignInAsync();
        var links = (await browser.GetAsync(Appointment)).Document.QuerySelectorAll("main a[href^='https:']").Select(link => link.GetAttribute("href")!).ToList();
        const string Place = "St%20James%27s%20University%20Hospital%2C%20Beckett%20Street%2C%20Leeds%2C%20LS9%207TF";
        links.ShouldBe(
        [
            $"https://calendar.google.com/calendar/r/eventedit?text=Hospital%20appointment&dates=20261209T143000Z/20261209T151000Z&location={Place}",
            $"https://outlook.live.com/calendar/action/compose?subject=Hospital%20appointment&startdt=2026-12-09T14%3A30%3A00Z&enddt=2026-12-09T15%3A10%3A00Z&location={Place}",
            $"https://outlook.office.com/calendar/action/compose?subject=Hospital%20appointment&startdt=2026-12-09T14%3A30%3A00Z&enddt=2026-12-09T15%3A10%3A00Z&location={Place}",
        ]);
        foreach (var secret in new[] { "Eye", "Amy", "0113", "glasses" }) links.ShouldAllBe(link => !link.Contains(secret, StringComparison.OrdinalIgnoreCase));
        Samples.Use(_gateway, Samples.Appointment with { Medium = AppointmentMedium.Video });
        (await browser.GetAsync(Appointment)).Document.QuerySelector("a[href*='calendar.google.com']")!.GetAttribute("href")!.ShouldEndWith("&location=By%20video");
    }

    [Fact] // R25
    public async Task Getting_there_has_address_map_words_directions_and_parking()
    {
        var browser = _gateway.NewBrowser();
        await browser.SignInAsync();
        (await browser.GetAsync(Appointment)).Document.QuerySelector($"a[href='{Appointment}/getting-there']").ShouldNotBeNull();
        var page = await browser.GetAsync(Appointment + "/getting-there");
        foreach (var words in new[] { "Beckett Street", "Buses 5 and 16 stop at the door.", "Car park B, 5 minutes on foot.", "It has no streets.", "Amy Okonkwo-Smith", "0113 496 0001" }) page.Main.ShouldContain(words);
        var picture = page.Document.QuerySelector("main img")!;
        (picture.GetAttribute("src"), picture.GetAttribute("alt")!.Contains("St James's University Hospital", StringComparison.Ordinal)).ShouldBe(($"{Appointment}/map", true));
        page.Document.QuerySelector("a[href^='https://www.google.com/maps/dir/']")!.GetAttribute("href")!.ShouldEndWith("destination=St%20James%27s%20University%20Hospital%2C%20Beckett%20Street%2C%20Leeds%2C%20LS9%207TF");
        page.Document.QuerySelectorAll("iframe, main script").ShouldBeEmpty();

        var map = await browser.GetAsync(Appointment + "/map");
        map.Response.Content.Headers.ContentType!.MediaType.ShouldBe("image/svg+xml");
        map.Response.Content.Headers.ContentDisposition!.ToString().ShouldBe("inline; filename=hospital-map.svg");
        map.Response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        map.Response.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("default-src 'none'");
        (await browser.GetAsync(Appointment + "/map?download=true")).Response.Content.Headers.ContentDisposition!.ToString().ShouldBe("attachment; filename=hospital-map.pdf");
    }

    [Fact]
    public async Task A_map_that_is_a_document_is_opened_and_one_that_is_not_there_is_not_promised()
    {
        var browser = _gateway.NewBrowser();
        await browser.SignInAsync();
        Samples.Use(_gateway, Samples.Appointment with { SiteMap = new SiteMap { Drawn = false, ContentType = "application/pdf", Bytes = 123_456 } });
        var document = await browser.GetAsync(Appointment + "/getting-there");
        document.Main.ShouldContain("Open the map (PDF, 120 kB)");
        document.Document.QuerySelectorAll("main img").ShouldBeEmpty();
        Samples.Use(_gateway, Samples.Appointment with { SiteMap = null, SiteParking = null, SiteDirections = null });
        var none = await browser.GetAsync(Appointment + "/getting-there");
        none.Main.ShouldContain("We have no map of this place.");
        none.Main.ShouldContain("We hold no notes about parking or access here.");
        none.Document.QuerySelectorAll($"a[href='{Appointment}/map']").ShouldBeEmpty();
        Samples.Use(_gateway, Samples.Appointment with { Medium = AppointmentMedium.Video, SiteMap = null });
        (await browser.GetAsync(Appointment + "/getting-there")).Main.ShouldContain("You do not need to travel for this appointment.");
        _gateway.Appointments.On($"GET /api/me/appointments/{Samples.AppointmentId}/map", () => Results.Text("<script>", "text/html"));
        (await browser.GetAsync(Appointment + "/map")).Status.ShouldBe(HttpStatusCode.ServiceUnavailable, "nothing that a browser would run");
    }

    [Theory] // R22, R23: the desk reads English whatever the page was in
    [InlineData("rebook", "relay", "After 2pm", "Relay UK. After 2pm")]
    [InlineData("rebook", "phone", "", "Phone call")]
    [InlineData("cancel", "", "mornings", "mornings")]
    [InlineData("cancel", "", "", null)]
    public async Task A_request_says_how_to_reach_the_patient(string request, string way, string when, string? words)
    {
        var browser = _gateway.NewBrowser();
        await browser.SignInAsync();
        var form = await browser.GetAsync($"{Appointment}/{request}");
        form.Main.ShouldContain("You can do this online until 2:30pm on Friday 4 December 2026.");
        (await browser.SubmitAsync(form, "main form", ("ReachBy", way), ("HowToReach", when))).Location.ShouldBe($"{Appointment}?did={request}");
        JsonDocument.Parse(_gateway.Appointments.Requests.Last(r => r.Path.EndsWith("/" + request, StringComparison.Ordinal)).Body).RootElement.GetProperty("howToReach").GetString().ShouldBe(words);
    }

    [Theory] // Bad input of the issue, in each field
    [InlineData(10_000, null)]
    [InlineData(null, "   ")]
    [InlineData(null, "<script>alert(1)</script>")]
    [InlineData(null, "'; drop table task; --")]
    [InlineData(null, "לא ביום שני")]
    [InlineData(null, "👨‍👩‍👧 not on Mondays")]
    public async Task Bad_words_are_refused_or_passed_on_as_words(int? length, string? typed)
    {
        var browser = _gateway.NewBrowser();
        await browser.SignInAsync();
        var words = length is { } characters ? new string('x', characters) : typed!;
        foreach (var (request, field) in new[] { ("rebook", "UnsuitableTimes"), ("rebook", "HowToReach"), ("cancel", "Details"), ("cancel", "HowToReach") })
        {
            var page = await browser.SubmitAsync(await browser.GetAsync($"{Appointment}/{request}"), "main form", (field, words));
            if (length is null)
            {
                page.Status.ShouldBe(HttpStatusCode.SeeOther, field);
                continue;
            }
            page.Errors.Single().Href.ShouldBe("#" + field);
            page.Document.QuerySelector("#" + field)!.TextContent.Length.ShouldBe(words.Length, "typed words survive an error");
        }
    }

    [Fact] // A replayed form: the service answers a repeat as it did, or says that things changed; the page follows either
    public async Task A_replayed_form_does_no_harm()
    {
        var browser = _gateway.NewBrowser();
        await browser.SignInAsync();
        var form = await browser.GetAsync(Appointment + "/cancel");
        (await browser.SubmitAsync(form, "main form")).Location.ShouldBe(Appointment + "?did=cancel");
        _gateway.Appointments.On($"POST /api/me/appointments/{Samples.AppointmentId}/cancel", () => Results.Problem(statusCode: 409, extensions: new Dictionary<string, object?> { ["code"] = "superseded" }));
        var again = await browser.FollowAsync(await browser.SubmitAsync(form, "main form"));
        again.Main.ShouldContain("Look again below. What you sent has not been saved.");
    }

    [Fact]
    public async Task Home_counts_what_was_sent_lately_and_what_did_not_arrive()
    {
        var sent = _gateway.Time.GetUtcNow().AddDays(-2);
        _gateway.Notifications.On("GET /api/me/messages", new[] { Samples.Messages[0] with { SentAt = sent }, Samples.Messages[0] with { SentAt = sent, Status = "failed" }, Samples.Messages[0] with { SentAt = sent.AddDays(-9) } });
        var browser = _gateway.NewBrowser();
        await browser.SignInAsync();
        var home = await browser.GetAsync("/home");
        home.Main.ShouldContain("We sent you 2 messages in the last 7 days.");
        home.Main.ShouldContain("1 of them could not be delivered");
        _gateway.Notifications.On("GET /api/me/messages", () => Results.Problem(statusCode: 404));
        (await browser.GetAsync("/home")).Main.ShouldContain("We sent you no messages in the last 7 days.");
    }
}
