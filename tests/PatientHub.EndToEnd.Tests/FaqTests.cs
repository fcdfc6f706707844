using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using PatientHub.EndToEnd.Tests.Support;
using PatientHub.Testing;

namespace PatientHub.EndToEnd.Tests;

/// <summary>One journey for each answer of the trust's FAQ, named after its question: everything runs, in a real browser. Each has a person of its own.</summary>
public sealed partial class FaqTests(Hub hub)
{
    [Fact]
    public async Task How_does_it_work()   // R2, R3: a link by text or email; who does not use it gets the letter by post
    {
        var invitation = await hub.InvitationAsync(Person.Farah.Mobile);
        invitation.Body.ShouldContain("Farah");
        await using var context = await hub.PhoneAsync();
        var farah = new Patient(hub, await context.NewPageAsync(), Person.Farah);
        await farah.OpenInvitationAsync();
        await farah.Page.WaitForURLAsync("**/sign-in");   // the link shows nothing by itself
        await farah.Page.GotoAsync("/");
        await farah.SeeAsync("If you do not open your letter here, we post it to you.");
    }

    [Fact]
    public async Task Do_I_need_to_create_an_account_and_remember_a_password()   // R11, R12, R14
    {
        await using var context = await hub.PhoneAsync();
        var zoe = new Patient(hub, await context.NewPageAsync(), Person.Zoe);
        await zoe.Page.GotoAsync("/sign-in");
        (await zoe.Page.Locator("input[type=password]").CountAsync()).ShouldBe(0);
        await zoe.SignInAsync();
        await zoe.PressAsync("Sign out");
        await zoe.SeeAsync("signed out");
        await zoe.Page.GotoAsync("/home");   // each time anew
        await zoe.Page.GetByLabel("Mobile number or email address").WaitForAsync();
    }

    [Fact]
    public async Task How_do_I_access_my_account()   // R13, R16, R17: a child's record by the parent's number; the UVC where two records match
    {
        await using var context = await hub.PhoneAsync();
        var holly = new Patient(hub, await context.NewPageAsync(), Person.Holly);
        await holly.Page.GotoAsync("/sign-in");
        await holly.SeeAsync("If the appointment is for your child");
        await holly.SignInAsync();

        await using var another = await hub.PhoneAsync();
        var jack = new Patient(hub, await another.NewPageAsync(), Person.Jack);
        var notification = await Eventually.NotNull(async () => (await hub.MessagesAsync(Person.Jack.Mobile)).FirstOrDefault(message => message.Body.Contains("Jack", StringComparison.Ordinal) && VerificationCode().IsMatch(message.Body)),
            "no notification for Jack ended with a User Verification Code", TimeSpan.FromSeconds(90));
        var before = DateTimeOffset.UtcNow;
        await jack.Page.GotoAsync("/sign-in");
        await jack.TypeDetailsAsync();
        await jack.PressAsync("Continue");
        await jack.TypeCodeAsync(before);
        await jack.Page.GetByLabel("User Verification Code", new() { Exact = true }).FillAsync(VerificationCode().Match(notification.Body).Value);
        await jack.PressAsync("Continue");
        await jack.SeeAsync("Jack Murray");
    }

    [Fact]
    public async Task What_information_will_I_get()   // R18: appointments, letters and messages in one place; nothing of a hidden clinic
    {
        await using var context = await hub.PhoneAsync();
        var rosa = await SignedInAsync(context, Person.Rosa);
        await rosa.Page.GetByRole(AriaRole.Heading, new() { Level = 3 }).GetByRole(AriaRole.Link).First.WaitForAsync();
        (await rosa.Page.GetByRole(AriaRole.Heading, new() { Level = 3 }).GetByRole(AriaRole.Link).CountAsync()).ShouldBe(1);
        await rosa.FollowAsync("Letters");
        await rosa.SeeAsync("All letters of the last 24 months");
        await rosa.FollowAsync("Messages");
        await rosa.SeeAsync("word for word");
        (await rosa.Page.Locator(".hub-message").First.InnerTextAsync()).ShouldStartWith("Rosa");
        foreach (var body in await rosa.Page.Locator(".hub-message").AllInnerTextsAsync())
            SixDigits().IsMatch(body).ShouldBeFalse("a code is kept in the list of messages");
    }

