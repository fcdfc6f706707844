using PatientHub.Gateway.Tests.Support;
using PatientHub.Identity.Contracts.Http;

namespace PatientHub.Gateway.Tests;

public sealed class UvcAndWaitPagesTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    [Fact]
    public async Task R17_several_records_ask_for_the_verification_code()
    {
        gateway.Identity.AfterCode = SignInOutcome.UvcNeeded;
        var browser = gateway.NewBrowser();
        var uvc = await browser.SignInAsync();
        uvc.Path.ShouldBe("/sign-in/uvc");
        browser.Cookies.Keys.ShouldNotContain("__Host-session");
        (await browser.SubmitAsync(uvc, "main form", ("Uvc", "12"))).Errors.ShouldBe([("#Uvc", "The User Verification Code has 6 letters and numbers")]);
        (await browser.SubmitAsync(uvc, "main form", ("Uvc", "ZZZZZZ"))).Errors.Single().Text.ShouldContain("not the right User Verification Code");
        (await browser.FollowAsync(await browser.SubmitAsync(uvc, "form[action*='Send'], form[action*='send']"))).Main.ShouldContain("We sent the User Verification Code again");
        (await browser.FollowAsync(await browser.SubmitAsync(uvc, "main form", ("Uvc", "a2b 3c-4")))).Path.ShouldBe("/home");
    }

    [Fact]
    public async Task A12_the_wait_page_says_how_long()
    {
        gateway.Identity.AfterCode = SignInOutcome.SignedIn;
        gateway.Identity.Wait = TimeSpan.FromMinutes(4);
        var browser = gateway.NewBrowser();
        var wait = await browser.FollowAsync(await browser.TypeDetailsAsync());
        gateway.Identity.Wait = null;
        wait.Path.ShouldBe("/sign-in/wait");
        wait.Main.ShouldContain("You can go on from");
        wait.Document.QuerySelector("[data-ends-in]")!.GetAttribute("data-ends-in").ShouldBe("240");
    }
}
