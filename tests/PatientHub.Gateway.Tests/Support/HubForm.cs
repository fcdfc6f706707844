using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using PatientHub.Testing;

namespace PatientHub.Gateway.Tests.Support;

/// <summary>Who has a form before him.</summary>
public enum Visitor
{
    /// <summary>A browser that knows nothing of the hub.</summary>
    Stranger,

    /// <summary>Came by a permanent link.</summary>
    FromLink,

    /// <summary>Waits for the code.</summary>
    SigningIn,

    SignedIn,
}

/// <summary>A form as a page has it.</summary>
/// <param name="Page">The page it stands on.</param>
/// <param name="Action">Where it goes, with its handler.</param>
/// <param name="Fields">Names of what can be typed or chosen.</param>
/// <param name="Hidden">Names of what the page itself puts in.</param>
public sealed record HubForm(Visitor Visitor, string Page, string Action, IReadOnlyList<string> Fields, IReadOnlyList<string> Hidden)
{
    public string Path => Action.Split('?')[0];

    public string Handler => Action.Contains("handler=", StringComparison.OrdinalIgnoreCase) ? Action[(Action.IndexOf("handler=", StringComparison.OrdinalIgnoreCase) + 8)..] : "";

    public override string ToString() => $"{Visitor} {Page} → {Action}";

    public static IEnumerable<HubForm> On(Visitor visitor, Page page) => page.Document.QuerySelectorAll<IHtmlFormElement>("form").Select(form =>
    {
        var inputs = form.QuerySelectorAll("input, textarea, select, button").Where(input => input.GetAttribute("name") is { Length: > 0 } and not "__RequestVerificationToken").ToLookup(IsHidden, input => input.GetAttribute("name")!);
        return new HubForm(visitor, page.Path.Split('?')[0], ActionOf(form, page), [.. inputs[false].Distinct()], [.. inputs[true].Distinct()]);
    });

    public IHtmlFormElement? In(Page page) => page.Path.Split('?')[0] == Page ? page.Document.QuerySelectorAll<IHtmlFormElement>("form").FirstOrDefault(form => ActionOf(form, page) == Action) : null;

    /// <summary>What a browser would send: as the page has it, with <paramref name="typed"/> in place of what it has.</summary>
    public static (string Name, string Value)[] Values(IHtmlFormElement form, IReadOnlyDictionary<string, string> typed) =>
    [
        .. form.QuerySelectorAll("input, textarea")
            .Where(input => input.GetAttribute("name") is { Length: > 0 } name && !typed.ContainsKey(name) && (input.GetAttribute("type") is not ("radio" or "checkbox") || input.HasAttribute("checked")))
            .Select(input => (input.GetAttribute("name")!, (input as IHtmlTextAreaElement)?.Value ?? input.GetAttribute("value") ?? "")),
        .. typed.Select(field => (field.Key, field.Value)),
    ];

    private static string ActionOf(IHtmlFormElement form, Page page) => form.GetAttribute("action") is { Length: > 0 } action ? action : page.Path.Split('?')[0];

    private static bool IsHidden(IElement input) => input is IHtmlButtonElement || input.GetAttribute("type") == "hidden";
}
