using System.Net;
using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using PatientHub.Gateway.Tests.Support;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Testing;
using Page = PatientHub.Testing.Page;

namespace PatientHub.Gateway.Tests;

/// <summary>A gateway that shows every form: two languages, and room for as many requests as the table has.</summary>
public sealed class ManyForms(RedisServer redis) : GatewayFixture(redis)
{
    protected override IEnumerable<(string Name, string Value)> Settings =>
        from limit in new[] { "PerAddress", "SignInPerAddress", "SignIn", "PerSession" }
        from name in new[] { limit, limit + "Burst" }
        select ("Limits:" + name, "1000000");

    protected override void Configure(WebApplicationBuilder builder) => builder.Services.AddSingleton(PseudoLanguage.Catalogue);
}

/// <summary>
/// Every form of the patients' pages with every bad input (issue 4): never a fault, always the field's own error, what was typed kept and inert; nothing without the
/// page's own token, nothing with another's ids or cookie. Forms are found on the pages and held against the routes, fields are held against the page models: neither
/// can be forgotten.
/// </summary>
public sealed class EveryFormTests : IClassFixture<ManyForms>
{
    private const string Token = "__RequestVerificationToken";
    private static readonly string Long = new('x', 10_000);

    private static readonly Dictionary<string, string> Bad = new()
    {
        ["empty"] = "",
        ["spaces"] = "  \t ",
        ["long"] = Long,
        ["emoji"] = "👩🏽‍⚕️🙂",
        ["right-to-left"] = "\u202Eموعد يوم الاثنين\u202C",
        ["script"] = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>",
        ["sql"] = "'; DROP TABLE patient; --",
        ["landline"] = "0113 496 0000",
        ["foreign mobile"] = "+33 6 12 34 56 78",
        ["+44 (0)7"] = "+44 (0)7700 900123",
        ["full-width"] = "０７７００　９００１２３",
        ["year 0026"] = "0026",
        ["a year to come"] = "2031",
        ["31"] = "31",
        ["half a surrogate"] = "\uD83D",
    };

    private static readonly string[] Words = [.. Bad.Keys.Except(["long"])];

    /// <summary>What each field takes all the same: words are words. Whether a number is on record is never said here (A19). A field that is not named here is a new one.</summary>
    private static readonly Dictionary<string, string[]> Taken = new()
    {
        ["Identifier"] = ["landline", "foreign mobile", "+44 (0)7", "full-width"],
        ["Day"] = [],
        ["Month"] = [],
        ["Year"] = [],
        ["Code"] = [],
        ["Uvc"] = [],
        ["UnsuitableTimes"] = Words,
        ["HowToReach"] = Words,
        ["ReachBy"] = ["empty", "spaces"],
        ["Reason"] = ["empty", "spaces"],
        ["Details"] = Words,
        ["Channel"] = ["empty", "spaces"],
        ["AlsoPost"] = [.. Bad.Keys],
        ["What"] = [],
        ["Right"] = [.. Words.Except(["empty", "spaces"])],
    };

    private static readonly Dictionary<string, string> Good = new()
    {
        ["Identifier"] = "07700 900123",
        ["Day"] = "15",
        ["Month"] = "3",
        ["Year"] = "1984",
        ["Code"] = StubIdentity.RightCode,
        ["Uvc"] = StubIdentity.RightUvc,
        ["What"] = "mobile",
        ["Right"] = "07700 900999",
    };

    /// <summary>A code is typed anew, and what is far too long for one is not shown again.</summary>
    private static readonly string[] NotKept = ["Code", "Uvc"];

    private readonly ManyForms _gateway;
    private readonly Dictionary<Visitor, Browser> _browsers = [];

    public EveryFormTests(ManyForms gateway)
    {
        _gateway = gateway;
        Samples.Use(gateway, Samples.Appointment with { CanWithdraw = true });
        gateway.Letters.On($"GET /api/me/letters/{Samples.LetterId}", Samples.Content);
        Samples.Use(gateway, Samples.Post);
        gateway.Notifications.On("GET /api/me/preferences", new PatientHub.Notifications.Contracts.Http.Preferences());
        gateway.Notifications.On("PUT /api/me/preferences", () => Results.NoContent());
        gateway.Identity.AfterCode = SignInOutcome.SignedIn;
    }

