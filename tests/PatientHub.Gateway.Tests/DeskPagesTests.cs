using System.Net;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PatientHub.Gateway.Session;
using PatientHub.Gateway.Staff;
using PatientHub.Gateway.Tests.Support;
using PatientHub.Testing;
using StackExchange.Redis;

namespace PatientHub.Gateway.Tests;

/// <summary>The desk without scripts: signing in at the hospital's own provider, claiming and closing.</summary>
[Collection(nameof(DeskPagesTests))]
public sealed class DeskPagesTests(DeskFixture gateway) : IClassFixture<DeskFixture>
{
    private static readonly string Task = $"/staff/tasks/{DeskFixture.TaskId}";

    [Fact]
    public async Task Signing_in_leads_back_to_the_page_that_was_asked_for_and_is_recorded()
    {
        var browser = gateway.NewBrowser();
        (await browser.GetAsync(Task)).Location.ShouldContain("code_challenge_method=S256");
        var page = await gateway.SignInAsync(browser, "staff-001", Task);
        page.Path.ShouldBe(Task);
        page.Heading.ShouldBe("Patient asks for another time");
        page.Document.QuerySelector("header")!.TextContent.ShouldContain("Priya Shah");
        var cookie = browser.SetCookies.Last(line => line.StartsWith("__Host-staff=", StringComparison.Ordinal));
        foreach (var rule in (string[])["httponly", "secure", "samesite=lax", "path=/"])
            cookie.ShouldContain(rule, Case.Insensitive);
        cookie.ShouldNotContain("expires", Case.Insensitive);
        cookie.ShouldNotContain("domain", Case.Insensitive);

        var signedIn = gateway.Appointments.Requests.Where(seen => seen.Method == "PUT" && seen.Path.StartsWith("/internal/desk/acts/", StringComparison.Ordinal) && seen.Body.Contains("signed-in", StringComparison.Ordinal)).ToList();
        signedIn.ShouldContain(seen => DeskFixture.Claims(seen.Headers["Authorization"]).GetProperty("sub").GetString() == "staff-001");
    }

    [Fact]
    public async Task A_session_of_one_kind_opens_nothing_of_the_other()
    {
        Samples.Use(gateway);
        var patient = gateway.NewBrowser();
        await patient.SignInAsync();
        (await patient.GetAsync("/staff/tasks")).Location.ShouldContain("/staff/authorize");
        var staff = await gateway.SignInAsync("staff-001");
        (await staff.GetAsync("/home")).Location.ShouldBe("/sign-in");
        await staff.GetAsync("/api/me/staff-only");
        gateway.Identity.Requests.Concat(gateway.Appointments.Requests).Where(seen => seen.Path == "/api/me/staff-only").ShouldAllBe(seen => !seen.Headers.ContainsKey("Authorization") && !seen.Headers.ContainsKey("Cookie"));
    }

    [Fact]
    public async Task Who_has_no_role_at_the_desk_reads_so()
    {
        var browser = gateway.NewBrowser();
        var page = await gateway.SignInAsync(browser, "staff-004", "/staff/tasks");
        (page.Path, page.Heading).ShouldBe(("/staff/no-access", "You cannot use the desk"));
        (await browser.OpenAsync(Task)).Path.ShouldBe("/staff/no-access");
    }

    [Fact]
    public async Task A_claimed_task_is_locked_for_colleagues_who_read_who_has_it()
    {
        gateway.Task = DeskFixture.Fresh;
        var (priya, tom) = (await gateway.SignInAsync("staff-001"), await gateway.SignInAsync("staff-002"));
        var (hers, his) = (await priya.OpenAsync(Task), await tom.OpenAsync(Task));
        hers = await priya.FollowAsync(await priya.SubmitAsync(hers, "form[action$=Claim]"));
        hers.Main.ShouldContain("The task is yours.");
        var refused = await tom.SubmitAsync(his, "form[action$=Claim]");
        refused.Status.ShouldBe(HttpStatusCode.SeeOther);
        his = await tom.FollowAsync(refused);
        his.Main.ShouldContain("Priya Shah has this task.");
        his.Document.QuerySelector("form[action$=Close]").ShouldBeNull();

        // A supervisor gives it back to all.
        var grace = await gateway.SignInAsync("staff-003");
        var taken = await grace.FollowAsync(await grace.SubmitAsync(await grace.OpenAsync(Task), "form[action$=Release]"));
        taken.Main.ShouldContain("open to all again");
    }

