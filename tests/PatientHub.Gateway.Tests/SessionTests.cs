using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using PatientHub.Gateway.Tests.Support;
using StackExchange.Redis;

namespace PatientHub.Gateway.Tests;

public sealed class SessionTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    private const string Session = "__Host-session";

    [Fact]
    public async Task Cookies_are_host_only_secure_hidden_from_scripts_and_lax()
    {
        var browser = gateway.NewBrowser();
        await browser.GetAsync("/p/Zm9vYmFyYmF6cXV4MTIzNDU2");
        await browser.SignInAsync();
        var set = browser.SetCookies.Where(cookie => !cookie.Contains("expires=Thu, 01 Jan 1970", StringComparison.OrdinalIgnoreCase)).ToList();
        set.Select(cookie => cookie.Split('=')[0]).Distinct().Order().ShouldBe(["__Host-anti-forgery", "__Host-link", "__Host-session", "__Host-sign-in"]);
        foreach (var attributes in set.Select(cookie => cookie.ToLowerInvariant()))
        {
            attributes.ShouldContain("; path=/");
            attributes.ShouldContain("; secure");
            attributes.ShouldContain("; httponly");
            attributes.ShouldContain("; samesite=lax");
            attributes.ShouldNotContain("domain=");
        }
        var session = set.Single(cookie => cookie.StartsWith(Session, StringComparison.Ordinal)).ToLowerInvariant();
        session.ShouldNotContain("max-age", Case.Insensitive, "R12: nothing remembers the patient");
        session.ShouldNotContain("expires");
        browser.Cookies[Session].Length.ShouldBe(43, "256 random bits and nothing else");
    }

    [Fact]
    public async Task Redis_holds_neither_the_cookie_nor_a_name_nor_a_token_in_clear()
    {
        var browser = gateway.NewBrowser();
        await browser.SignInAsync();
        var redis = gateway.Services.GetRequiredService<IConnectionMultiplexer>();
        var db = redis.GetDatabase();
        var cookie = browser.Cookies[Session];
        redis.GetServers().Single().Keys().ShouldAllBe(key => !key.ToString().Contains(cookie));
        // Others' sessions are in the same Redis, and some of them are old: only this one is looked into.
        var key = "session:" + Base64Url.EncodeToString(SHA256.HashData(Base64Url.DecodeFromChars(cookie)));
        var value = System.Text.Encoding.Latin1.GetString((byte[])(await db.StringGetAsync(key))!);
        value.ShouldNotBeEmpty();
        value.ShouldNotContain("Okonkwo");
        value.ShouldNotContain("eyJ");
        (await db.KeyTimeToLiveAsync(key))!.Value.ShouldBeInRange(TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10));
    }

    [Fact]
    public async Task After_sign_out_the_old_cookie_is_refused()
    {
        var browser = gateway.NewBrowser();
        var home = await browser.SignInAsync();
        var stolen = browser.Cookies[Session];
        var out_ = await browser.SubmitAsync(home, "form[action='/sign-out']");
        out_.Status.ShouldBe(HttpStatusCode.SeeOther);
        out_.Response.Headers.GetValues("Clear-Site-Data").Single().ShouldContain("\"cookies\"");
        gateway.Identity.EndedSessions.ShouldContain(gateway.Identity.LastSessionId);
        browser.Cookies.Keys.ShouldNotContain(Session);

        var thief = gateway.NewBrowser();
        thief.Cookies[Session] = stolen;
        (await thief.GetAsync("/home")).Location.ShouldBe("/signed-out?why=ended");
    }

    [Fact]
    public async Task A_session_id_that_somebody_planted_is_not_taken_over()
    {
        var browser = gateway.NewBrowser();
        browser.Cookies[Session] = new string('A', 43);
        await browser.SignInAsync();
        browser.Cookies[Session].ShouldNotBe(new string('A', 43));
    }

    [Fact]
    public async Task Who_is_signed_in_is_told_so_and_only_a_post_switches()
    {
        var browser = gateway.NewBrowser();
        await browser.SignInAsync();
        var page = await browser.OpenAsync("/p/Zm9vYmFyYmF6cXV4MTIzNDU2");
        page.Heading.ShouldBe("Someone else is signed in");
        var signIn = await browser.OpenAsync("/sign-in");
        signIn.Heading.ShouldBe("You are signed in as Amy Okonkwo-Smith");
        signIn.Document.QuerySelector("#Identifier").ShouldBeNull();
        (await browser.FollowAsync(await browser.SubmitAsync(signIn, "main form[action='/sign-out']"))).Heading.ShouldBe("You are signed out");
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("../../../etc/passwd")]
    [InlineData("%00%00")]
    public async Task An_invented_or_cut_cookie_opens_nothing(string cookie)
    {
        var browser = gateway.NewBrowser();
        browser.Cookies[Session] = cookie;
        var page = await browser.GetAsync("/home");
        page.Status.ShouldBe(HttpStatusCode.SeeOther);
        page.Location.ShouldBeOneOf("/sign-in", "/signed-out?why=ended");
    }

    [Fact]
    public async Task A_cookie_cut_in_half_opens_nothing()
    {
        var browser = gateway.NewBrowser();
        await browser.SignInAsync();
        browser.Cookies[Session] = browser.Cookies[Session][..21];
        (await browser.GetAsync("/home")).Location.ShouldBe("/signed-out?why=ended");
    }

    [Fact]
    public async Task The_session_ends_when_Identity_no_longer_renews_its_token()
    {
        var browser = gateway.NewBrowser();
        await browser.SignInAsync();
        gateway.Identity.EndedSessions.Add(gateway.Identity.LastSessionId);
        gateway.Time.Advance(TimeSpan.FromSeconds(55));
        (await browser.GetAsync("/letters")).Location.ShouldBe("/signed-out?why=ended");
        (await browser.GetAsync("/home")).Location.ShouldBeOneOf("/sign-in", "/signed-out?why=ended");
    }

    [Fact]
    public async Task A20_sixty_minutes_are_the_most()
    {
        var browser = gateway.NewBrowser();
        await browser.SignInAsync();
        gateway.Time.Advance(TimeSpan.FromMinutes(61));
        (await browser.GetAsync("/home")).Location.ShouldBe("/signed-out?why=ended");
    }

    [Fact]
    public async Task Staying_signed_in_is_a_post()
    {
        var browser = gateway.NewBrowser();
        var home = await browser.SignInAsync();
        (await browser.SubmitAsync(home, "form[action='/session/stay']")).Location.ShouldBe("/home");
        home.Document.QuerySelector("dialog")!.GetAttribute("data-warn-seconds").ShouldBe("480");
        (await browser.GetAsync("/sign-out")).Location.ShouldBe("/");
        (await browser.GetAsync("/home")).Status.ShouldBe(HttpStatusCode.OK);
    }
}