    [Fact]
    public async Task Every_posted_route_has_its_form_and_every_field_its_line_in_the_table()
    {
        var forms = await FormsAsync();
        var loader = _gateway.Services.GetRequiredService<PageLoader>();
        var pages = await Task.WhenAll(_gateway.Services.GetRequiredService<IActionDescriptorCollectionProvider>().ActionDescriptors.Items.OfType<PageActionDescriptor>()
            .Select(page => loader.LoadAsync(page, EndpointMetadataCollection.Empty)));
        foreach (var page in pages.DistinctBy(page => page.AttributeRouteInfo!.Template))
        {
            var template = page.AttributeRouteInfo!.Template!;
            // Sent by the script, with the fields of whatever form it finds: KeptAnswersTests. Whoever works at the desk is no patient, and has tests of his own.
            if (template == "session/keep" || template.StartsWith("staff", StringComparison.Ordinal))
                continue;
            var own = forms.Where(form => Fits(template, form.Path)).ToList();
            foreach (var handler in page.HandlerMethods.Where(handler => handler.HttpMethod == "Post"))
                own.ShouldContain(form => string.Equals(form.Handler, handler.Name ?? "", StringComparison.OrdinalIgnoreCase), $"no page has a form for {template} {handler.Name}");
            if (page.HandlerMethods.All(handler => handler.HttpMethod != "Post"))
                continue;
            foreach (var property in page.BoundProperties.Where(property => property.Name != "Id"))
                own.SelectMany(form => form.Fields.Concat(form.Hidden)).ShouldContain(property.Name, $"no form of {template} has this field");
        }
        forms.SelectMany(form => form.Fields).Distinct().Order().ShouldBe(Taken.Keys.Order(), "a field without its line in the table, or a line without its field");
        Fits("letters/{id:guid}/accept", $"/letters/{Samples.LetterId}").ShouldBeFalse("the rule sees a form that is missing");

        static bool Fits(string template, string path)
        {
            var (wanted, given) = (template == "Index" ? [""] : template.Split('/'), path.TrimStart('/').Split('/'));
            return wanted.Length == given.Length && wanted.Zip(given).All(part => part.First == part.Second || (part.First.StartsWith('{') && Guid.TryParse(part.Second, out _)));
        }
    }

    [Fact]
    public async Task Bad_input_is_refused_by_its_own_field_or_taken_as_it_is()
    {
        var faults = new List<string>();
        var tried = 0;
        foreach (var form in await FormsAsync())
        {
            foreach (var field in form.Fields)
                foreach (var (kind, value) in Bad)
                {
                    if (field == "Day" && kind == "31")
                        continue; // A day that there is in March.
                    tried++;
                    var answer = await SubmitAsync(form, new() { [field] = value });
                    if (Fault(form, field, kind, value, answer) is { } fault)
                        faults.Add($"{form}: {field} {kind}: {fault}");
                }
            // The page's own fields: whatever is in them, the service decides, and nothing breaks.
            foreach (var field in form.Hidden)
                foreach (var (kind, value) in Bad)
                {
                    tried++;
                    var answer = await SubmitAsync(form, new() { [field] = value });
                    if ((int)answer.Status is < 200 or >= 500 || !IsInert(answer))
                        faults.Add($"{form}: hidden {field} {kind}: {(int)answer.Status}");
                }
        }
        faults.ShouldBeEmpty();
        tried.ShouldBeGreaterThan(200);
    }

    [Theory]
    [InlineData("31", "2", "1984", "#DateOfBirth-day", "Date of birth must be a real date")]
    [InlineData("1", "31", "1984", "#DateOfBirth-month", "Month must be a number from 1 to 12")]
    [InlineData("1", "1", "0026", "#DateOfBirth-year", "Year must be 1900 or later")]
    [InlineData("1", "1", "2031", "#DateOfBirth-year", "Date of birth must be in the past")]
    [InlineData("24", "12", "2026", "#DateOfBirth-day", "Date of birth must be in the past")]
    [InlineData("", "3", "1984", "#DateOfBirth-day", "Date of birth must include a day")]
    [InlineData("15", "3", "84", "#DateOfBirth-year", "Year must have 4 numbers, like 1984")]
    public async Task A_date_of_birth_that_is_none_is_said_at_its_part(string day, string month, string year, string field, string error)
    {
        var page = await _gateway.NewBrowser().TypeDetailsAsync(day: day, month: month, year: year);
        page.Errors.ShouldBe([(field, error)]);
        page.Document.QuerySelector<IHtmlInputElement>("[name=Year]")!.Value.ShouldBe(year);
    }

    [Fact] // Checklist 96
    public async Task Full_width_digits_are_digits_everywhere()
    {
        var browser = _gateway.NewBrowser();
        var code = await browser.FollowAsync(await browser.TypeDetailsAsync("０７７００　９００１２３", "１５", "３", "１９８４"));
        JsonDocument.Parse(_gateway.Identity.Requests.Last(request => request.Path.EndsWith("/attempts", StringComparison.Ordinal)).Body).RootElement.GetProperty("identifier").GetString().ShouldBe("07700 900123");
        (await browser.SubmitAsync(code, "main form", ("Code", "１２３-４５６"))).Location.ShouldBe("/home");
    }

