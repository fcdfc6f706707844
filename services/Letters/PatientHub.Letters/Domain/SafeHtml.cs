using AngleSharp.Html.Parser;
using Ganss.Xss;

namespace PatientHub.Letters.Domain;

/// <summary>
/// What a letter's HTML may contain: text, headings, lists, tables, links to https, telephone and mail. No script, style, form, frame, image or anything that would
/// ask another host.
/// </summary>
public static class SafeHtml
{
    private static readonly string[] Tags =
    [
        "h1", "h2", "h3", "h4", "p", "br", "hr", "div", "span", "strong", "b", "em", "i", "u", "sub", "sup", "blockquote", "address",
        "ul", "ol", "li", "dl", "dt", "dd", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "a",
    ];

    public static string Clean(string html)
    {
        var sanitizer = new HtmlSanitizer();
        Replace(sanitizer.AllowedTags, Tags);
        Replace(sanitizer.AllowedAttributes, ["href", "lang", "dir", "colspan", "rowspan", "scope"]);
        Replace(sanitizer.AllowedSchemes, ["https", "tel", "mailto"]);
        sanitizer.AllowedCssProperties.Clear();
        sanitizer.AllowedAtRules.Clear();
        sanitizer.AllowDataAttributes = false;
        sanitizer.KeepChildNodes = false;
        return sanitizer.Sanitize(Body(html)).Trim();
    }

    /// <summary>Whether anything is left that a person could read.</summary>
    public static bool HasText(string html)
    {
        using var page = new HtmlParser().ParseDocument(html);
        return !string.IsNullOrWhiteSpace(page.Body?.TextContent);
    }

    // A whole document: only its body is the letter; the sanitiser would keep the title's text.
    private static string Body(string html)
    {
        using var page = new HtmlParser().ParseDocument(html);
        return page.Body?.InnerHtml ?? "";
    }

    private static void Replace(ISet<string> set, IEnumerable<string> with)
    {
        set.Clear();
        foreach (var item in with) set.Add(item);
    }

    /// <summary>Text put into HTML.</summary>
    public static string Encode(string text) => System.Text.Encodings.Web.HtmlEncoder.Default.Encode(text);
}
