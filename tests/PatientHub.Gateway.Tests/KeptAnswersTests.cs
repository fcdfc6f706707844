using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PatientHub.Gateway.Session;
using PatientHub.Gateway.Tests.Support;
using PatientHub.Identity.Contracts.Http;
using StackExchange.Redis;

namespace PatientHub.Gateway.Tests;

/// <summary>"Typed answers survive a time-out": kept on the server for the same patient, never shown to another, never sent by themselves.</summary>
public sealed class KeptAnswersTests : IClassFixture<GatewayFixture>
{
    private const string Answers = "__Host-answers";
    private static readonly string Rebook = $"/appointments/{Samples.AppointmentId}/rebook";
    private readonly GatewayFixture _gateway;

    public KeptAnswersTests(GatewayFixture gateway)
    {
        _gateway = gateway;
        Samples.Use(gateway);
        gateway.Identity.AfterCode = SignInOutcome.SignedIn;
    }

    [Fact]
    public async Task What_was_typed_before_a_time_out_is_there_after_signing_in_again()
    {
        var (browser, form) = await OpenFormAsync();
        _gateway.Time.Advance(TimeSpan.FromMinutes(61));
        var before = _gateway.Appointments.Requests.Count(request => request.Method == "POST");
        var late = await browser.SubmitAsync(form, "main form", ("UnsuitableTimes", "Not on Mondays – my daughter’s <day>"));
        late.Location.ShouldBe("/signed-out?why=kept");
        (await browser.FollowAsync(late)).Main.ShouldContain("What you typed has not been sent");
        _gateway.Appointments.Requests.Count(request => request.Method == "POST").ShouldBe(before, "nothing is sent by itself");
        late.Location.ShouldNotContain("Monday");

        var again = await browser.SignInAsync();
        again.Path.ShouldBe(Rebook);
        again.Document.QuerySelector("[name=UnsuitableTimes]")!.TextContent.ShouldBe("Not on Mondays – my daughter’s <day>");
        again.Main.ShouldContain("It has not been sent yet");
        (await browser.OpenAsync(Rebook)).Document.QuerySelector("[name=UnsuitableTimes]")!.TextContent.ShouldContain("Mondays", Case.Sensitive, "looking changes nothing");

        (await browser.SubmitAsync(again, "main form")).Status.ShouldBe(HttpStatusCode.SeeOther);
        _gateway.Appointments.Requests.Last(request => request.Method == "POST").Body.ShouldContain("Not on Mondays");
        browser.Cookies.Keys.ShouldNotContain(Answers);
        (await browser.OpenAsync(Rebook)).Document.QuerySelector("[name=UnsuitableTimes]")!.TextContent.ShouldBe("");
    }

    [Fact]
    public async Task Nobody_else_sees_it_and_Redis_holds_no_word_of_it()
    {
        var browser = await KeepAsync("A very private matter");
        var redis = _gateway.Services.GetRequiredService<IConnectionMultiplexer>();
        var key = "answers:" + CookieSeal.HashOf(System.Buffers.Text.Base64Url.DecodeFromChars(browser.Cookies[Answers]));
        var value = System.Text.Encoding.Latin1.GetString((byte[])(await redis.GetDatabase().StringGetAsync(key))!);
        value.ShouldNotContain("private");
        (await redis.GetDatabase().KeyTimeToLiveAsync(key))!.Value.ShouldBeInRange(TimeSpan.FromMinutes(14), TimeSpan.FromMinutes(15));

        var kept = _gateway.Services.GetRequiredService<KeptAnswers>();
        var request = new DefaultHttpContext().Request;
        request.Headers.Cookie = $"{Answers}={browser.Cookies[Answers]}";
        (await kept.ReadAsync(request, StubIdentity.PatientId))!.Fields["UnsuitableTimes"].ShouldBe(["A very private matter"]);
        (await kept.ReadAsync(request, Guid.CreateVersion7())).ShouldBeNull("another patient at the same browser");
        request.Headers.Cookie = $"{Answers}={new string('A', 43)}";
        (await kept.ReadAsync(request, StubIdentity.PatientId)).ShouldBeNull();
    }

