using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using PatientHub.AppHost.Local.Servers;
using PatientHub.Appointments.Contracts;
using PatientHub.Gateway.Tests.Support;

namespace PatientHub.Gateway.Tests;

/// <summary>
/// Every page in a real Chromium, 320 and 1280 px wide: nothing wider than the screen, nothing that the Content-Security-Policy refuses, no violation that axe can see.
/// With PATIENTHUB_SCREENSHOTS set to a folder, a picture of each is left there to be looked at.
/// </summary>
public sealed class BrowserTests(RealTime gateway) : IClassFixture<RealTime>, IAsyncLifetime
{
    private static readonly string? Pictures = Environment.GetEnvironmentVariable("PATIENTHUB_SCREENSHOTS");
    private readonly List<string> _faults = [];
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    public async ValueTask InitializeAsync()
    {
        await Packages.EnsureAsync([NeededPackage.Chromium], Console.Error.WriteLine);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
        });
        Samples.Use(gateway);
    }

    [Theory]
    [InlineData(320)]
    [InlineData(1280)]
    public async Task Every_page_fits_passes_axe_and_obeys_the_content_security_policy(int width)
    {
        var page = await NewPageAsync(width);
        foreach (var (name, path) in SitePages.Everybodys)
            await LookAsync(page, name, path, width);

        await page.GotoAsync(gateway.PublicUrl + "/sign-in");
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await CheckAsync(page, "sign-in-errors", width);
        (await page.TitleAsync()).ShouldStartWith("Error: ");
        (await page.EvaluateAsync<string>("document.activeElement.className")).ShouldBe("nhsuk-error-summary");
        await page.GetByLabel("Mobile number or email address").FillAsync("07700 900123");
        await page.GetByLabel("Day").FillAsync("15");
        await page.GetByLabel("Month").FillAsync("3");
        await page.GetByLabel("Year").FillAsync("1984");
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await CheckAsync(page, "code", width);
        (await page.Locator("[data-ends-in]").TextContentAsync())!.ShouldContain("left");
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await CheckAsync(page, "code-error", width);
        foreach (var (name, path) in SitePages.Attempts)
            await LookAsync(page, name, path, width);
        await page.GotoAsync(gateway.PublicUrl + "/sign-in/code");
        await page.GetByLabel("Code", new() { Exact = true }).FillAsync(StubIdentity.RightCode);
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await CheckAsync(page, "home", width);

        foreach (var (name, path) in SitePages.Patients)
            await LookAsync(page, name, path, width);
        Samples.Use(gateway, Samples.Appointment with { PatientRequest = PatientRequest.RebookRequested, RequestOpen = true, CanAccept = false, CanWithdraw = true, PatientRequestAt = DateTimeOffset.UtcNow, CallBackBy = new DateOnly(2026, 11, 25) });
        await LookAsync(page, "appointment-rebook-asked", $"/appointments/{Samples.AppointmentId}?did=rebook", width);
        Samples.Use(gateway, Samples.Appointment with { CanChange = false, CanAccept = true, ChangeUntil = DateTimeOffset.UtcNow.AddDays(-1) });
        await LookAsync(page, "appointment-five-days", $"/appointments/{Samples.AppointmentId}?tried=cancel&why=inside-five-days", width);
        Samples.Use(gateway, Samples.Appointment with { PasStatus = PasStatus.Cancelled, CanChange = false, CanAccept = false });
        await LookAsync(page, "appointment-cancelled", $"/appointments/{Samples.AppointmentId}", width);
        Samples.Use(gateway, Samples.Appointment with { SiteMap = null, SiteDirections = null, SiteParking = null, Start = DateTimeOffset.UtcNow.AddDays(-1), CanAccept = false, CanChange = false });
        await LookAsync(page, "appointment-past", $"/appointments/{Samples.AppointmentId}", width);
        await LookAsync(page, "getting-there-no-map", $"/appointments/{Samples.AppointmentId}/getting-there", width);
        gateway.Appointments.On($"GET /api/me/appointments/{Samples.AppointmentId}", () => Microsoft.AspNetCore.Http.Results.StatusCode(503));
        await LookAsync(page, "not-available", $"/appointments/{Samples.AppointmentId}", width);
        Samples.Use(gateway);
        await LookAtPreferencesAsync(page, width);
        Samples.Use(gateway);

        await page.GotoAsync(gateway.PublicUrl + "/home");
        await page.EvaluateAsync("document.querySelector('dialog').showModal()");
        await CheckAsync(page, "session-warning", width);
        await page.GetByRole(AriaRole.Button, new() { Name = "Stay signed in" }).ClickAsync();
        await Assertions.Expect(page.Locator("dialog")).ToBeHiddenAsync();
        await page.Locator("header").GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "You are signed out" })).ToBeVisibleAsync();
        await page.GoBackAsync();
        (await page.ContentAsync()).ShouldNotContain("Okonkwo");
        _faults.ShouldBeEmpty();
    }

    private async Task LookAtPreferencesAsync(IPage page, int width)
    {
        await page.GotoAsync(gateway.PublicUrl + "/preferences/wrong-details");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send to the hospital" }).ClickAsync();
        await CheckAsync(page, "wrong-details-errors", width);
        await page.GotoAsync(gateway.PublicUrl + "/preferences/calendar");
        await page.GetByRole(AriaRole.Button, new() { Name = "Switch on the calendar link" }).ClickAsync();
        Samples.UseFeed(gateway, new() { IsOn = true, Since = DateTimeOffset.UtcNow, Version = 1 });
        await LookAsync(page, "calendar-link-on", "/preferences/calendar", width);
        Samples.UseFeed(gateway, new() { IsOn = true, Since = DateTimeOffset.UtcNow, Version = 2 });
        await LookAsync(page, "calendar-link-lost", "/preferences/calendar?changed=true", width);
        gateway.Notifications.On("GET /api/me/preferences", new PatientHub.Notifications.Contracts.Http.Preferences { OptedOut = true });
        gateway.Appointments.On("GET /api/me/contact-corrections", new PatientHub.Appointments.Contracts.Http.MyContactCorrections { Open = 1, ReportedAt = DateTimeOffset.UtcNow, AnswerBy = new DateOnly(2026, 12, 1) });
        await LookAsync(page, "preferences-opted-out", "/preferences?did=opted-out", width);
    }

    [Fact]
    public async Task What_was_typed_is_kept_when_the_time_is_up_and_the_script_leads_away()
    {
        var page = await NewPageAsync(320);
        await SignInAsync(page);
        var rebook = $"{gateway.PublicUrl}/appointments/{Samples.AppointmentId}/rebook";
        await page.Clock.InstallAsync();
        await page.GotoAsync(rebook);
        await page.Locator("[name=UnsuitableTimes]").FillAsync("Not on Mondays");
        await page.Clock.FastForwardAsync("08:30");
        await Assertions.Expect(page.Locator("dialog")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("[data-session-left]")).ToHaveTextAsync("about 2 minutes");
        await page.Clock.FastForwardAsync("02:00");
        await page.WaitForURLAsync("**/signed-out?why=kept");
        // The session is over at the same time on the server; here its own clock goes on, so the page can be opened at once.
        await page.GotoAsync(rebook);
        await Assertions.Expect(page.Locator("[name=UnsuitableTimes]")).ToHaveValueAsync("Not on Mondays");
        await Assertions.Expect(page.GetByText("It has not been sent yet")).ToBeVisibleAsync();
        _faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Signing_in_needs_the_keyboard_alone_and_fits_at_400_percent()
    {
        // 1280 px at 400 % are 320 px with letters four times as large: the same reflow (WCAG 1.4.10).
        var page = await (await _browser.NewContextAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 320, Height = 256 }, DeviceScaleFactor = 4 })).NewPageAsync();
        await page.GotoAsync(gateway.PublicUrl + "/");
        await TabToAsync(page, "Skip to main content");
        await page.Keyboard.PressAsync("Enter");
        await TabToAsync(page, "Sign in");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/sign-in");
        await TabToFieldAsync(page, "Identifier");
        await page.Keyboard.TypeAsync("07700 900123");
        foreach (var part in (string[])["15", "3", "1984"])
        {
            await page.Keyboard.PressAsync("Tab");
            await page.Keyboard.TypeAsync(part);
        }
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/sign-in/code");
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(320);
        await TabToFieldAsync(page, "Code");
        await page.Keyboard.TypeAsync("123-456");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/home");
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(320);
        await page.Context.DisposeAsync();
    }

    [Fact] // WCAG 2.1.1, 2.4.3, 2.4.7: from the link to "accepted" with Tab, Enter and typing alone
    public async Task Accepting_needs_the_keyboard_alone()
    {
        gateway.Appointments.On($"POST /api/me/appointments/{Samples.AppointmentId}/accept", () =>
        {
            Samples.Use(gateway, Samples.Appointment with { PatientRequest = PatientRequest.Accepted, PatientRequestAt = DateTimeOffset.UtcNow, CanAccept = false });
            return Microsoft.AspNetCore.Http.Results.NoContent();
        });
        var page = await NewPageAsync(320);
        await page.GotoAsync($"{gateway.PublicUrl}/p/{StubIdentity.LinkToken}");
        await page.WaitForURLAsync("**/sign-in");

        // Nothing typed yet: the errors have the focus, and each leads to its field.
        await TabToAsync(page, "Continue");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".nhsuk-error-summary")).ToBeFocusedAsync();
        await TabToAsync(page, "Enter your mobile number or email address");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("[name=Identifier]")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("07700 900123");
        foreach (var part in (string[])["15", "3", "1984"])
        {
            await page.Keyboard.PressAsync("Tab");
            await page.Keyboard.TypeAsync(part);
        }
        await page.Keyboard.PressAsync("Enter");
        // The link to the field has left "#Identifier" in the address, which browsers keep on the way.
        await page.WaitForURLAsync("**/sign-in/code*");
        await TabToFieldAsync(page, "Code");
        await page.Keyboard.TypeAsync(StubIdentity.RightCode);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/home*");

        // Past the menu in one step, then down the page.
        await TabToAsync(page, "Skip to main content");
        await page.Keyboard.PressAsync("Enter");
        await TabToAsync(page, "Wednesday 9 December 2026 at 2:30pm", presses: 1);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync($"**/appointments/{Samples.AppointmentId}*");
        await TabToAsync(page, "Read the letter and accept");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync($"**/letters/{Samples.LetterId}*");
        await TabToAsync(page, "Accept this appointment");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**?did=accept*");
        await Assertions.Expect(page.GetByText("You have accepted this appointment")).ToBeVisibleAsync();
        await TabToAsync(page, "Sign out");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/signed-out*");
        Samples.Use(gateway);
        _faults.ShouldBeEmpty();
    }

    /// <summary>Presses Tab until the element with these words has the focus; what has it must be seen to have it.</summary>
    private static Task TabToAsync(IPage page, string words, int presses = 40) => TabUntilAsync(page, words, "document.activeElement.textContent.trim()", presses);

    private static Task TabToFieldAsync(IPage page, string name) => TabUntilAsync(page, name, "document.activeElement.name ?? ''");

    private static async Task TabUntilAsync(IPage page, string wanted, string of, int most = 40)
    {
        for (var presses = 0; presses < most; presses++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<string>(of) != wanted)
                continue;
            (await page.EvaluateAsync<bool>("(() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle !== 'none' || s.boxShadow !== 'none'; })()")).ShouldBeTrue($"{wanted} has the focus and does not show it");
            return;
        }
        throw new ShouldAssertException($"The keyboard does not reach {wanted} on {page.Url}");
    }

    private async Task SignInAsync(IPage page)
    {
        await page.GotoAsync(gateway.PublicUrl + "/sign-in");
        await page.GetByLabel("Mobile number or email address").FillAsync("07700 900123");
        await page.GetByLabel("Day").FillAsync("15");
        await page.GetByLabel("Month").FillAsync("3");
        await page.GetByLabel("Year").FillAsync("1984");
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await page.GetByLabel("Code", new() { Exact = true }).FillAsync(StubIdentity.RightCode);
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await page.WaitForURLAsync("**/home");
    }

    private async Task<IPage> NewPageAsync(int width)
    {
        var page = await _browser.NewPageAsync(new BrowserNewPageOptions { ViewportSize = new ViewportSize { Width = width, Height = 720 } });
        // A machine that does ten other things at once may need longer than half a minute for a page; nothing here measures time.
        page.SetDefaultTimeout(90_000);
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !message.Text.Contains("404", StringComparison.Ordinal) && !message.Text.Contains("503", StringComparison.Ordinal))
                _faults.Add($"{page.Url}: {message.Text}");
        };
        page.PageError += (_, error) => _faults.Add($"{page.Url}: {error}");
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(gateway.PublicUrl, StringComparison.Ordinal))
                _faults.Add("A request to another host: " + request.Url);
        };
        return page;
    }

    private async Task LookAsync(IPage page, string name, string path, int width)
    {
        await page.GotoAsync(gateway.PublicUrl + path);
        await CheckAsync(page, name, width);
    }

    private async Task CheckAsync(IPage page, string name, int width)
    {
        if (Pictures is not null)
        {
            Directory.CreateDirectory(Pictures);
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Pictures, $"{name}-{width}.png"), FullPage = true });
        }
        if (await page.EvaluateAsync<int>("document.documentElement.scrollWidth") is var wide && wide > width)
            _faults.Add($"{name}: {wide} px wide on a screen of {width}");
        // What axe looks at is the same on a wide screen, and it is slow.
        if (width != 320)
            return;
        var axe = await page.RunAxe(new AxeRunOptions());
        _faults.AddRange(axe.Violations.Select(violation => $"{name}: {violation.Id}: {violation.Help} ({violation.Nodes[0].Html})"));
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
