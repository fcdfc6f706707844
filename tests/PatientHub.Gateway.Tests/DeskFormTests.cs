using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using PatientHub.Gateway.Tests.Support;
using PatientHub.Testing;
using Page = PatientHub.Testing.Page;

namespace PatientHub.Gateway.Tests;

/// <summary>A desk of its own, with room for as many requests as the table has.</summary>
public sealed class ManyDeskForms(RedisServer redis) : DeskFixture(redis)
{
    protected override IEnumerable<(string Name, string Value)> Settings => base.Settings.Concat(
        from limit in new[] { "PerAddress", "PerSession" }
        from name in new[] { limit, limit + "Burst" }
        select ("Limits:" + name, "1000000"));
}

/// <summary>Every form of the desk's pages with every bad input, as <see cref="EveryFormTests"/> does with the patients': never a fault, always the field's own error that says what to do.</summary>
public sealed class DeskFormTests(ManyDeskForms gateway) : IClassFixture<ManyDeskForms>
{
    private const string Token = "__RequestVerificationToken";

    private static readonly string Patient = $"/staff/patients/{DeskFixture.PatientId}";

    /// <summary>Where the desk's forms stand: the task is claimed, or not yet.</summary>
    private static readonly (string Path, bool Claimed)[] Pages =
    [
        ("/staff/find", false), (Patient + "/acts/opt-out", false), ($"{Patient}/acts/post-now?letter={Samples.LetterId}", false), ($"{Patient}/quarantine?task={DeskFixture.TaskId}", false), ("/staff/feeds", false),
        ($"/staff/tasks/{DeskFixture.TaskId}", false), ($"/staff/tasks/{DeskFixture.TaskId}", true),
    ];

    private static readonly Dictionary<string, string> Bad = new()
    {
        ["empty"] = "",
        ["spaces"] = "  \t ",
        ["long"] = new('x', 10_000),
        ["emoji"] = "👩🏽‍⚕️🙂",
        ["right-to-left"] = "\u202Eموعد يوم الاثنين\u202C",
        ["script"] = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>",
        ["sql"] = "'; DROP TABLE patient; --",
        ["landline"] = "0113 496 0000",
        ["year 0026"] = "0026",
        ["a year to come"] = "2931",
        ["half a surrogate"] = "\uD83D",
    };

    private static readonly string[] Words = [.. Bad.Keys.Except(["long"])];

    /// <summary>What each field takes all the same: words are words, and half a name finds nobody. A field that is not named here is a new one.</summary>
    private static readonly Dictionary<string, string[]> Taken = new()
    {
        ["Why"] = [.. Words.Except(["empty", "spaces"])],
        ["CallNote"] = Words,
        ["ClosingNote"] = Words,
        ["Outcome"] = [],
        ["Decision"] = [],
        ["NhsNumber"] = ["empty", "spaces"],
        ["FamilyName"] = [.. Words.Except(["empty", "spaces"])],
        ["day"] = [],
        ["month"] = [],
        ["year"] = [],
    };

    private static readonly Dictionary<string, string> Good = new()
    {
        ["Why"] = "asked on the phone",
        ["Outcome"] = "kept",
        ["Decision"] = "other",
        ["FamilyName"] = "Quillfeather",
        ["day"] = "15",
        ["month"] = "3",
        ["year"] = "1984",
    };

    [Fact]
    public async Task Every_posted_route_has_its_form_and_every_field_its_line_in_the_table()
    {
        var forms = await FormsAsync(await SignInAsync());
        var loader = gateway.Services.GetRequiredService<PageLoader>();
        foreach (var action in gateway.Services.GetRequiredService<IActionDescriptorCollectionProvider>().ActionDescriptors.Items.OfType<PageActionDescriptor>().Where(page => page.ViewEnginePath.StartsWith("/Staff/", StringComparison.Ordinal)))
        {
            var page = await loader.LoadAsync(action, EndpointMetadataCollection.Empty);
            foreach (var handler in page.HandlerMethods.Where(handler => handler.HttpMethod == "Post"))
                forms.ShouldContain(form => DeskPages.Fits(page.AttributeRouteInfo!.Template!, form.Action) && form.Handler.Equals(handler.Name ?? "", StringComparison.OrdinalIgnoreCase), $"no page has a form for {page.AttributeRouteInfo!.Template} {handler.Name}");
        }
        forms.SelectMany(form => form.Fields).Distinct().Order().ShouldBe(Taken.Keys.Order(), "a field without its line in the table, or a line without its field");
    }

