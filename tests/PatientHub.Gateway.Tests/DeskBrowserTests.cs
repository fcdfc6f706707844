using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using PatientHub.AppHost.Local.Servers;
using PatientHub.Gateway.Tests.Support;

namespace PatientHub.Gateway.Tests;

/// <summary>The desk in a real Chromium: signing in across two sites, claim and close by keyboard, every page at 320 and 1280 px past axe and the Content-Security-Policy.</summary>
public sealed class DeskBrowserTests(DeskFixture gateway) : IClassFixture<DeskFixture>
{
    private static readonly string? Pictures = Environment.GetEnvironmentVariable("PATIENTHUB_SCREENSHOTS");

    [Fact]
    public async Task An_agent_signs_in_claims_notes_a_call_and_closes()
    {
        await Packages.EnsureAsync([NeededPackage.Chromium], Console.Error.WriteLine, TestContext.Current.CancellationToken);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox", "--disable-gpu", "--no-first-run"] });
        var faults = new List<string>();
        foreach (var width in (int[])[320, 1280])
        {
            gateway.Task = DeskFixture.Fresh;
            await using var context = await browser.NewContextAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = width, Height = 720 } });
            var page = await context.NewPageAsync();
            page.Console += (_, message) =>
            {
                if (message.Type == "error")
                    faults.Add($"{page.Url}: {message.Text}");
            };
            await page.GotoAsync($"{gateway.PublicUrl}/staff/tasks");
            await page.GetByRole(AriaRole.Button, new() { Name = "Grace Adeyemi" }).ClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Tasks", Level = 1 })).ToBeVisibleAsync();
            foreach (var (name, path) in DeskPages.All)
            {
                await page.GotoAsync(gateway.PublicUrl + path);
                await CheckAsync(page, name, width, faults);
            }

            // By keyboard alone.
            await page.GotoAsync($"{gateway.PublicUrl}/staff/tasks");
            await TabToAsync(page, page.GetByRole(AriaRole.Link, new() { Name = "Skip to main content" }));
            await page.Keyboard.PressAsync("Enter");
            await TabToAsync(page, page.GetByRole(AriaRole.Link, new() { Name = "Patient asks for another time" }));
            await page.Keyboard.PressAsync("Enter");
            await TabToAsync(page, page.GetByRole(AriaRole.Button, new() { Name = "Claim this task" }));
            await page.Keyboard.PressAsync("Enter");
            await Assertions.Expect(page.GetByText("The task is yours.")).ToBeVisibleAsync();
            await CheckAsync(page, "desk-task-mine", width, faults);
            await TabToAsync(page, page.GetByLabel("What came of it"));
            await page.Keyboard.TypeAsync("No answer");
            await TabToAsync(page, page.GetByRole(AriaRole.Button, new() { Name = "Note this call" }));
            await page.Keyboard.PressAsync("Enter");
            await Assertions.Expect(page.GetByText("The call is noted.")).ToBeVisibleAsync();
            await TabToAsync(page, page.GetByRole(AriaRole.Button, new() { Name = "Close this task" }));
            await page.Keyboard.PressAsync("Enter");
            await Assertions.Expect(page.Locator(".nhsuk-error-summary")).ToBeFocusedAsync();
            await CheckAsync(page, "desk-task-errors", width, faults);
            // The error leads to its field.
            await TabToAsync(page, page.GetByRole(AriaRole.Link, new() { Name = "Choose how it ended" }));
            await page.Keyboard.PressAsync("Enter");
            await Assertions.Expect(page.GetByLabel("A new time is agreed and is in the hospital system")).ToBeFocusedAsync();
            await page.Keyboard.PressAsync("ArrowDown");
            await Assertions.Expect(page.GetByLabel("The patient keeps the appointment as it is")).ToBeCheckedAsync();
            await TabToAsync(page, page.GetByRole(AriaRole.Button, new() { Name = "Close this task" }));
            await page.Keyboard.PressAsync("Enter");
            await Assertions.Expect(page.GetByText("The task is closed.")).ToBeVisibleAsync();
            await TabToAsync(page, page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }));
            await page.Keyboard.PressAsync("Enter");
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "You are signed out" })).ToBeVisibleAsync();
        }
        faults.ShouldBeEmpty();
    }

    /// <summary>Goes there as somebody without a mouse does, and sees where he is.</summary>
    private static async Task TabToAsync(IPage page, ILocator target)
    {
        await Assertions.Expect(target).ToBeAttachedAsync();
        for (var press = 0; press < 60; press++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await target.EvaluateAsync<bool>("field => field === document.activeElement"))
            {
                (await target.EvaluateAsync<bool>("field => { const style = getComputedStyle(field); return style.outlineStyle !== 'none' || style.boxShadow !== 'none'; }")).ShouldBeTrue("the focus cannot be seen");
                return;
            }
        }
        throw new ShouldAssertException($"{target} cannot be reached by Tab on {page.Url}");
    }

    private static async Task CheckAsync(IPage page, string name, int width, List<string> faults)
    {
        if (Pictures is not null)
        {
            Directory.CreateDirectory(Pictures);
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Pictures, $"{name}-{width}.png"), FullPage = true });
        }
        if (await page.EvaluateAsync<int>("document.documentElement.scrollWidth") > width)
            faults.Add($"{name} is wider than {width}");
        faults.AddRange((await page.RunAxe()).Violations.Select(violation => $"{name}: {violation.Id} {string.Join(' ', violation.Nodes.Select(node => node.Html))}"));
    }
}
