using System.Globalization;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;
using PatientHub.Gateway.Texts;

namespace PatientHub.Gateway.Components;

/// <summary>
/// A component of nhsuk-frontend as a tag: the markup is the design system's own, held against the examples that its package ships. Attributes that the component
/// does not know go to its main element, as the design system's <c>attributes</c> option.
/// </summary>
public abstract class ComponentTagHelper : TagHelper
{
    /// <summary>Further classes of the main element.</summary>
    public string? Classes { get; set; }

    /// <summary>The page: its errors and its language.</summary>
    [ViewContext, HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    /// <inheritdoc />
    public sealed override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var content = (await output.GetChildContentAsync()).GetContent().Trim();
        using var attributes = new StringWriter(CultureInfo.InvariantCulture);
        foreach (var attribute in output.Attributes)
        {
            attributes.Write(' ');
            attribute.WriteTo(attributes, HtmlEncoder.Default);
        }
        output.TagName = null;
        output.Content.SetHtmlContent(Render(content, attributes.ToString()));
    }

    /// <summary>The whole component.</summary>
    /// <param name="content">What stands between the tags.</param>
    /// <param name="attributes">Of the main element, with a leading space, or nothing.</param>
    protected abstract string Render(string content, string attributes);

    protected PageTexts Texts => ViewContext.HttpContext.RequestServices.GetRequiredService<PageTexts>();

    protected static string E(string? text) => HtmlEncoder.Default.Encode(text ?? "");

    protected static string Attribute(string name, string? value) => value is null ? "" : $" {name}=\"{E(value)}\"";

    /// <summary>" class-name" when it applies.</summary>
    protected static string When(bool applies, string className) => applies ? " " + className : "";

    protected string More => string.IsNullOrEmpty(Classes) ? "" : " " + E(Classes);

    /// <summary>A class that was given by hand wins over the option of the same meaning.</summary>
    protected bool Has(string className) => Classes?.Contains(className, StringComparison.Ordinal) == true;

    /// <summary>What a component cannot be without.</summary>
    protected string Needed(string? value, string what) => !string.IsNullOrWhiteSpace(value) ? value : throw new InvalidOperationException($"{GetType().Name} needs a {what}.");
}