    [Fact] // Checklist 102, 119, 124
    public async Task Bad_input_is_refused_by_its_own_field_or_taken_as_it_is()
    {
        var browser = await SignInAsync();
        var faults = new List<string>();
        foreach (var form in await FormsAsync(browser))
        {
            foreach (var field in form.Fields)
                foreach (var (kind, value) in Bad)
                    if (Fault(form, field, kind, await SendAsync(browser, form, field, value)) is { } fault)
                        faults.Add($"{form}: {field} {kind}: {fault}");
            foreach (var field in form.Hidden)
                foreach (var (kind, value) in Bad)
                    if (await SendAsync(browser, form, field, value) is var answer && ((int)answer.Status is < 200 or >= 500 || !IsInert(answer)))
                        faults.Add($"{form}: hidden {field} {kind}: {(int)answer.Status}");
            var forged = await SendAsync(browser, form, Token, "forged");
            if (forged.Status != HttpStatusCode.BadRequest)
                faults.Add($"{form}: without its token {(int)forged.Status}");
        }
        faults.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("943 476 591", "", "#NhsNumber", "Enter an NHS number of 10 digits, like 999 123 4567, or leave it empty and enter the family name and date of birth")]
    [InlineData("", "", "#NhsNumber", "Enter the NHS number, or the family name and date of birth")]
    [InlineData("", "Quillfeather", "#BirthDate-day", "Enter a real date of birth in the past, like 15 3 1984")]
    public async Task A_search_says_what_to_enter(string number, string family, string field, string error)
    {
        var browser = await SignInAsync();
        var page = await browser.SubmitAsync(await browser.OpenAsync("/staff/find"), "main form", ("NhsNumber", number), ("FamilyName", family), ("day", "31"), ("month", "2"), ("year", "1984"));
        page.Errors.ShouldBe([(field, error)]);
        page.Document.QuerySelector<IHtmlInputElement>("[name=FamilyName]")!.Value.ShouldBe(family);
    }

    private static string? Fault(DeskForm form, string field, string kind, Page answer)
    {
        if (answer.Status is not (HttpStatusCode.OK or HttpStatusCode.SeeOther))
            return $"answered {(int)answer.Status}";
        if (!IsInert(answer))
            return "what was typed is markup";
        var taken = Taken[field].Contains(kind);
        if (answer.Errors.Count == 0)
            return taken ? null : "was taken";
        if (taken)
            return $"was refused: {string.Join("; ", answer.Errors)}";
        if (answer.Errors.Count != 1 || answer.Document.GetElementById(answer.Errors[0].Href.TrimStart('#')) is not { } shown)
            return $"has not one error of its own: {string.Join("; ", answer.Errors)}";
        // Without a name it is the number that is missing.
        if (shown.GetAttribute("name") != field && !(field == "FamilyName" && shown.GetAttribute("name") == "NhsNumber"))
            return $"the error leads to {shown.GetAttribute("name")}";
        if (answer.Document.QuerySelectorAll($"[id='{shown.Id}']").Length != 1)
            return "two fields have its id";
        if (!shown.GetAncestors().OfType<IElement>().Any(group => group.ClassList.Contains("nhsuk-form-group--error") && group.QuerySelector(".nhsuk-error-message") is not null))
            return "the error is not beside the field";
        return answer.Title.StartsWith("Error: ", StringComparison.Ordinal) ? null : "the title does not say that something is wrong";
    }

    private static bool IsInert(Page page) => !page.Text.Contains("<script>alert", StringComparison.OrdinalIgnoreCase) && page.Document.QuerySelector("[onerror], img[src=x]") is null;

    private Task<Browser> SignInAsync() => gateway.SignInAsync("staff-003");

    private async Task<Page> SendAsync(Browser browser, DeskForm form, string field, string value)
    {
        var page = await OpenAsync(browser, form.Page, form.Claimed);
        var values = HubForm.Values(form.In(page), Good.Where(good => form.Fields.Contains(good.Key) && good.Key != field).Append(KeyValuePair.Create(field, value)).ToDictionary());
        return await browser.PostAsync(form.Action, values);
    }

    private async Task<Page> OpenAsync(Browser browser, string path, bool claimed)
    {
        gateway.Task = claimed ? DeskFixture.Fresh with { Task = DeskFixture.Fresh.Task with { Status = "in-progress", ClaimedBy = "Grace Adeyemi", Version = 2 } } : DeskFixture.Fresh;
        return await browser.OpenAsync(path);
    }

    private async Task<IReadOnlyList<DeskForm>> FormsAsync(Browser browser)
    {
        List<DeskForm> forms = [];
        foreach (var (path, claimed) in Pages)
            forms.AddRange((await OpenAsync(browser, path, claimed)).Document.QuerySelectorAll<IHtmlFormElement>("form").Select((form, number) => DeskForm.Of(path, claimed, number, form)));
        // The header's button is on every page.
        return [.. forms.DistinctBy(form => form.Action == "/staff/sign-out" ? form.Action : form.ToString()).Where(form => form.Action != "/staff/sign-out" || form.Page == Pages[0].Path)];
    }

    private sealed record DeskForm(string Page, bool Claimed, int Number, string Action, IReadOnlyList<string> Fields, IReadOnlyList<string> Hidden)
    {
        public string Handler => Action.Contains("handler=", StringComparison.Ordinal) ? Action[(Action.IndexOf("handler=", StringComparison.Ordinal) + 8)..] : "";

        public static DeskForm Of(string page, bool claimed, int number, IHtmlFormElement form)
        {
            var inputs = form.QuerySelectorAll("input, textarea").Where(input => input.GetAttribute("name") is { Length: > 0 } and not Token).ToLookup(input => input.GetAttribute("type") == "hidden", input => input.GetAttribute("name")!);
            return new DeskForm(page, claimed, number, form.GetAttribute("action") is { Length: > 0 } action ? action : page, [.. inputs[false].Distinct()], [.. inputs[true].Distinct()]);
        }

        public IHtmlFormElement In(Page page) => page.Document.QuerySelectorAll<IHtmlFormElement>("form").ElementAt(Number);

        public override string ToString() => $"{Page} → {Action}{(Claimed ? " (claimed)" : "")}";
    }
}