    [Fact]
    public async Task Calls_are_noted_and_the_task_is_closed_with_an_outcome()
    {
        gateway.Task = DeskFixture.Fresh;
        var browser = await gateway.SignInAsync("staff-002");
        var page = await browser.FollowAsync(await browser.SubmitAsync(await browser.OpenAsync(Task), "form[action$=Claim]"));
        page = await browser.FollowAsync(await browser.SubmitAsync(page, "form[action$=Call]", ("CallNote", "No answer\nleft no message")));
        page.Main.ShouldContain("No answer");
        page.Main.ShouldContain("three calls on two working days");
        page = await browser.SubmitAsync(page, "form[action$=Close]");
        page.Errors.ShouldContain(("#Outcome", "Choose how it ended"));
        var closed = await browser.SubmitAsync(page, "form[action$=Close]", ("Outcome", "kept"), ("ClosingNote", "Will come"));
        closed.Status.ShouldBe(HttpStatusCode.SeeOther);
        (await browser.FollowAsync(closed)).Main.ShouldContain("The task is closed.");
        var sent = gateway.Appointments.Requests.Last(seen => seen.Path.EndsWith("/close", StringComparison.Ordinal));
        sent.Body.ShouldContain("\"outcome\":\"kept\"");
        DeskFixture.Claims(sent.Headers["Authorization"]).GetProperty("scope").GetString().ShouldBe("desk");
    }

    [Fact]
    public async Task Signing_out_ends_every_copy_of_the_cookie()
    {
        var browser = await gateway.SignInAsync("staff-001");
        var copy = gateway.NewBrowser();
        copy.Cookies["__Host-staff"] = browser.Cookies["__Host-staff"];
        (await copy.GetAsync("/staff/tasks")).Status.ShouldBe(HttpStatusCode.OK);
        var page = await browser.FollowAsync(await browser.SubmitAsync(await browser.OpenAsync("/staff/tasks"), "form[action='/staff/sign-out']"));
        page.Heading.ShouldBe("You are signed out");
        (await copy.GetAsync("/staff/tasks")).Status.ShouldBe(HttpStatusCode.Found);
    }

    [Fact]
    public async Task What_was_pressed_after_the_session_is_not_sent_and_says_so()
    {
        var browser = await gateway.SignInAsync("staff-001");
        var page = await browser.OpenAsync("/staff/tasks");
        browser.Cookies.Remove("__Host-staff");
        var posted = await browser.PostAsync(Task + "?handler=Claim", ("Version", "1"), ("__RequestVerificationToken", page.Document.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!));
        posted.Location.ShouldBe("/staff/signed-out?why=unsent");
    }

