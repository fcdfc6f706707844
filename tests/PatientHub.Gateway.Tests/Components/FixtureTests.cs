using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewEngines;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using PatientHub.Gateway.Components;
using PatientHub.Gateway.Texts;

namespace PatientHub.Gateway.Tests.Components;

/// <summary>
/// Each component against every example that npm nhsuk-frontend ships: the same elements, attributes, classes and words. An example with an option that ours does
/// not have is left out; those options are listed here, and the list must be exact.
/// </summary>
public sealed class FixtureTests
{
    /// <summary>Options of nhsuk-frontend that our components do not have.</summary>
    private static readonly Dictionary<string, string[]> NotSupported = new()
    {
        ["input"] = ["errorMessage", "formGroup.afterInput.html", "hint.html", "label.id", "prefix", "prefix.html", "prefix.text", "suffix", "suffix.html", "suffix.text"],
        ["textarea"] = ["errorMessage", "label.id"],
        ["date-input"] = ["day", "day.error", "day.label", "errorMessage", "fieldset.legend.id", "items.disabled", "items.error", "month.error", "month.label", "namePrefix", "no two parts of a date", "year", "year.disabled", "year.error", "year.label"],
        ["radios"] = ["errorMessage", "fieldset", "fieldset.legend.id", "fieldset.legend.size", "hint.html", "items.conditional.html", "items.disabled"],
        ["checkboxes"] = ["errorMessage", "fieldset", "fieldset.legend.id", "fieldset.legend.size", "inline", "items.behaviour", "items.behaviourGroup", "items.conditional.html", "items.disabled", "items.exclusive", "items.exclusiveGroup", "items.name"],
        ["button"] = ["icon.name", "icon.placement"],
        ["error-summary"] = ["description", "description.html", "description.text", "disableAutoFocus", "errorList.text", "heading.html", "no room for a description"],
        ["summary-list"] = ["card.actions.items.href", "card.actions.items.text", "card.actions.items.type", "card.clickable", "card.heading.size", "card.heading.text", "card.href", "card.variant", "rows.actions.href", "rows.actions.items", "rows.actions.items.href", "rows.actions.items.text", "rows.actions.items.type", "rows.actions.items.visuallyHiddenText", "rows.actions.text", "rows.actions.visuallyHiddenText", "rows.key.width"],
        ["tag"] = ["colour"],
        ["card"] = ["actions.href", "actions.items", "actions.items.href", "actions.items.text", "actions.items.type", "actions.items.visuallyHiddenText", "actions.text", "heading.classes", "heading.html", "image.html", "image.src", "variant"],
        ["notification-banner"] = ["attributes.tabindex", "disableAutoFocus", "role"],
        ["panel"] = ["heading.classes", "heading.id"],
        ["details"] = ["summary.html"],
        ["back-link"] = ["no href", "type", "variant"],
        ["warning-callout"] = ["no heading"],
    };

    /// <summary>How many examples were equal, of how many: a number that falls is a component that lost something.</summary>
    private static readonly Dictionary<string, (int Compared, int All)> Expected = new()
    {
        ["input"] = (28, 44),
        ["textarea"] = (14, 16),
        ["date-input"] = (21, 39),
        ["radios"] = (23, 48),
        ["checkboxes"] = (21, 56),
        ["button"] = (42, 66),
        ["error-summary"] = (4, 14),
        ["inset-text"] = (3, 3),
        ["summary-list"] = (8, 28),
        ["tag"] = (27, 28),
        ["card"] = (29, 50),
        ["notification-banner"] = (13, 17),
        ["panel"] = (13, 15),
        ["details"] = (11, 12),
        ["back-link"] = (1, 7),
        ["warning-callout"] = (5, 6),
    };

    private static readonly IServiceProvider Services = new ServiceCollection().AddSingleton(new PageTexts(TextCatalogue.FromResources(typeof(TextCatalogue).Assembly))).BuildServiceProvider();