    [Fact] // Checklist 102
    public async Task Nothing_happens_without_the_forms_own_token_and_twice_is_as_once()
    {
        foreach (var form in await FormsAsync())
        {
            var page = await OpenAsync(form);
            var values = HubForm.Values(form.In(page)!, GoodFor(form));
            var browser = _browsers[form.Visitor];
            var another = await TokenOfAnotherAsync();
            var before = Decisions();
            foreach (var forged in new[] { null, "", "CfDJ8forged", another })
            {
                var answer = await browser.PostAsync(form.Action, [.. values.Where(field => field.Name != Token), .. forged is null ? [] : new[] { (Token, forged) }]);
                answer.Status.ShouldBe(HttpStatusCode.BadRequest, $"{form} with the token '{forged}'");
                answer.Document.QuerySelector("main a[href='/']").ShouldNotBeNull("a page that helps");
            }
            Decisions().ShouldBe(before, $"{form} did something without its token");

            var once = await browser.PostAsync(form.Action, values);
            var twice = await browser.PostAsync(form.Action, values);
            once.Status.ShouldBe(HttpStatusCode.SeeOther, $"{form}: {once.Main}");
            ((int)twice.Status).ShouldBeInRange(300, 499, $"{form}, sent again");
        }
    }

    [Fact] // Checklist 105
    public async Task Ids_of_another_patient_are_not_found()
    {
        foreach (var form in (await FormsAsync()).Where(form => Guid.TryParse(form.Path.Split('/').ElementAtOrDefault(2), out _)))
        {
            var page = await OpenAsync(form);
            var values = HubForm.Values(form.In(page)!, GoodFor(form));
            foreach (var other in new[] { Guid.CreateVersion7(), Guid.Empty, Guid.Parse("0f000000-0000-8000-8000-00000000000c") })
            {
                string Changed(string text) => text.Replace(Samples.AppointmentId.ToString(), other.ToString(), StringComparison.Ordinal).Replace(Samples.LetterId.ToString(), other.ToString(), StringComparison.Ordinal);
                var answer = await _browsers[form.Visitor].PostAsync(Changed(form.Action), [.. values.Select(field => (field.Name, Changed(field.Value)))]);
                answer.Status.ShouldBe(HttpStatusCode.NotFound, $"{form} with another id");
                (await _browsers[form.Visitor].OpenAsync(Changed(form.Page))).Status.ShouldBe(HttpStatusCode.NotFound, $"{form.Page} with another id");
            }
        }
    }

    [Fact] // Checklist 100
    public async Task A_cookie_that_is_another_sessions_or_half_of_ones_own_opens_nothing()
    {
        var own = _gateway.NewBrowser();
        await own.SignInAsync();
        var whole = own.Cookies["__Host-session"];
        string[] others = [whole[..(whole.Length / 2)], whole[..^1], whole[1..], whole + "A", string.Concat(whole.Reverse()), new('A', whole.Length), "", "null", "%00", new('é', 20)];
        foreach (var form in (await FormsAsync()).Where(form => form.Visitor == Visitor.SignedIn))
        {
            var values = HubForm.Values(form.In(await OpenAsync(form))!, GoodFor(form));
            var before = Decisions();
            foreach (var other in others)
            {
                var thief = _gateway.NewBrowser();
                foreach (var (name, value) in _browsers[form.Visitor].Cookies)
                    thief.Cookies[name] = value;
                thief.Cookies["__Host-session"] = Uri.EscapeDataString(other);
                var answer = await thief.PostAsync(form.Action, values);
                ((int)answer.Status).ShouldBeInRange(300, 499, $"{form} with the cookie {other}");
                (await thief.OpenAsync(form.Page)).Text.ShouldNotContain("Okonkwo", Case.Sensitive, $"{form.Page} with the cookie {other}");
            }
            Decisions().ShouldBe(before, $"{form} did something for a cookie that is nobody's");
        }
        (await own.OpenAsync("/home")).Text.ShouldContain("Okonkwo", Case.Sensitive, "the whole cookie opens it");
    }

