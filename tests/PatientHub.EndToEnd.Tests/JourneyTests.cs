using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using PatientHub.EndToEnd.Tests.Support;
using PatientHub.Testing;

namespace PatientHub.EndToEnd.Tests;

/// <summary>The promises of the FAQ, as a person on a phone lives them: everything runs, nothing is stubbed inside.</summary>
public sealed partial class JourneyTests(Hub hub)
{
    [Fact] // R2, R4, R11-R14, R19-R24, A10, A21
    public async Task Newcomer_opens_the_invitation_reads_accepts_asks_takes_back_and_signs_out()
    {
        await using var context = await hub.PhoneAsync();
        var amy = new Patient(hub, await context.NewPageAsync(), Person.Amy);
        var page = amy.Page;

        // The invitation, as it came by text: it begins with her name and says nothing of the clinic (A25).
        var invitation = await hub.InvitationAsync(Person.Amy.Mobile);
        invitation.Body.ShouldStartWith("Amy");
        invitation.Body.ShouldNotContain("ermatology");
        invitation.Body.ShouldNotContain("hysio");

        await amy.OpenInvitationAsync();
        if (await page.GetByRole(AriaRole.Link, new() { Name = "Sign in", Exact = true }).CountAsync() > 0)
            await amy.FollowAsync("Sign in");
        await amy.SignInAsync();
        page.Url.ShouldEndWith("/home"); // no identifier, token or attempt in an address
        await AccessibleAsync(page);
        var appointments = await page.GetByRole(AriaRole.Heading, new() { Level = 3 }).GetByRole(AriaRole.Link).AllAsync();
        appointments.Count.ShouldBe(3);
        var links = await Task.WhenAll(appointments.Select(async link => await link.GetAttributeAsync("href")));

        // Read and accept the first.
        await page.GotoAsync(links[0]!);
        await AccessibleAsync(page);
        await amy.SeeAsync("You can change this online until");
        await page.GetByRole(AriaRole.Button, new() { Name = "Read the letter and accept" }).ClickAsync();
        await AccessibleAsync(page);
        (await page.GetByRole(AriaRole.Article).InnerTextAsync()).ShouldContain("0113 496 01"); // the number to call stands on the letter (R10)
        await amy.PressAsync("Accept this appointment");
        await amy.SeeAsync("You have accepted this appointment");

        // Ask for another time.
        await page.GotoAsync(links[1]!);
        await page.GetByRole(AriaRole.Button, new() { Name = "Ask for another time" }).ClickAsync();
        await page.GetByLabel("Which times do not suit you?").FillAsync("Not on Mondays");
        await amy.PressAsync("Ask for another time");
        await amy.SeeAsync("You have asked for another time");
        await amy.SeeAsync("Until then your appointment is still booked");

        // Ask to cancel, and take it back.
        await page.GotoAsync(links[2]!);
        await page.GetByRole(AriaRole.Button, new() { Name = "Ask to cancel" }).ClickAsync();
        await AccessibleAsync(page);
        await amy.PressAsync("Ask to cancel");
        await amy.SeeAsync("You have asked to cancel");
        await amy.PressAsync("I do not want to cancel any more");
        await amy.SeeAsync("Your request is taken back");

        // The calendar entry is neutral (R24, A25).
        var calendar = await context.APIRequest.GetAsync(hub.Address + new Uri(page.Url).AbsolutePath + "/calendar.ics");
        var ics = await calendar.TextAsync();
        ics.ShouldContain("SUMMARY:Hospital appointment");
        ics.ShouldNotContain("hysio");

        // Signed out is out: neither the back button nor the old cookie shows anything.
        var cookies = await context.CookiesAsync();
        await amy.PressAsync("Sign out");
        await amy.SeeAsync("signed out");
        using var thief = new HttpClient(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false });
        using var stolen = new HttpRequestMessage(HttpMethod.Get, hub.Address + "/home");
        stolen.Headers.Add("Cookie", string.Join("; ", cookies.Select(cookie => $"{cookie.Name}={cookie.Value}")));
        using var answer = await thief.SendAsync(stolen, TestContext.Current.CancellationToken);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldNotContain("Amy");
        answer.IsSuccessStatusCode.ShouldBeFalse();
        await page.GoBackAsync();
        (await page.Locator("body").InnerTextAsync()).ShouldNotContain("Amy");
    }

    [Fact] // R6, R7, R3, R10: nobody who does nothing is lost
    public async Task Patient_who_does_nothing_gets_two_reminders_and_then_the_letter_by_post()
    {
        await hub.InvitationAsync(Person.Oliver.Mobile);
        await Eventually.True(async () => (await PrintedAsync("Oliver Grant")).Count == 1, "the letter was never posted:\n" + hub.Tail(), TimeSpan.FromMinutes(3));

        var messages = (await hub.MessagesAsync(Person.Oliver.Mobile)).Where(message => message.Links.Any(link => link.Contains("/p/", StringComparison.Ordinal))).ToList();
        var printed = (await PrintedAsync("Oliver Grant")).Single();
        messages.Count(message => !message.Body.Contains("sent you your hospital letter by post", StringComparison.Ordinal)).ShouldBe(3); // the invitation and two reminders
        messages.SelectMany(message => message.Links).Distinct().ShouldHaveSingleItem(); // one permanent link (R4)

        using var pdf = UglyToad.PdfPig.PdfDocument.Open(printed.Pdf);
        var text = string.Join(' ', pdf.GetPages().Select(page => page.Text));
        text.ShouldContain("Oliver");
        text.ShouldContain("LS18 4ZZ"); // the address current at that moment
        printed.Manifest["format"].ShouldBe("large-print");
        pdf.GetPage(1).Letters.Where(letter => letter.Value == "e").GroupBy(letter => Math.Round(letter.PointSize)).MaxBy(size => size.Count())!.Key.ShouldBeGreaterThanOrEqualTo(16);

        // One letter, and it stays one (A28).
        await Eventually.True(async () => (await PrintedAsync("Daniel Hughes")).Count == 1, "the other letters were never posted", TimeSpan.FromMinutes(2));
        (await PrintedAsync("Oliver Grant")).Count.ShouldBe(1);
    }

    [Fact] // R9, A24, R10 and the traps of the UK Core examples
    public async Task Post_goes_at_once_where_nobody_can_be_reached_and_never_where_it_must_not()
    {
        await Eventually.True(async () => (await PrintedAsync("George Whitfield")).Count == 1 && (await PrintedAsync("Edith Marsh")).Count == 1,
            "a landline or 'letters only' did not get its letter at once:\n" + hub.Tail(), TimeSpan.FromMinutes(2));
        (await hub.MessagesAsync("+447700900105")).ShouldBeEmpty(); // Edith: letters only
        foreach (var silent in (string[])["Liam O'Connor", "Margaret Hill", "Nadia Rahman"]) // restricted, dead, braille
            (await PrintedAsync(silent)).ShouldBeEmpty(silent);
        (await hub.MessagesAsync("+447700900119")).ShouldBeEmpty();
        (await hub.MessagesAsync("+447700900120")).ShouldBeEmpty();
        (await hub.MessagesAsync("+447777123123")).ShouldBeEmpty(); // Richard Smith's contact person, never his
        (await PrintedAsync("Richard Smith")).ShouldBeEmpty(); // his appointment was in 2022
    }

    [Fact] // R21, A6
    public async Task Inside_five_days_there_is_a_phone_number_instead_of_buttons()
    {
        await using var context = await hub.PhoneAsync();
        var chloe = new Patient(hub, await context.NewPageAsync(), Person.Chloe);
        await chloe.Page.GotoAsync("/sign-in");
        await chloe.SignInAsync();
        await chloe.Page.GetByRole(AriaRole.Heading, new() { Level = 3 }).GetByRole(AriaRole.Link).First.ClickAsync();
        await chloe.SeeAsync("It is now less than 5 days to your appointment");
        (await chloe.Page.GetByRole(AriaRole.Button, new() { Name = "Ask to cancel" }).CountAsync()).ShouldBe(0);
    }

    [Fact] // design section 7: complete without JavaScript
    public async Task Everything_works_without_scripts()
    {
        await using var context = await hub.PhoneAsync(javaScript: false);
        var samuel = new Patient(hub, await context.NewPageAsync(), Person.Samuel);
        await samuel.Page.GotoAsync("/");
        await samuel.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await samuel.SignInAsync();
        await samuel.FollowAsync("Letters");
        await samuel.Page.GetByRole(AriaRole.Heading, new() { Level = 2 }).GetByRole(AriaRole.Link).First.ClickAsync();
        await samuel.PressAsync("Accept this appointment");
        await samuel.SeeAsync("You have accepted this appointment");
        await samuel.PressAsync("Sign out");
        await samuel.SeeAsync("signed out");
    }

    [Fact] // WCAG 2.1.1: from the link to "accepted" with Tab, Enter and typing alone
    public async Task Accepting_by_keyboard_only()
    {
        await using var context = await hub.PhoneAsync();
        var page = await context.NewPageAsync();
        var diana = new Patient(hub, page, Person.Diana);
        await diana.OpenInvitationAsync();
        await page.WaitForURLAsync("**/sign-in");
        var before = DateTimeOffset.UtcNow;
        await TabToAsync(page, "Identifier");
        await page.Keyboard.TypeAsync(Person.Diana.TypedMobile);
        foreach (var part in (string[])[$"{Person.Diana.Born.Day}", $"{Person.Diana.Born.Month}", $"{Person.Diana.Born.Year}"])
        {
            await page.Keyboard.PressAsync("Tab");
            await page.Keyboard.TypeAsync(part);
        }

        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Heading, new() { Name = "Enter the code" }).WaitForAsync();
        var code = await hub.CodeAsync(Person.Diana.Mobile, before.AddSeconds(-2));
        await TabToAsync(page, "Code");
        await page.Keyboard.TypeAsync(code);
        await page.Keyboard.PressAsync("Enter");
        await diana.SeeAsync("Diana Brooks");

        await TabUntilAsync(page, "/^\\/appointments\\/[0-9a-f-]{36}$/.test(document.activeElement.getAttribute('href') ?? '')", "an appointment");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/appointments/*-*");
        // Another of her letters may have been the one that invited her: this one's is ready a moment later.
        var letter = page.GetByRole(AriaRole.Button, new() { Name = "Read the letter and accept" });
        await Eventually.True(async () =>
        {
            if (await letter.CountAsync() > 0)
                return true;
            await page.ReloadAsync();
            return false;
        }, "the letter was never ready:\n" + hub.Tail(), TimeSpan.FromSeconds(60));
        await TabUntilAsync(page, "document.activeElement.textContent.trim() === 'Read the letter and accept'", "the letter");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/letters/*");
        await TabUntilAsync(page, "document.activeElement.textContent.trim() === 'Accept this appointment'", "the button that accepts");
        await page.Keyboard.PressAsync("Enter");
        await diana.SeeAsync("You have accepted this appointment");
    }

    [Fact] // A19: a stranger sees the same pages
    public async Task Unknown_details_lead_to_the_same_page_and_no_message()
    {
        await using var context = await hub.PhoneAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync("/sign-in");
        await page.GetByLabel("Mobile number or email address").FillAsync("07700 900999");
        await page.GetByLabel("Day").FillAsync("1");
        await page.GetByLabel("Month").FillAsync("2");
        await page.GetByLabel("Year").FillAsync("1970");
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await page.GetByText("If the details match our records, we sent a code by text to the mobile we hold, or by email if we hold none.").WaitForAsync();
        await page.GetByLabel("Code", new() { Exact = true }).FillAsync("000000");
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await page.GetByText("There is a problem").WaitForAsync();
        (await hub.MessagesAsync("+447700900999")).ShouldBeEmpty();
    }

    private sealed record Printed(DateTimeOffset At, byte[] Pdf, IReadOnlyDictionary<string, string> Manifest);

    /// <summary>Letters in the print house's spool whose address names this person.</summary>
    private async Task<List<Printed>> PrintedAsync(string name)
    {
        var found = new List<Printed>();
        foreach (var batch in await hub.PrintAsync())
            foreach (var letter in batch!["letters"]!.AsArray())
            {
                var manifest = letter!["manifest"]!.AsObject().ToDictionary(field => field.Key, field => field.Value!.ToString());
                if (!manifest.Values.Any(value => value.Contains(name, StringComparison.Ordinal)))
                    continue;
                var address = $"/post/pdf?batch={Uri.EscapeDataString(batch["name"]!.GetValue<string>())}&file={Uri.EscapeDataString(letter["file"]!.GetValue<string>())}";
                found.Add(new Printed(batch["handedOverAt"]!.GetValue<DateTimeOffset>(), await hub.Simulators.GetByteArrayAsync(address), manifest));
            }

        return found;
    }

    private static Task TabToAsync(IPage page, string name) => TabUntilAsync(page, $"document.activeElement.name === '{name}'", name);

    /// <summary>Presses Tab until what has the focus is what was looked for.</summary>
    private static async Task TabUntilAsync(IPage page, string condition, string what)
    {
        for (var i = 0; i < 40 && !await page.EvaluateAsync<bool>(condition); i++)
            await page.Keyboard.PressAsync("Tab");
        (await page.EvaluateAsync<bool>(condition)).ShouldBeTrue($"the keyboard does not reach {what}");
    }

    private static async Task AccessibleAsync(IPage page)
    {
        var result = await page.RunAxe();
        result.Violations.ShouldBeEmpty($"{LastPart().Match(page.Url)}: {string.Join("; ", result.Violations.Select(violation => $"{violation.Id}: {string.Join(", ", violation.Nodes.Select(node => node.Html))}"))}");
    }

    [GeneratedRegex("/[a-z]+$")]
    private static partial Regex LastPart();
}
