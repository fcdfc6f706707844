using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using PatientHub.AppHost.Local.Servers;

namespace PatientHub.Gateway.Tests;

/// <summary>A trust's own colours, and a language that is written from the right, in a real Chromium.</summary>
public sealed class LookBrowserTests(OwnLook own, ManyLanguages languages) : IClassFixture<OwnLook>, IClassFixture<ManyLanguages>
{
    private static readonly string? Pictures = Environment.GetEnvironmentVariable("PATIENTHUB_SCREENSHOTS");

    [Fact]
    public async Task Own_colours_are_seen_and_pass_axe_and_a_page_from_the_right_begins_at_the_right()
    {
        await Packages.EnsureAsync([NeededPackage.Chromium], Console.Error.WriteLine, TestContext.Current.CancellationToken);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox", "--disable-gpu", "--no-first-run"] });
        var page = await browser.NewPageAsync(new BrowserNewPageOptions { ViewportSize = new ViewportSize { Width = 320, Height = 720 } });
        await page.GotoAsync(own.PublicUrl + "/sign-in");
        await PictureAsync(page, "own-look");
        (await ColourAsync(page, ".nhsuk-header", "backgroundColor")).ShouldBe("rgb(74, 25, 66)");
        (await ColourAsync(page, "main .nhsuk-button", "backgroundColor")).ShouldBe("rgb(122, 0, 25)");
        (await ColourAsync(page, ".nhsuk-footer a", "color")).ShouldBe("rgb(74, 25, 66)");
        (await page.EvaluateAsync<int>("document.querySelector('header img').naturalWidth")).ShouldBeGreaterThan(0, "the logo is seen");
        (await page.RunAxe()).Violations.Select(violation => violation.Id).ShouldBeEmpty();

        await page.SetExtraHTTPHeadersAsync(new Dictionary<string, string> { ["Accept-Language"] = "ar" });
        await page.GotoAsync(languages.PublicUrl + "/sign-in");
        await PictureAsync(page, "from-the-right");
        (await page.EvaluateAsync<string>("getComputedStyle(document.querySelector('h1')).direction")).ShouldBe("rtl");
        (await page.EvaluateAsync<string>("getComputedStyle(document.querySelector('.nhsuk-back-link'), '::before').right")).ShouldBe("0px", "the arrow of the way back is where the words begin");
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(320);
        (await page.RunAxe()).Violations.Select(violation => violation.Id).ShouldBeEmpty();
    }

    private static Task<string> ColourAsync(IPage page, string selector, string property) => page.EvaluateAsync<string>($"getComputedStyle(document.querySelector('{selector}')).{property}");

    private static async Task PictureAsync(IPage page, string name)
    {
        if (Pictures is null)
            return;
        Directory.CreateDirectory(Pictures);
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Pictures, $"{name}-320.png"), FullPage = true });
    }
}