    [Fact]
    public async Task A_form_that_is_not_the_patients_own_is_not_kept_and_he_is_told_so()
    {
        var (browser, form) = await OpenFormAsync();
        _gateway.Time.Advance(TimeSpan.FromMinutes(61));
        var forged = await browser.SubmitAsync(form, "main form", ("UnsuitableTimes", "x"), ("__RequestVerificationToken", "forged"));
        forged.Location.ShouldBe("/signed-out?why=unsent");
        browser.Cookies.Keys.ShouldNotContain(Answers);
        (await browser.FollowAsync(forged)).Main.ShouldContain("What you just sent did not reach us");
    }

    [Fact]
    public async Task A_button_without_words_is_not_kept_and_he_is_told_that_it_did_not_reach_us()
    {
        var browser = _gateway.NewBrowser();
        await browser.SignInAsync();
        var letter = await browser.OpenAsync($"/letters/{Samples.LetterId}");
        var optOut = await browser.OpenAsync("/preferences/opt-out");
        _gateway.Time.Advance(TimeSpan.FromMinutes(61));
        var session = browser.Cookies["__Host-session"];
        foreach (var (page, form) in new[] { (letter, "form[action$='/accept']"), (optOut, "main form") })
        {
            browser.Cookies["__Host-session"] = session;
            (await browser.SubmitAsync(page, form)).Location.ShouldBe("/signed-out?why=unsent");
            browser.Cookies.Keys.ShouldNotContain(Answers);
        }
    }

    [Fact]
    public async Task After_a_sign_out_nothing_is_kept()
    {
        var (browser, form) = await OpenFormAsync();
        var cookie = browser.Cookies["__Host-session"];
        await browser.SubmitAsync(form, "form[action='/sign-out']");
        browser.Cookies["__Host-session"] = cookie;
        (await browser.SubmitAsync(form, "main form", ("UnsuitableTimes", "x"))).Location.ShouldBe("/signed-out?why=unsent");
        browser.Cookies.Keys.ShouldNotContain(Answers);
    }

    [Theory]
    [InlineData("//evil.example/", "x")]
    [InlineData("https://evil.example/", "x")]
    [InlineData("/preferences?x=1", "x")]
    [InlineData("", "x")]
    [InlineData("/preferences", null)]
    public async Task The_script_keeps_only_a_page_of_the_hub_and_only_what_is_small(string path, string? words)
    {
        var (browser, form) = await OpenFormAsync();
        var token = form.Document.QuerySelector("main input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        var page = await browser.PostAsync("/session/keep", ("__RequestVerificationToken", token), ("KeptPath", path), ("UnsuitableTimes", words ?? new string('x', 30_000)));
        page.Status.ShouldBe(HttpStatusCode.BadRequest);
        browser.Cookies.Keys.ShouldNotContain(Answers);
        (await browser.PostAsync("/session/keep", ("__RequestVerificationToken", token), ("KeptPath", Rebook), ("UnsuitableTimes", "x"))).Status.ShouldBe(HttpStatusCode.NoContent);
        browser.Cookies.Keys.ShouldContain(Answers);
    }

    [Theory] // Found by random requests (checklist 124): a browser that is closed while it sends leaves half a form.
    [InlineData("/session/keep", false, HttpStatusCode.BadRequest, "")]
    [InlineData("/preferences/wrong-details", true, HttpStatusCode.SeeOther, "/signed-out?why=unsent")]
    public async Task A_form_that_ends_in_the_middle_is_not_kept(string path, bool late, HttpStatusCode status, string location)
    {
        var browser = _gateway.NewBrowser();
        await browser.SignInAsync();
        if (late)
            _gateway.Time.Advance(TimeSpan.FromMinutes(61));
        using var half = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent($"--x\r\nContent-Disposition: form-data; name=\"KeptPath\"\r\n\r\n{Rebook}\r\n--x\r\nContent-Disposition: form-data; name=\"Right\"\r\n\r\nMy new num") };
        half.Content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
        var page = await browser.SendAsync(half);
        (page.Status, page.Location).ShouldBe((status, location));
        browser.Cookies.Keys.ShouldNotContain(Answers);
    }

    private async Task<(Browser Browser, Page Form)> OpenFormAsync()
    {
        var browser = _gateway.NewBrowser();
        await browser.SignInAsync();
        return (browser, await browser.OpenAsync(Rebook));
    }

    private async Task<Browser> KeepAsync(string words)
    {
        var (browser, form) = await OpenFormAsync();
        _gateway.Time.Advance(TimeSpan.FromMinutes(61));
        await browser.SubmitAsync(form, "main form", ("UnsuitableTimes", words));
        return browser;
    }
}
