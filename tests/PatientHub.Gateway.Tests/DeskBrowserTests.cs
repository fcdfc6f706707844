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
            await page.GetByRole(AriaRole.Link, new() { Name = "Patient asks for another time" }).FocusAsync();
            await page.Keyboard.PressAsync("Enter");
            await page.GetByRole(AriaRole.Button, new() { Name = "Claim this task" }).FocusAsync();
            await page.Keyboard.PressAsync("Enter");
            await Assertions.Expect(page.GetByText("The task is yours.")).ToBeVisibleAsync();
            await CheckAsync(page, "desk-task-mine", width, faults);
            await page.GetByLabel("What came of it").FillAsync("No answer");
            await page.GetByRole(AriaRole.Button, new() { Name = "Note this call" }).ClickAsync();
            await Assertions.Expect(page.GetByText("The call is noted.")).ToBeVisibleAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Close this task" }).ClickAsync();
            await CheckAsync(page, "desk-task-errors", width, faults);
            await page.GetByLabel("The patient keeps the appointment as it is").CheckAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Close this task" }).ClickAsync();
            await Assertions.Expect(page.GetByText("The task is closed.")).ToBeVisibleAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "You are signed out" })).ToBeVisibleAsync();
        }
        faults.ShouldBeEmpty();
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