    [Fact]
    public async Task What_was_typed_when_the_time_was_up_waits_for_whoever_typed_it()
    {
        var path = $"/staff/patients/{DeskFixture.PatientId}/acts/post-now?letter={Samples.LetterId}&task={DeskFixture.TaskId}";
        var browser = await gateway.SignInAsync("staff-002");
        var form = await browser.OpenAsync(path);
        var redis = gateway.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();
        (await redis.KeyDeleteAsync("staff:" + SessionOf(browser))).ShouldBeTrue("the time is up");

        var late = await browser.SubmitAsync(form, "main form", ("Why", "The patient’s daughter asked\non the phone"));
        late.Location.ShouldBe("/staff/signed-out?why=kept");
        var away = await browser.FollowAsync(late);
        away.Main.ShouldContain("What you typed has not been sent.");
        away.Document.QuerySelector("main a")!.GetAttribute("href").ShouldBe(path);
        var kept = System.Text.Encoding.Latin1.GetString((byte[])(await redis.StringGetAsync("answers:" + CookieSeal.HashOf(System.Buffers.Text.Base64Url.DecodeFromChars(browser.Cookies[Cookies.StaffAnswers]))))!);
        kept.ShouldNotContain("daughter");

        // A colleague at the same screen reads nothing of it.
        var colleague = gateway.NewBrowser();
        colleague.Cookies[Cookies.StaffAnswers] = browser.Cookies[Cookies.StaffAnswers];
        (await gateway.SignInAsync(colleague, "staff-001", path)).Text.ShouldNotContain("daughter");

        var act = form.Document.QuerySelector("input[name=ActId]")!.GetAttribute("value")!;
        var again = await gateway.SignInAsync(browser, "staff-002", path);
        (again.Path, again.Document.QuerySelector("textarea")!.TextContent).ShouldBe((path, "The patient’s daughter asked\non the phone"));
        again.Main.ShouldContain("It has not been sent yet.");
        gateway.Postal.Requests.ShouldNotContain(seen => seen.Body.Contains(act, StringComparison.Ordinal), "nothing is sent by itself");
        (await browser.SubmitAsync(again, "main form")).Status.ShouldBe(HttpStatusCode.SeeOther);
        browser.Cookies.Keys.ShouldNotContain(Cookies.StaffAnswers);
        (await browser.OpenAsync(path)).Document.QuerySelector("textarea")!.TextContent.ShouldBe("");
    }

    [Fact]
    public async Task After_a_sign_out_nothing_typed_at_the_desk_is_kept()
    {
        var browser = await gateway.SignInAsync("staff-002");
        var form = await browser.OpenAsync("/staff/find");
        var cookie = browser.Cookies["__Host-staff"];
        await browser.SubmitAsync(form, "form[action='/staff/sign-out']");
        browser.Cookies["__Host-staff"] = cookie;
        (await browser.SubmitAsync(form, "main form", ("FamilyName", "Quillfeather"))).Location.ShouldBe("/staff/signed-out?why=unsent");
        browser.Cookies.Keys.ShouldNotContain(Cookies.StaffAnswers);
    }

    /// <summary>The name under which Redis holds the browser's session.</summary>
    private string SessionOf(Browser browser)
    {
        var ticket = gateway.Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(StaffHosting.Cookie).TicketDataFormat.Unprotect(Uri.UnescapeDataString(browser.Cookies["__Host-staff"]))!;
        CookieSeal.TryRead(ticket.Principal.Claims.Single().Value, out var id).ShouldBeTrue();
        return CookieSeal.HashOf(id);
    }

    [Theory]
    [InlineData("/staff/signed-in")]
    [InlineData("/staff/signed-in?code=x&state=y")]
    [InlineData("/staff/signed-in?error=access_denied&state=y")]
    public async Task An_answer_of_nobody_signs_nobody_in(string path)
    {
        var page = await gateway.NewBrowser().OpenAsync(path);
        (page.Path, page.Heading).ShouldBe(("/staff/signed-out?why=failed", "You are not signed in"));
    }