    [Theory]
    [InlineData("input")]
    [InlineData("textarea")]
    [InlineData("date-input")]
    [InlineData("radios")]
    [InlineData("checkboxes")]
    [InlineData("button")]
    [InlineData("error-summary")]
    [InlineData("inset-text")]
    [InlineData("summary-list")]
    [InlineData("tag")]
    [InlineData("card")]
    [InlineData("notification-banner")]
    [InlineData("panel")]
    [InlineData("details")]
    [InlineData("back-link")]
    [InlineData("warning-callout")]
    public async Task Every_example_whose_options_we_have_is_equal(string component)
    {
        var (compared, all) = (0, 0);
        var unread = new SortedSet<string>(StringComparer.Ordinal);
        var different = new List<string>();
        using var file = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Shipped(), component, "fixtures.json"), TestContext.Current.CancellationToken));
        foreach (var example in file.RootElement.GetProperty("fixtures").EnumerateArray())
        {
            all++;
            var options = new FixtureOptions(example.GetProperty("context"));
            var block = example.TryGetProperty("callBlock", out var called) ? called.GetString()! : "";
            var errors = new ModelStateDictionary();
            var html = await RenderAsync(component, options, block, errors);
            if (options.Unread.ToList() is { Count: > 0 } rest)
            {
                unread.UnionWith(rest);
                continue;
            }
            compared++;
            var (ours, theirs) = (Normal(html), Normal(example.GetProperty("html").GetString()!));
            if (ours != theirs)
                different.Add($"{component}, {example.GetProperty("name").GetString()}:\n{ours}\nis not\n{theirs}");
        }
        TestContext.Current.SendDiagnosticMessage($"{component}: {compared} of {all} examples compared, options that we do not have: {string.Join(", ", unread)}");
        different.ShouldBeEmpty();
        unread.ShouldBe(NotSupported.GetValueOrDefault(component, []).Order(StringComparer.Ordinal));
        (compared, all).ShouldBe(Expected[component]);
    }

    [Fact]
    public async Task A_field_without_a_label_cannot_be_rendered()
    {
        ComponentTagHelper[] fields = [new InputTagHelper { Name = "a" }, new TextareaTagHelper { Name = "a", Label = " " }, new DateInputTagHelper { Name = "a" }, new RadiosTagHelper { Name = "a" }, new CheckboxesTagHelper { Name = "a" }, new CheckboxTagHelper { Name = "a" }, new InputTagHelper { Label = "A" }];
        foreach (var field in fields)
            await Should.ThrowAsync<InvalidOperationException>(() => RenderAsync(field, "", []));
        ComponentTagHelper[] others = [new ButtonTagHelper(), new DetailsTagHelper(), new WarningTagHelper(), new PanelTagHelper(), new TagTagHelper(), new BackLinkTagHelper(), new SummaryRowTagHelper()];
        foreach (var other in others)
            await Should.ThrowAsync<InvalidOperationException>(() => RenderAsync(other, "", []));
    }

    [Fact]
    public void The_comparison_sees_a_difference()
    {
        Normal("<p class='b a'> x  y</p>").ShouldBe(Normal("<p class=\"a b\">x\n y </p>"));
        foreach (var other in new[] { "<p class='a'>x y</p>", "<p class='a b' id='c'>x y</p>", "<div class='a b'>x y</div>", "<p class='a b'>x z</p>", "<p class='a b'><b>x</b> y</p>" })
            Normal(other).ShouldNotBe(Normal("<p class='a b'>x y</p>"));
    }

    private static async Task<string> RenderAsync(string component, FixtureOptions o, string block, ModelStateDictionary errors)
    {
        string Inner(string path) => o.Text("html") ?? (o.Text(path) is { } text ? HtmlEncoder.Default.Encode(text) : block);
        switch (component)
        {
            case "input":
                return await RenderAsync(Field(new InputTagHelper
                {
                    Type = o.Text("type") ?? "text",
                    Width = o.Number("width"),
                    Code = o.Flag("code") == true,
                    Inputmode = o.Text("inputmode"),
                    Autocomplete = o.Text("autocomplete"),
                    Spellcheck = o.Flag("spellcheck"),
                    Disabled = o.Flag("disabled") == true,
                    Value = o.Text("value"),
                }), "", errors);
            case "textarea":
                return await RenderAsync(Field(new TextareaTagHelper { Autocomplete = o.Text("autocomplete"), Disabled = o.Flag("disabled") == true }), "", errors);
            case "date-input":
                var date = Question(new DateInputTagHelper { Name = "example", Disabled = o.Flag("disabled") == true });
                if (o.List("items").Count is 1 or 2)
                    o.Need("two parts of a date");
                date.Day = DatePart("day");
                date.Month = DatePart("month");
                date.Year = DatePart("year");
                if (AutocompleteOf("day") is "bday-day" && AutocompleteOf("month") is "bday-month" && AutocompleteOf("year") is "bday-year")
                    date.Autocomplete = "bday";
                return await RenderAsync(date, "", errors);
            case "radios":
                return await RenderAsync(Question(new RadiosTagHelper { Value = o.Text("value"), Small = o.Flag("small") == true, Inline = o.Flag("inline") == true, Disabled = o.Flag("disabled") == true, Choices = Choices() }), "", errors);
            case "checkboxes":
                return await RenderAsync(Question(new CheckboxesTagHelper { Values = o.Words("values"), Small = o.Flag("small") == true, Disabled = o.Flag("disabled") == true, Choices = Choices() }), "", errors);
            case "button":
                return await RenderAsync(new ButtonTagHelper { Variant = o.Text("variant"), Small = o.Flag("small") == true, Href = o.Text("href"), Disabled = o.Flag("disabled") == true, PreventDoubleClick = o.Flag("preventDoubleClick"), Classes = o.Text("classes") }, Inner("text"), errors);
            case "error-summary":
                List<string> order = [];
                foreach (var error in o.List("errorList"))
                    if (error.Text("href") is { } href)
                    {
                        errors.AddModelError(href[1..], error.Text("text")!);
                        order.Add(href[1..]);
                    }
                if (block.Length > 0)
                    o.Need("room for a description");
                o.Text("heading.text", "heading").ShouldBeOneOf("There is a problem", null);
                return await RenderAsync(new ErrorSummaryTagHelper(), "", errors, order);
            case "inset-text":
                return await RenderAsync(new InsetTagHelper(), Paragraph("text"), errors);
            case "tag":
                return await RenderAsync(new TagTagHelper { Colour = o.Text("colour"), Border = o.Flag("border") != false, Classes = o.Text("classes") }, Inner("text"), errors);
            case "card":
                return await RenderAsync(new CardTagHelper
                {
                    Heading = o.Text("heading.text", "heading"),
                    HeadingId = o.Text("heading.id"),
                    Level = o.Number("heading.level") ?? 2,
                    Size = o.Text("heading.size"),
                    Href = o.Text("href"),
                    Clickable = o.Flag("clickable") == true,
                    Description = o.Text("description.text", "description"),
                    Variant = o.Text("variant", among: ["feature", "secondary", "warning"]),
                }, o.Text("description.html") ?? block, errors);
            case "warning-callout":
                return await RenderAsync(new WarningTagHelper { Heading = o.Text("heading.text", "heading") ?? o.Need("heading"), Description = o.Text("text") }, o.Text("html") ?? block, errors);
            case "notification-banner":
                return await RenderAsync(new BannerTagHelper
                {
                    Success = o.Text("variant") == "success",
                    Title = o.Text("title.text", "title"),
                    Heading = o.Text("heading.text", "heading"),
                    HeadingElement = o.Text("heading.element") ?? "h3",
                    Text = o.Text("text"),
                }, o.Text("html") ?? block, errors);
            case "panel":
                return await RenderAsync(new PanelTagHelper { Heading = o.Text("heading.text", "heading"), Level = o.Number("heading.level") ?? 1, Size = o.Text("heading.size"), Variant = o.Text("variant") }, o.Text("html") ?? Inner("text"), errors);
            case "details":
                return await RenderAsync(new DetailsTagHelper { Summary = o.Text("summary.text", "summary") ?? "-", Open = o.Flag("open") == true, Classes = o.Text("classes") }, o.Text("html") ?? Inner("text"), errors);
            case "back-link":
                return await RenderAsync(new BackLinkTagHelper { Href = o.Need("href") }, Inner("text"), errors);
            default:
                var rows = await Task.WhenAll(o.List("rows").Select(row => RenderAsync(new SummaryRowTagHelper { Term = row.Text("key.text", "key"), Border = row.Flag("border") != false },
                    row.Text("value.html") ?? HtmlEncoder.Default.Encode(row.Text("value.text", "value") ?? ""), errors)));
                return await RenderAsync(new SummaryListTagHelper { Border = o.Flag("border") != false, LastRowBorder = o.Flag("lastRowBorder") != false }, string.Concat(rows), errors);
        }

        TField Field<TField>(TField field) where TField : FieldTagHelper
        {
            field.Classes = o.Text("classes");
            field.Heading = o.Text("label.heading") is not null;
            field.Label = o.Text("label.heading", "label.text", "label")!;
            field.LabelSize = o.Text("label.size");
            return Named(field);
        }

        TField Question<TField>(TField field) where TField : FieldTagHelper
        {
            field.Heading = o.Text("fieldset.legend.heading") is not null;
            field.Label = o.Text("fieldset.legend.heading", "fieldset.legend.text", "fieldset.legend") ?? "-";
            field.LabelSize = o.Text("fieldset.legend.size");
            return Named(field);
        }

        TField Named<TField>(TField field) where TField : FieldTagHelper
        {
            field.Name = o.Text("name") ?? "-";
            field.Id = o.Text("id", "idPrefix");
            field.Hint = o.Text("hint.text", "hint");
            // An error of one part of a date is said once, beside all of it.
            if (o.Text("errorMessage.text", "errorMessage") is { } error)
                errors.AddModelError((string?[])["day", "month", "year"] is var parts && parts.FirstOrDefault(HasError) is { } part ? $"{field.Id}-{part}" : field.Id ?? field.Name, error);
            return field;
        }

        bool HasError(string? part) => o.Flag(part + ".error") == true || o.List("items").Any(item => item.Text("name") == part && item.Flag("error") == true);

        string? DatePart(string part)
        {
            var (value, all) = (o.Text(part + ".value"), o.Text("values." + part));
            foreach (var item in o.List("items"))
                if (item.Text("name") == part && item.Number("width") == (part == "year" ? 4 : 2))
                    value ??= item.Text("value");
            return value ?? all;
        }

        string? AutocompleteOf(string part) => o.Text(part + ".autocomplete") ?? o.List("items").Where(item => item.Text("name") == part).Select(item => item.Text("autocomplete")).FirstOrDefault();

        IReadOnlyList<Choice> Choices() => [.. o.List("items").Select(item => item.Text("divider") is { } word ? Choice.Divider(word) : new Choice(item.Text("value")!, item.Text("text")!, item.Text("hint.text", "hint")))];

        string Paragraph(string path) => o.Text("html") ?? (o.Text(path) is { } text ? $"<p>{HtmlEncoder.Default.Encode(text)}</p>" : block);
    }

    private static async Task<string> RenderAsync(ComponentTagHelper component, string content, ModelStateDictionary errors, List<string>? order = null)
    {
        var viewData = new ViewDataDictionary(new EmptyModelMetadataProvider(), errors);
        var action = new ActionContext(new DefaultHttpContext { RequestServices = Services }, new RouteData(), new ActionDescriptor(), errors);
        component.ViewContext = new ViewContext(action, new NoView(), viewData, new TempDataDictionary(action.HttpContext, new NoTempData()), TextWriter.Null, new HtmlHelperOptions());
        FieldOrder.Of(action.HttpContext).AddRange(order ?? []);
        var output = new TagHelperOutput("x", [], (_, _) => Task.FromResult<TagHelperContent>(new DefaultTagHelperContent().SetHtmlContent(content)));
        await component.ProcessAsync(new TagHelperContext("x", [], new Dictionary<object, object>(), ""), output);
        return output.Content.GetContent();
    }

    /// <summary>Elements, attributes by name, classes by name, words with single spaces.</summary>
    private static string Normal(string html)
    {
        var parser = new HtmlParser();
        var body = parser.ParseDocument("<body></body>").Body!;
        return string.Join('\n', parser.ParseFragment(html, body).Select(node => Normal(node, 0)).Where(line => line.Length > 0));
    }

    private static string Normal(INode node, int depth)
    {
        var indent = new string(' ', depth * 2);
        if (node is IText text)
            return string.Join(' ', text.Data.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) is { Length: > 0 } words ? indent + words : "";
        if (node is not IElement element)
            return "";
        var attributes = element.Attributes.OrderBy(attribute => attribute.Name, StringComparer.Ordinal)
            .Select(attribute => $" {attribute.Name}=\"{(attribute.Name == "class" ? string.Join(' ', element.ClassList.Order(StringComparer.Ordinal)) : attribute.Value)}\"");
        var children = element.ChildNodes.Select(child => Normal(child, depth + 1)).Where(line => line.Length > 0);
        return string.Join('\n', children.Prepend($"{indent}<{element.LocalName}{string.Concat(attributes)}>"));
    }

    private sealed class NoView : IView
    {
        public string Path => "";

        public Task RenderAsync(ViewContext context) => Task.CompletedTask;
    }

    private sealed class NoTempData : ITempDataProvider
    {
        public IDictionary<string, object> LoadTempData(HttpContext context) => new Dictionary<string, object>();

        public void SaveTempData(HttpContext context, IDictionary<string, object> values) { }
    }

    private static string Shipped([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "gateway", "PatientHub.Gateway", "node_modules", "nhsuk-frontend", "dist", "nhsuk", "components"));
}
