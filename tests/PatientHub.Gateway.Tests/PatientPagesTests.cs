using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Gateway.Tests.Support;

namespace PatientHub.Gateway.Tests;

public sealed class PatientPagesTests : IClassFixture<GatewayFixture>
{
    private static readonly string Appointment = $"/appointments/{Samples.AppointmentId}";
    private static readonly string Letter = $"/letters/{Samples.LetterId}";
    private readonly GatewayFixture _gateway;

    public PatientPagesTests(GatewayFixture gateway)
    {
        _gateway = gateway;
        Samples.Use(gateway);
    }

    private static readonly DateTimeOffset At = new(2026, 11, 23, 20, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Home_shows_what_needs_an_answer_and_unread_letters()
    {
        var page = await _gateway.NewBrowser().SignInAsync();
        page.Main.ShouldContain("1 appointment needs your answer");
        page.Main.ShouldContain("Wednesday 9 December 2026 at 2:30pm");
        page.Main.ShouldContain("You have 1 letter that you have not opened");
        page.Main.ShouldContain("0113 518 1823");
    }

    [Fact]
    public async Task Every_signed_in_page_names_the_patient_and_shows_the_phone_number()
    {
        var browser = _gateway.NewBrowser();
        await browser.SignInAsync();
        foreach (var path in SignedInPages)
        {
            var page = await browser.GetAsync(path);
            page.Status.ShouldBe(HttpStatusCode.OK, path);
            page.Document.QuerySelector(".hub-patient")!.TextContent.ShouldContain("Amy Okonkwo-Smith", Case.Sensitive, path);
            page.Main.ShouldContain("0113 518 1823", Case.Sensitive, path);
            page.Main.ShouldContain("Monday to Friday, 8am to 6pm", Case.Sensitive, path);
            page.Document.QuerySelectorAll("script:not([src]), style, [style]").ShouldBeEmpty();
            page.Document.QuerySelectorAll("form[method=post]").ShouldAllBe(form => form.QuerySelector("input[name=__RequestVerificationToken]") != null, path);
        }
    }

    public static readonly string[] SignedInPages = ["/home", "/appointments/past", Appointment, Appointment + "/rebook", Appointment + "/cancel", Appointment + "/getting-there", "/letters", Letter, Letter + "?print=large", Letter + "/enclosures/1", Letter + "/versions/1", "/messages", "/preferences", "/preferences/opt-out", "/preferences/opt-in", "/preferences/wrong-details", "/preferences/calendar"];

    [Fact]
    public async Task Signed_in_pages_are_for_the_signed_in()
    {
        foreach (var path in SignedInPages.Append(Letter + "/pdf").Append(Appointment + "/calendar.ics").Append(Appointment + "/map"))
            (await _gateway.NewBrowser().GetAsync(path)).Location.ShouldBe("/sign-in", path);
    }

    [Fact]
    public async Task The_appointment_page_says_when_where_how_and_until_when()
    {
        var browser = _gateway.NewBrowser();
        await browser.SignInAsync();
        var page = await browser.GetAsync(Appointment);
        page.Heading.ShouldContain("Wednesday 9 December 2026 at 2:30pm");
        page.Main.ShouldContain("Face to face, at the hospital");
        page.Main.ShouldContain("Bring your glasses.");
        page.Main.ShouldContain("0113 496 0001");
        page.Main.ShouldContain("You can change this online until 2:30pm on Friday 4 December 2026");
        page.Main.ShouldContain("We will post this letter on Thursday 26 November 2026, unless you open it here before.");
        page.Document.QuerySelector($"a[href='{Letter}']")!.TextContent.ShouldBe("Read the letter and accept");
        page.Document.QuerySelectorAll("a").Select(link => link.TextContent.Trim()).ShouldContain("Ask to cancel", "A21");
        _gateway.Letters.Requests.ShouldAllBe(request => request.Path != $"/api/me/letters/{Samples.LetterId}" || request.Method == "GET");
    }

    [Fact]
    public async Task R21_inside_five_days_there_is_the_phone_number_instead_of_buttons()
    {
        Samples.Use(_gateway, Samples.Appointment with { CanChange = false, ChangeUntil = _gateway.Time.GetUtcNow().AddMinutes(-1) });
        var browser = _gateway.NewBrowser();
        await browser.SignInAsync();
        var page = await browser.GetAsync(Appointment);
        page.Main.ShouldContain("It is now less than 5 days to your appointment. To change or cancel this appointment, phone 0113 496 0001");
        page.Document.QuerySelectorAll($"a[href='{Appointment}/cancel'], a[href='{Appointment}/rebook']").ShouldBeEmpty();
        (await browser.GetAsync(Appointment + "/cancel")).Location.ShouldBe(Appointment);
    }

    [Theory]
    [InlineData("inside-five-days", "It is too late to change this online")]
    [InlineData("superseded", "This appointment has changed")]
    [InlineData("<script>", "This appointment has changed")]
    public async Task A_refused_answer_says_why_and_what_to_do(string code, string heading)
    {
        _gateway.Appointments.On($"POST /api/me/appointments/{Samples.AppointmentId}/cancel", () => Results.Problem(statusCode: 409, extensions: new Dictionary<string, object?> { ["code"] = code, ["phone"] = "0113 496 0001" }));
        var browser = _gateway.NewBrowser();
        await browser.SignInAsync();
        var form = await browser.GetAsync(Appointment + "/cancel");
        var page = await browser.FollowAsync(await browser.SubmitAsync(form, "main form"));
        page.Document.QuerySelector(".nhsuk-notification-banner__heading")!.TextContent.ShouldBe(heading);
        page.Document.QuerySelectorAll("main script").ShouldBeEmpty();
    }

    [Fact]
    public async Task Accept_stands_below_the_letter_and_names_the_version_shown()
    {
        var browser = _gateway.NewBrowser();
        await browser.SignInAsync();
        var letter = await browser.GetAsync(Letter);
        letter.Main.ShouldContain("Dear Ms Okonkwo-Smith");
        letter.Main.ShouldContain("This letter replaces our letter of Tuesday 3 November 2026");
        letter.Text.IndexOf("Accept this appointment", StringComparison.Ordinal).ShouldBeGreaterThan(letter.Text.IndexOf("Dear Ms", StringComparison.Ordinal));
        var answer = await browser.SubmitAsync(letter, $"form[action='{Letter}/accept']");
        answer.Location.ShouldBe(Appointment + "?did=accept");
        var body = JsonDocument.Parse(_gateway.Appointments.Requests.Last(request => request.Path.EndsWith("/accept", StringComparison.Ordinal)).Body).RootElement;
        body.GetProperty("letterVersion").GetInt32().ShouldBe(2);
        body.GetProperty("revision").GetInt32().ShouldBe(3);
        body.GetProperty("letterId").GetGuid().ShouldBe(Samples.LetterId);
        // The page believes the appointment's own state, not the address.
        (await browser.GetAsync(answer.Location)).Document.QuerySelector(".nhsuk-notification-banner").ShouldBeNull();
        Samples.Use(_gateway, Samples.Appointment with { PatientRequest = PatientRequest.Accepted, PatientRequestAt = At });
        (await browser.GetAsync(answer.Location)).Main.ShouldContain("You have accepted this appointment");
    }

    [Fact] // R1, R21
    public async Task A_letter_whose_appointment_cannot_be_changed_online_names_the_phone()
    {
        var browser = _gateway.NewBrowser();
        await browser.SignInAsync();
        (await browser.GetAsync(Letter)).Main.ShouldContain("If you cannot come, change or cancel the appointment.");
        Samples.Use(_gateway, Samples.Appointment with { CanChange = false });
        var letter = await browser.GetAsync(Letter);
        letter.Main.ShouldContain("If you cannot come, phone 0113 496 0001");
        letter.Main.ShouldContain("Accept this appointment");
    }

    [Fact]
    public async Task Rebook_sends_the_patients_words_and_the_version_shown()
    {
        var browser = _gateway.NewBrowser();
        await browser.SignInAsync();
        var form = await browser.GetAsync(Appointment + "/rebook");
        form.Main.ShouldContain("Amy Okonkwo-Smith");
        (await browser.SubmitAsync(form, "main form", ("UnsuitableTimes", "Mondays\r\nbefore 10am"), ("HowToReach", "  "))).Location.ShouldBe(Appointment + "?did=rebook");
        var body = JsonDocument.Parse(_gateway.Appointments.Requests.Last(request => request.Path.EndsWith("/rebook", StringComparison.Ordinal)).Body).RootElement;
        body.GetProperty("unsuitableTimes").GetString().ShouldBe("Mondays\nbefore 10am");
        body.GetProperty("version").GetInt32().ShouldBe(7);
        var tooLong = await browser.SubmitAsync(form, "main form", ("UnsuitableTimes", new string('x', 501)));
        tooLong.Errors.Single().Href.ShouldBe("#UnsuitableTimes");
        tooLong.Document.QuerySelector("textarea")!.TextContent.Length.ShouldBeGreaterThan(500, "typed words survive an error");
    }

    [Theory]
    [InlineData("cancel", "Reason", "pigeon", "Select one of the reasons, or none")]
    [InlineData("cancel", "Details", 401, "What else we should know must be 400 characters or less")]
    [InlineData("rebook", "HowToReach", 401, "When we can reach you must be 400 characters or less")]
    [InlineData("cancel", "HowToReach", 401, "When we can reach you must be 400 characters or less")]
    [InlineData("rebook", "ReachBy", "pigeon", "Select one of the ways to reach you, or none")]
    public async Task Nonsense_in_a_request_says_what_to_do_and_asks_for_nothing(string request, string field, object typed, string error)
    {
        var browser = _gateway.NewBrowser();
        await browser.SignInAsync();
        var asked = _gateway.Appointments.Requests.Count(r => r.Method == "POST");
        var page = await browser.SubmitAsync(await browser.GetAsync($"{Appointment}/{request}"), "main form", (field, typed is int length ? new string('x', length) : (string)typed));
        page.Title.ShouldStartWith("Error: ");
        page.Errors.ShouldHaveSingleItem().Text.ShouldBe(error);
        page.Document.QuerySelector(page.Errors[0].Href).ShouldNotBeNull("the summary leads to the field");
        _gateway.Appointments.Requests.Count(r => r.Method == "POST").ShouldBe(asked);
    }

    [Fact]
    public async Task An_open_request_is_said_on_the_page_and_can_be_taken_back()
    {
        Samples.Use(_gateway, Samples.Appointment with { PatientRequest = PatientRequest.CancellationRequested, RequestOpen = true, CanWithdraw = true, CanChange = false, CanAccept = false, CallBackBy = new DateOnly(2026, 11, 25) });
        var browser = _gateway.NewBrowser();
        await browser.SignInAsync();
        var page = await browser.GetAsync(Appointment);
        page.Main.ShouldContain("Until then your appointment is still booked. If we have not called by Wednesday 25 November 2026, phone 0113 496 0001");
        (await browser.SubmitAsync(page, $"form[action='{Appointment}/withdraw']")).Location.ShouldBe(Appointment + "?did=withdraw");
    }

    [Fact]
    public async Task Anothers_appointment_letter_and_file_are_not_found()
    {
        var browser = _gateway.NewBrowser();
        await browser.SignInAsync();
        var other = Guid.CreateVersion7();
        foreach (var path in new[] { $"/appointments/{other}", $"/appointments/{other}/rebook", $"/appointments/{other}/calendar.ics", $"/appointments/{other}/getting-there", $"/appointments/{other}/map", $"/appointments/{other}/cancel", $"/letters/{other}", $"/letters/{other}/pdf", "/appointments/1", "/letters/..%2f..%2finternal" })
        {
            var page = await browser.GetAsync(path);
            page.Status.ShouldBe(HttpStatusCode.NotFound, path);
            page.Heading.ShouldBe("Page not found", path);
        }
    }

    [Fact]
    public async Task Files_come_through_with_neutral_names()
    {
        var browser = _gateway.NewBrowser();
        await browser.SignInAsync();
        var pdf = await browser.GetAsync(Letter + "/pdf");
        pdf.Response.Content.Headers.ContentType!.MediaType.ShouldBe("application/pdf");
        pdf.Response.Content.Headers.ContentDisposition!.ToString().ShouldContain("hospital-letter.pdf");
        pdf.Response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var calendar = await browser.GetAsync(Appointment + "/calendar.ics");
        calendar.Text.ShouldBe("BEGIN:VCALENDAR");
        calendar.Response.Content.Headers.ContentDisposition!.ToString().ShouldContain("hospital-appointment.ics");
    }

    [Fact]
    public async Task Reading_changes_nothing()
    {
        var browser = _gateway.NewBrowser();
        await browser.SignInAsync();
        var services = new[] { _gateway.Appointments, _gateway.Letters, _gateway.Notifications };
        var before = services.Sum(service => service.Requests.Count(request => request.Method != "GET"));
        foreach (var path in SignedInPages.Concat([Appointment + "/withdraw", Letter + "/accept", "/sign-out", "/session/stay", "/sign-in/new-code", "/p/Zm9vYmFyYmF6cXV4MTIzNDU2"]))
            await browser.GetAsync(path);
        services.Sum(service => service.Requests.Count(request => request.Method != "GET")).ShouldBe(before);
        (await browser.GetAsync("/home")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A27_a_prefetch_is_passed_on_as_one()
    {
        var browser = _gateway.NewBrowser();
        await browser.SignInAsync();
        await browser.SendAsync(new HttpRequestMessage(HttpMethod.Get, Letter) { Headers = { { "Sec-Purpose", "prefetch;prerender" } } });
        _gateway.Letters.Requests.Last(request => request.Path == $"/api/me{Letter}").Headers["Sec-Purpose"].ShouldBe("prefetch");
        await browser.GetAsync(Letter);
        _gateway.Letters.Requests.Last(request => request.Path == $"/api/me{Letter}").Headers.Keys.ShouldNotContain("Sec-Purpose");
    }

    [Fact]
    public async Task Words_of_a_clinic_or_a_patient_are_words()
    {
        Samples.Use(_gateway, Samples.Appointment with { ClinicName = "<script>alert(1)</script>", Preparation = "<img src=x onerror=alert(1)>" });
        var browser = _gateway.NewBrowser();
        await browser.SignInAsync();
        var page = await browser.GetAsync(Appointment);
        page.Document.QuerySelectorAll("main script, main img").ShouldBeEmpty();
        page.Main.ShouldContain("<script>alert(1)</script>");
    }

    [Fact]
    public async Task The_api_takes_the_session_only_with_the_anti_forgery_header()
    {
        var browser = _gateway.NewBrowser();
        var home = await browser.SignInAsync();
        (await browser.GetAsync("/api/me/letters")).Status.ShouldBe(HttpStatusCode.Forbidden);
        var token = home.Document.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        (await Api(token, "same-origin")).Status.ShouldBe(HttpStatusCode.OK);
        (await Api(token, "cross-site")).Status.ShouldBe(HttpStatusCode.Forbidden);
        _gateway.Letters.Requests.Last(request => request.Path == "/api/me/letters").Headers["Authorization"].ShouldStartWith("Bearer ey");
        _gateway.Letters.Requests.ShouldAllBe(request => !request.Headers.ContainsKey("Cookie"));

        Task<Page> Api(string value, string site) => browser.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/api/me/letters") { Headers = { { "RequestVerificationToken", value }, { "Sec-Fetch-Site", site } } });
    }
}