    [Fact]
    public async Task A_form_of_another_page_is_refused()
    {
        var browser = await gateway.SignInAsync("staff-001");
        (await browser.PostAsync(Task + "?handler=Claim", ("Version", "1"))).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Contacts_are_read_by_whoever_has_claimed_the_task_and_by_nobody_else()
    {
        gateway.Task = DeskFixture.Fresh;
        var (priya, tom) = (await gateway.SignInAsync("staff-001"), await gateway.SignInAsync("staff-002"));
        var page = await priya.OpenAsync(Task);
        page.Text.ShouldNotContain("Quillfeather");
        page = await priya.FollowAsync(await priya.SubmitAsync(page, "form[action$=Claim]"));
        page.Main.ShouldContain("Miss Zora Quillfeather");
        page.Main.ShouldContain("+447700900123");
        page.Main.ShouldContain("+447700900124 (messages do not arrive)");
        var read = Readings();
        (await tom.OpenAsync(Task)).Text.ShouldNotContain("Quillfeather");
        Readings().ShouldBe(read, "what is not shown is not asked for");

        int Readings() => gateway.Identity.Requests.Count(seen => seen.Path.EndsWith("/read", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_act_needs_a_reason_is_written_down_first_and_done_once()
    {
        var browser = await gateway.SignInAsync("staff-002");
        var patient = await browser.OpenAsync($"/staff/patients/{DeskFixture.PatientId}?task={DeskFixture.TaskId}");
        patient.Main.ShouldContain("First reminder to read a letter");
        patient.Main.ShouldContain("not delivered (provider’s code 30006)");
        patient.Main.ShouldContain("Waits: goes by post unless it is read before");
        patient.Main.ShouldContain("Where is the fracture clinic?");
        var confirm = await browser.OpenAsync(patient.Document.QuerySelectorAll("main a").Single(link => link.TextContent == "Opt the patient out").GetAttribute("href")!);
        (await browser.SubmitAsync(confirm, "main form")).Errors.ShouldContain(("#Why", "Write why you are doing this"));
        gateway.Notifications.Requests.ShouldNotContain(seen => seen.Path.EndsWith("/opted-out", StringComparison.Ordinal) && seen.Body.Contains(confirm.Document.QuerySelector("input[name=ActId]")!.GetAttribute("value")!, StringComparison.Ordinal));
        var done = await browser.SubmitAsync(confirm, "main form", ("Why", "asked on the phone"));
        done.Location.ShouldBe($"/staff/patients/{DeskFixture.PatientId}?did=opt-out&task={DeskFixture.TaskId}");
        (await browser.FollowAsync(done)).Main.ShouldContain("The patient is opted out.");

        var act = confirm.Document.QuerySelector("input[name=ActId]")!.GetAttribute("value")!;
        var intended = gateway.Appointments.Requests.Single(seen => seen.Path == $"/internal/desk/acts/{act}");
        intended.Body.ShouldContain("asked on the phone");
        intended.Body.ShouldContain(DeskFixture.TaskId.ToString());
        gateway.Notifications.Requests.Single(seen => seen.Body.Contains(act, StringComparison.Ordinal)).Body.ShouldNotContain("asked on the phone");

        foreach (var (name, service, end) in new[] { ("post-now", gateway.Postal, $"/letters/{Samples.LetterId}/post"), ("letters-only-on", gateway.Identity, "/acts"), ("codes-by-email-on", gateway.Identity, "/acts"), ("contacts-confirmed", gateway.Identity, "/acts") })
        {
            confirm = await browser.OpenAsync($"/staff/patients/{DeskFixture.PatientId}/acts/{name}?letter={Samples.LetterId}");
            act = confirm.Document.QuerySelector("input[name=ActId]")!.GetAttribute("value")!;
            (await browser.SubmitAsync(confirm, "main form", ("Why", "because"))).Status.ShouldBe(HttpStatusCode.SeeOther);
            service.Requests.Single(seen => seen.Body.Contains(act, StringComparison.Ordinal)).Path.ShouldEndWith(end);
        }
        (await browser.GetAsync($"/staff/patients/{DeskFixture.PatientId}/acts/nonsense")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact] // A30
    public async Task A_record_in_quarantine_is_compared_and_decided_with_a_reason()
    {
        var browser = await gateway.SignInAsync("staff-001");
        var page = await browser.OpenAsync($"/staff/patients/{DeskFixture.PatientId}/quarantine?task={DeskFixture.TaskId}");
        page.Main.ShouldContain("999 054 8609");
        (await browser.SubmitAsync(page, "main form")).Errors.Select(error => error.Href).ShouldBe(["#Decision", "#Why"]);
        var decided = await browser.SubmitAsync(page, "main form", ("Decision", "other"), ("Why", "Two sisters at one address"));
        decided.Location.ShouldBe($"/staff/tasks/{DeskFixture.TaskId}?did=decide");
        var act = page.Document.QuerySelector("input[name=ActId]")!.GetAttribute("value")!;
        gateway.Appointments.Requests.Single(seen => seen.Path == $"/internal/desk/acts/{act}").Body.ShouldContain("record-rejected");
        gateway.Identity.Requests.Single(seen => seen.Path.EndsWith("/quarantine/decide", StringComparison.Ordinal)).Body.ShouldContain("\"apply\":false");
    }

    [Fact]
    public async Task A_search_leaves_nothing_in_an_address()
    {
        var browser = await gateway.SignInAsync("staff-001");
        var page = await browser.OpenAsync("/staff/find");
        (await browser.SubmitAsync(page, "main form")).Errors.Count.ShouldBe(1);
        (await browser.SubmitAsync(page, "main form", ("FamilyName", "Quillfeather"), ("day", "31"), ("month", "2"), ("year", "1984"))).Errors.ShouldContain(("#BirthDate-day", "Enter a real date of birth in the past, like 15 3 1984"));
        var found = await browser.SubmitAsync(page, "main form", ("FamilyName", "Quillfeather"), ("day", "15"), ("month", "3"), ("year", "1984"));
        (found.Path, found.Status).ShouldBe(("/staff/find", HttpStatusCode.OK));
        found.Main.ShouldContain("Miss Zora Quillfeather, born Thursday 15 March 1984, LS9 7TF");
        gateway.Identity.Requests.Last(seen => seen.Path == "/internal/desk/patients/find").Body.ShouldContain("\"birthDate\":\"1984-03-15\"");
    }

    [Fact]
    public async Task Only_a_supervisor_lets_a_stopped_feed_in_again()
    {
        var (agent, supervisor) = (await gateway.SignInAsync("staff-001"), await gateway.SignInAsync("staff-003"));
        (await agent.OpenAsync("/staff/feeds")).Document.QuerySelector("main form").ShouldBeNull();
        (await agent.OpenAsync("/staff/acts")).Main.ShouldContain("Only supervisors");
        var page = await supervisor.OpenAsync("/staff/feeds");
        (await supervisor.SubmitAsync(page, "main form")).Errors.ShouldContain(("#Why", "Write why it may go on"));
        (await supervisor.FollowAsync(await supervisor.SubmitAsync(page, "main form", ("Why", "a new telephone system")))).Main.ShouldContain("may change contact details again");
        (await supervisor.OpenAsync("/staff/acts")).Main.ShouldContain("Priya Shah");
    }

    [Fact]
    public async Task Every_page_of_the_desk_is_listed_and_valid_html()
    {
        gateway.Task = DeskFixture.Fresh;
        var templates = gateway.Services.GetRequiredService<IActionDescriptorCollectionProvider>().ActionDescriptors.Items.OfType<PageActionDescriptor>()
            .Select(page => page.AttributeRouteInfo!.Template!).Where(template => template.StartsWith("staff", StringComparison.Ordinal)).Distinct().ToList();
        templates.Where(template => !DeskPages.WithoutPage.Contains(template) && !DeskPages.All.Any(page => DeskPages.Fits(template, page.Path))).ShouldBeEmpty("pages of the desk that no test looks at: add them to DeskPages");
        var folder = Directory.CreateTempSubdirectory("patienthub-desk-");
        try
        {
            var browser = await gateway.SignInAsync("staff-003");
            foreach (var (name, path) in DeskPages.All)
            {
                var page = await browser.OpenAsync(path);
                page.Text.ShouldContain("</html>", Case.Sensitive, path);
                await File.WriteAllTextAsync(Path.Combine(folder.FullName, name + ".html"), page.Text, TestContext.Current.CancellationToken);
            }
            (await PageListTests.ValidateAsync(folder.FullName)).ShouldBeEmpty();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
