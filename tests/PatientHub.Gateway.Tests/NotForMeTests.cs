using System.Net;
using PatientHub.Gateway.Tests.Support;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Testing;

namespace PatientHub.Gateway.Tests;

/// <summary>"Not for me" (A32), and a link that is opened while somebody else is signed in.</summary>
public sealed class NotForMeTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    private const string OtherToken = "Zm9vYmFyYmF6cXV4MTIzNDU2";
    private const string Other = "/p/" + OtherToken;
    private const string Reported = "/internal/contacts/wrong-person";

    [Fact]
    public async Task From_the_start_page_the_number_is_typed_and_the_answer_is_the_same_for_all()
    {
        var browser = gateway.NewBrowser();
        (await browser.GetAsync("/")).Document.QuerySelector("main a[href='/not-for-me']").ShouldNotBeNull();
        var page = await browser.GetAsync("/not-for-me");
        var answer = await browser.SubmitAsync(page, "main form", ("Identifier", " 07700 900 555 "));
        (answer.Status, answer.Location).ShouldBe((HttpStatusCode.SeeOther, "/not-for-me/done"));
        gateway.Identity.Requests.ShouldContain(request => request.Path == Reported && request.Body.Contains("07700 900 555"));
        (await browser.FollowAsync(answer)).Heading.ShouldBe("Thank you for telling us");
    }

    [Theory]
    [InlineData("", "Enter your mobile number or email address")]
    [InlineData("   ", "Enter your mobile number or email address")]
    [InlineData("<script>alert(1)</script>", "correct format")]
    [InlineData("'; drop table patient; --", "correct format")]
    [InlineData("07700 900", "correct format")]
    [InlineData("\u202E07700\U0001F600", "correct format")]
    public async Task Nonsense_is_an_error_beside_the_field(string typed, string message)
    {
        var browser = gateway.NewBrowser();
        var answer = await browser.SubmitAsync(await browser.GetAsync("/not-for-me"), "main form", ("Identifier", typed));
        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Title.ShouldStartWith("Error: ");
        answer.Errors.ShouldHaveSingleItem().Text.ShouldContain(message);
    }

    [Fact]
    public async Task After_a_link_one_button_is_enough_and_nothing_is_shown()
    {
        var browser = gateway.NewBrowser();
        var signIn = await browser.OpenAsync(Other);
        signIn.Document.QuerySelector("main a[href='/not-for-me']").ShouldNotBeNull();
        var page = await browser.GetAsync("/not-for-me");
        page.Document.QuerySelector("main input[name=Identifier]").ShouldBeNull();
        page.Text.ShouldNotContain("Okonkwo");
        for (var press = 0; press < 2; press++)
            (await browser.SubmitAsync(page, "main form")).Location.ShouldBe("/not-for-me/done");
        gateway.Identity.Requests.ShouldContain(request => request.Path == Reported && request.Body.Contains(OtherToken));
        (await browser.GetAsync("/not-for-me?by=contact")).Document.QuerySelector("main input[name=Identifier]").ShouldNotBeNull();
    }

    [Fact]
    public async Task Nothing_happens_on_a_get_or_without_the_forms_token() // A27, 102
    {
        var before = gateway.Identity.Requests.Count(request => request.Path == Reported);
        var browser = gateway.NewBrowser();
        await browser.OpenAsync(Other);
        foreach (var path in new[] { "/not-for-me", "/not-for-me?handler=Link", "/not-for-me/done" })
            await browser.GetAsync(path);
        (await browser.PostAsync("/not-for-me", ("Identifier", "07700 900 555"))).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await browser.PostAsync("/not-for-me?handler=Link")).Status.ShouldBe(HttpStatusCode.BadRequest);
        gateway.Identity.Requests.Count(request => request.Path == Reported).ShouldBe(before);
    }

    [Fact]
    public async Task Own_link_leads_home_and_anothers_says_whose_session_this_is()
    {
        Samples.Use(gateway);
        gateway.Identity.AfterCode = SignInOutcome.SignedIn;
        var browser = gateway.NewBrowser();
        await browser.SignInAsync();
        (await browser.GetAsync("/p/" + StubIdentity.LinkToken)).Location.ShouldBe("/home");
        var page = await browser.OpenAsync(Other);
        page.Path.ShouldBe("/switch");
        page.Main.ShouldContain("Amy Okonkwo-Smith is signed in here");
        (await browser.GetAsync("/home")).Status.ShouldBe(HttpStatusCode.OK, "a GET switches nothing");

        var session = gateway.Identity.LastSessionId;
        var switched = await browser.SubmitAsync(page, "main form");
        (switched.Status, switched.Location).ShouldBe((HttpStatusCode.SeeOther, "/sign-in"));
        gateway.Identity.EndedSessions.ShouldContain(session);
        (await browser.FollowAsync(switched)).Heading.ShouldBe("Sign in");
        (await browser.GetAsync("/home")).Location.ShouldNotBe("/home");
        (await browser.GetAsync("/switch")).Location.ShouldBe("/sign-in");
        await browser.TypeDetailsAsync();
        gateway.Identity.Requests.Last(request => request.Path == "/internal/sign-in/attempts").Body.ShouldContain(OtherToken);
    }
}