    private static string? Fault(HubForm form, string field, string kind, string value, Page answer)
    {
        if (answer.Status is not (HttpStatusCode.OK or HttpStatusCode.SeeOther))
            return $"answered {(int)answer.Status}";
        if (!IsInert(answer))
            return "what was typed is markup";
        var taken = Taken[field].Contains(kind);
        if (answer.Status == HttpStatusCode.SeeOther)
            return taken ? null : "was taken";
        if (taken)
            return $"was refused: {string.Join("; ", answer.Errors)}";
        if (answer.Errors.Count != 1 || answer.Document.GetElementById(answer.Errors[0].Href.TrimStart('#')) is not { } shown || form.In(answer)?.Contains(shown) != true)
            return $"has not one error of its own: {string.Join("; ", answer.Errors)}";
        if (shown.GetAttribute("name") != field)
            return $"the error leads to {shown.GetAttribute("name")}";
        if (!shown.GetAncestors().OfType<IElement>().Any(group => group.ClassList.Contains("nhsuk-form-group--error") && group.QuerySelector(".nhsuk-error-message")?.TextContent.EndsWith(answer.Errors[0].Text, StringComparison.Ordinal) == true))
            return "the error is not beside the field";
        if (!answer.Title.StartsWith("Error: ", StringComparison.Ordinal))
            return "the title does not say that something is wrong";
        var kept = (shown as IHtmlTextAreaElement)?.Value ?? (shown as IHtmlInputElement is { Type: "text" or "email" or "tel" } input ? input.Value : null);
        // A field of spaces is an empty one; browsers themselves leave a broken character out.
        return kept is null || NotKept.Contains(field) || kind is "spaces" or "half a surrogate" || kept.ReplaceLineEndings("\n") == value ? null : $"is not kept but '{kept[..Math.Min(kept.Length, 40)]}'";
    }

    private static bool IsInert(Page page) => !page.Text.Contains("<script>alert", StringComparison.OrdinalIgnoreCase) && page.Document.QuerySelector("[onerror], img[src=x]") is null && page.Document.Scripts.Length <= 1;

    private async Task<Page> SubmitAsync(HubForm form, Dictionary<string, string> typed)
    {
        var page = await OpenAsync(form);
        return await _browsers[form.Visitor].PostAsync(form.Action, HubForm.Values(form.In(page)!, GoodFor(form).Concat(typed).GroupBy(field => field.Key).ToDictionary(same => same.Key, same => same.Last().Value)));
    }

    private static Dictionary<string, string> GoodFor(HubForm form) => Good.Where(field => form.Fields.Contains(field.Key)).ToDictionary();

    /// <summary>The page with this form; in a fresh browser where the form before has led the old one elsewhere.</summary>
    private async Task<Page> OpenAsync(HubForm form)
    {
        if (_browsers.TryGetValue(form.Visitor, out var browser) && await browser.OpenAsync(form.Page) is var page && form.In(page) is not null)
            return page;
        page = await (await BrowserOfAsync(form.Visitor)).OpenAsync(form.Page);
        form.In(page).ShouldNotBeNull($"{form}: {page.Path} {page.Main}");
        return page;
    }

    private async Task<Browser> BrowserOfAsync(Visitor visitor)
    {
        var browser = _browsers[visitor] = _gateway.NewBrowser();
        if (visitor == Visitor.FromLink)
            await browser.OpenAsync("/p/" + StubIdentity.LinkToken);
        if (visitor == Visitor.SigningIn)
            await browser.FollowAsync(await browser.TypeDetailsAsync());
        if (visitor == Visitor.SignedIn)
            (await browser.SignInAsync()).Path.ShouldBe("/home");
        return browser;
    }

    /// <summary>A token that is good, in another browser.</summary>
    private async Task<string> TokenOfAnotherAsync() => (await _gateway.NewBrowser().OpenAsync("/sign-in")).Document.QuerySelector<IHtmlInputElement>($"[name={Token}]")!.Value;

    /// <summary>How often a service was told to do something.</summary>
    private int Decisions() => new[] { _gateway.Identity, _gateway.Appointments, _gateway.Letters, _gateway.Notifications, _gateway.Postal }
        .Sum(service => service.Requests.Count(request => request.Method != "GET" && request.Path != "/connect/token"));

    /// <summary>The forms of all pages, in both states of the calendar link.</summary>
    private async Task<IReadOnlyList<HubForm>> FormsAsync()
    {
        List<HubForm> forms = [];
        foreach (var (visitor, pages) in new[] { (Visitor.Stranger, SitePages.Everybodys), (Visitor.FromLink, [("not-for-me", "/not-for-me")]), (Visitor.SigningIn, SitePages.Attempts), (Visitor.SignedIn, [.. SitePages.Patients]) })
        {
            var browser = await BrowserOfAsync(visitor);
            foreach (var (_, path) in pages)
            {
                Samples.UseFeed(_gateway, new() { IsOn = false, Version = 0 });
                forms.AddRange(HubForm.On(visitor, await browser.OpenAsync(path)));
            }
        }
        // Last, and so it stays: with the link on, the page has the button that switches it off and the one for a new address, which goes where "on" goes.
        Samples.UseFeed(_gateway, new() { IsOn = true, Since = _gateway.Time.GetUtcNow(), Version = 1 });
        forms.AddRange(HubForm.On(Visitor.SignedIn, await _browsers[Visitor.SignedIn].OpenAsync("/preferences/calendar")));
        return [.. forms.DistinctBy(form => (form.Path, form.Handler.ToUpperInvariant(), form.Visitor == Visitor.FromLink, string.Join(',', form.Fields)))];
    }
}