    [Fact]
    public async Task Do_I_need_to_download_an_app()   // a web page, whole without anything to install
    {
        await using var context = await hub.PhoneAsync(javaScript: false);
        var page = await context.NewPageAsync();
        await page.GotoAsync("/");
        await page.GetByRole(AriaRole.Heading, new() { Name = "Your hospital appointments and letters" }).WaitForAsync();
        (await page.Locator("link[rel=manifest], a[href*='apps.apple.com'], a[href*='play.google.com']").CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Is_the_link_always_the_same()   // R4, R6
    {
        await Eventually.True(async () => (await LinksAsync(Person.Brian)).Count >= 2, "no reminder ever repeated Brian's link", TimeSpan.FromSeconds(90));
        (await LinksAsync(Person.Brian)).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Can_I_change_my_appointment()   // R19, R20: after accepting, too
    {
        await using var context = await hub.PhoneAsync();
        var ruth = await SignedInAsync(context, Person.Ruth);
        await OpenAppointmentAsync(ruth);
        await ruth.FollowOrPressAsync("Read the letter and accept");
        await ruth.PressAsync("Accept this appointment");
        await ruth.SeeAsync("You have accepted this appointment");
        await ruth.FollowOrPressAsync("Ask for another time");
        await ruth.PressAsync("Ask for another time");
        await ruth.SeeAsync("You have asked for another time");
    }

    [Fact]
    public async Task Can_it_help_me_with_a_diary_reminder()   // R24, R28
    {
        await using var context = await hub.PhoneAsync();
        var uma = await SignedInAsync(context, Person.Uma);
        await OpenAppointmentAsync(uma);
        var download = await uma.Page.RunAndWaitForDownloadAsync(() => uma.FollowAsync("Add to my phone or computer calendar"));
        using (var file = new StreamReader(await download.CreateReadStreamAsync()))
            (await file.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldContain("SUMMARY:Hospital appointment");
        await uma.FollowAsync("Preferences");
        await uma.Page.GetByLabel("By email", new() { Exact = true }).CheckAsync();
        await uma.PressAsync("Save");
        await Assertions.Expect(uma.Page.GetByLabel("By email", new() { Exact = true })).ToBeCheckedAsync();
    }

    [Fact]
    public async Task Can_everyone_use_it()   // R11, R14, R9: email alone is enough
    {
        await using var context = await hub.PhoneAsync();
        await SignedInAsync(context, Person.Farah);
    }

    [Fact]
    public async Task How_long_do_I_have_to_respond()   // R5, R7: the link works after the letter was posted, and the page says so
    {
        await using var context = await hub.PhoneAsync();
        var priya = new Patient(hub, await context.NewPageAsync(), Person.Priya);
        await Eventually.True(async () => (await hub.PrintAsync()).ToJsonString().Contains("Priya Patel", StringComparison.Ordinal), "the letter of somebody who did not respond was never posted", TimeSpan.FromMinutes(3));
        await priya.OpenInvitationAsync();
        await priya.SignInAsync();
        await OpenAppointmentAsync(priya);
        await priya.SeeAsync("We have also posted this letter");
    }

    [Fact]
    public async Task How_do_I_get_in_if_I_have_deleted_the_message()   // R8
    {
        await using var context = await hub.PhoneAsync();
        var quentin = new Patient(hub, await context.NewPageAsync(), Person.Quentin);
        await quentin.Page.GotoAsync("/");
        await quentin.PressAsync("Sign in");
        await quentin.SignInAsync();
    }

    [Fact]
    public async Task I_clicked_on_rebook_but_have_had_no_call_back()   // R22, A9
    {
        await using var context = await hub.PhoneAsync();
        var yasmin = await SignedInAsync(context, Person.Yasmin);
        await OpenAppointmentAsync(yasmin);
        await yasmin.FollowOrPressAsync("Ask for another time");
        await yasmin.PressAsync("Ask for another time");
        await yasmin.SeeAsync("The booking centre will call you by");
        await yasmin.SeeAsync("Until then your appointment is still booked");
        await yasmin.SeeAsync("If we have not called by");
    }

    [Fact]
    public async Task How_do_I_know_that_my_appointment_has_been_cancelled()   // R23, A8
    {
        await using var context = await hub.PhoneAsync();
        var holly = await SignedInAsync(context, Person.Holly);
        await OpenAppointmentAsync(holly);
        await holly.FollowOrPressAsync("Ask to cancel");
        await holly.PressAsync("Ask to cancel");
        await holly.SeeAsync("The hospital will confirm it with you");
        await holly.SeeAsync("Until then your appointment is still booked");
    }

    [Fact]
    public async Task What_if_I_want_to_opt_out_or_still_want_a_letter()   // R30, A17
    {
        await using var context = await hub.PhoneAsync();
        var xavier = await SignedInAsync(context, Person.Xavier);
        using (var sent = await hub.Simulators.PostAsJsonAsync("/api/pas/documents", new { patientId = "P100130", title = "Letter about your tests", paragraphs = new[] { "All is well." } }, TestContext.Current.CancellationToken))
            sent.EnsureSuccessStatusCode();
        await xavier.FollowAsync("Letters");
        await xavier.FollowAsync("Letter about your tests");
        await xavier.Page.WaitForURLAsync("**/letters/*");
        var letter = new Uri(xavier.Page.Url).Segments[^1];
        await xavier.PressAsync("Post me this letter");
        await xavier.SeeAsync("We will post this letter to you");
        await Eventually.True(async () => (await hub.PrintAsync()).ToJsonString().Contains(letter, StringComparison.Ordinal), "the letter that was asked for was never posted", TimeSpan.FromSeconds(60));
        await xavier.FollowAsync("Preferences");
        await xavier.FollowAsync("opt out of messages and reminders");
        await xavier.SeeAsync("no appointment reminders");
        await xavier.PressAsync("Opt out");
        await xavier.FollowOrPressAsync("Get messages again");
    }

    [Fact]
    public async Task Will_all_my_letters_be_sent_through_it()   // R10: a letter without an appointment, with its leaflet, as often as wanted
    {
        await using var context = await hub.PhoneAsync();
        var tom = await SignedInAsync(context, Person.Tom);
        for (var time = 0; time < 2; time++)
        {
            await tom.FollowAsync("Letters");
            await tom.FollowAsync("Letter after your visit");
            var download = await tom.Page.RunAndWaitForDownloadAsync(() => tom.FollowAsync("Download the letter (PDF"));
            download.SuggestedFilename.ShouldBe("hospital-letter.pdf");
        }

        await tom.FollowAsync("When to ask for help");
        await tom.SeeAsync("In an emergency phone 999.");
        await tom.FollowAsync("Letters");
        (await tom.Page.Locator("main .nhsuk-tag").AllInnerTextsAsync()).ShouldBe(["Read"]);
    }

    [Fact]
    public async Task How_will_I_know_where_to_go()   // R25
    {
        await using var context = await hub.PhoneAsync();
        var rosa = await SignedInAsync(context, Person.Rosa);
        await OpenAppointmentAsync(rosa);
        await rosa.FollowAsync("Getting there: map, directions, parking");
        await rosa.Page.GetByRole(AriaRole.Heading, new() { Name = "Map" }).WaitForAsync();
        var download = await rosa.Page.RunAndWaitForDownloadAsync(() => rosa.Page.GetByRole(AriaRole.Link, new() { NameRegex = DownloadsMap() }).First.ClickAsync());
        (await download.PathAsync()).ShouldNotBeNull();
    }

    [Fact]
    public async Task Will_I_receive_follow_up_appointments()   // R18, R26: several at once, and what was, for 24 months
    {
        await using var context = await hub.PhoneAsync();
        var xavier = await SignedInAsync(context, Person.Xavier);
        await xavier.FollowAsync("Past appointments");
        await xavier.SeeAsync("You came");
        await xavier.SeeAsync("You did not come");
        await xavier.SeeAsync("Cancelled");
        // One of 26 months ago is in the feed: on the first Tuesday of that month.
        var tooOld = DateOnly.FromDateTime(DateTime.UtcNow).AddMonths(-26).ToString("MMMM yyyy", System.Globalization.CultureInfo.InvariantCulture);
        (await xavier.Page.GetByRole(AriaRole.Main).InnerTextAsync()).ShouldNotContain(tooOld);
    }

    [Fact]
    public async Task I_want_to_use_it_but_have_not_been_invited()   // R27
    {
        await using var context = await hub.PhoneAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync("/");
        await page.GetByRole(AriaRole.Link, new() { Name = "What to do if you were not invited" }).ClickAsync();
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "0113 518 1823" }).First.WaitForAsync();
    }

    [Theory]   // WCAG 1.4.10: 320 px, and 1280 px at 400 %
    [InlineData(640)]
    [InlineData(256)]
    public async Task Whole_journey_fits_a_screen_of_320_pixels(int height)
    {
        await using var context = await hub.PhoneAsync();
        var who = new Patient(hub, await context.NewPageAsync(), height == 640 ? Person.Daniel : Person.Rosa);
        await who.Page.SetViewportSizeAsync(320, height);
        await who.Page.GotoAsync("/");
        await FitsAsync(who);
        await who.PressAsync("Sign in");
        await FitsAsync(who);
        await who.SignInAsync();
        await FitsAsync(who);
        await who.FollowAsync("Letters");
        await FitsAsync(who);
        await who.Page.GetByRole(AriaRole.Heading, new() { Level = 2 }).GetByRole(AriaRole.Link).First.ClickAsync();
        await who.Page.GetByRole(AriaRole.Article).WaitForAsync();
        await FitsAsync(who);
        await who.PressAsync("Accept this appointment");
        await who.SeeAsync("You have accepted this appointment");
        await FitsAsync(who);
        await who.PressAsync("Sign out");
        await who.SeeAsync("signed out");
    }

    [Fact]   // 106: two tabs and a stale page never do harm
    public async Task Second_tab_that_is_out_of_date_is_told_so()
    {
        await using var context = await hub.PhoneAsync();
        var uma = await SignedInAsync(context, Person.Uma);
        await OpenAppointmentAsync(uma);
        var address = uma.Page.Url;
        await uma.FollowOrPressAsync("Read the letter and accept");
        var other = new Patient(hub, await context.NewPageAsync(), Person.Uma);
        await other.Page.GotoAsync(address);
        await other.FollowOrPressAsync("Ask for another time");
        await other.PressAsync("Ask for another time");
        await other.SeeAsync("You have asked for another time");
        await uma.PressAsync("Accept this appointment");
        await uma.SeeAsync("Nothing has been changed");
        await other.PressAsync("I do not need another time any more");
        await other.SeeAsync("Your request is taken back");
    }

    [Fact]   // WCAG 2.1.1: a whole journey without a mouse
    public async Task Whole_journey_by_keyboard_only()
    {
        await using var context = await hub.PhoneAsync();
        var quentin = await SignedInAsync(context, Person.Quentin);
        await KeyAsync(quentin.Page, "Preferences");
        // By its address: a heading of the page before may say the same.
        await quentin.Page.WaitForURLAsync("**/preferences");
        await KeyAsync(quentin.Page, "Messages");
        await quentin.Page.WaitForURLAsync("**/messages");
        await KeyAsync(quentin.Page, "Home");
        await quentin.Page.WaitForURLAsync("**/home");
        await KeyAsync(quentin.Page, "Sign out");
        await quentin.SeeAsync("signed out");
    }

    private async Task<Patient> SignedInAsync(IBrowserContext context, Person person)
    {
        var patient = new Patient(hub, await context.NewPageAsync(), person);
        await patient.Page.GotoAsync("/sign-in");
        await patient.SignInAsync();
        return patient;
    }

    private static Task OpenAppointmentAsync(Patient patient) => patient.Page.GetByRole(AriaRole.Heading, new() { Level = 3 }).GetByRole(AriaRole.Link).First.ClickAsync();

    private async Task<List<string>> LinksAsync(Person person) => [.. (await hub.MessagesAsync(person.Mobile)).SelectMany(message => message.Links).Where(link => link.Contains("/p/", StringComparison.Ordinal))];

    private static async Task FitsAsync(Patient patient) =>
        (await patient.Page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(320, $"{new Uri(patient.Page.Url).AbsolutePath} is wider than the screen");

    /// <summary>Tabs to what has this name and presses Enter.</summary>
    private static async Task KeyAsync(IPage page, string name)
    {
        for (var i = 0; i < 60 && await page.EvaluateAsync<string>("document.activeElement.innerText ?? ''") != name; i++)
            await page.Keyboard.PressAsync("Tab");
        (await page.EvaluateAsync<string>("document.activeElement.innerText ?? ''")).ShouldBe(name);
        await page.Keyboard.PressAsync("Enter");
    }

    [GeneratedRegex("(?<=[Cc]ode[^A-Z0-9]{1,20})[A-Z0-9]{6}\\b")]
    private static partial Regex VerificationCode();

    [GeneratedRegex("\\b[0-9]{6}\\b")]
    private static partial Regex SixDigits();

    [GeneratedRegex("^Download the (map|drawing)")]
    private static partial Regex DownloadsMap();
}
