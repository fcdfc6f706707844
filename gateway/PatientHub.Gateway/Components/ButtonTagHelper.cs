using Microsoft.AspNetCore.Razor.TagHelpers;

namespace PatientHub.Gateway.Components;

/// <summary>A button that sends its form; with <see cref="Href"/> a link that looks like one.</summary>
[HtmlTargetElement("hub-button")]
public sealed class ButtonTagHelper : ComponentTagHelper
{
    /// <summary>brand, login, reverse, secondary, secondary-solid or warning; null is the green one, of which a page has one.</summary>
    public string? Variant { get; set; }

    public bool Small { get; set; }

    public string? Href { get; set; }

    public bool Disabled { get; set; }

    /// <summary>True: the design system's script ignores a second press within a second.</summary>
    public bool? PreventDoubleClick { get; set; }

    protected override string Render(string content, string attributes)
    {
        Needed(content, "text");
        var css = "nhsuk-button" + (Variant is null ? "" : $" nhsuk-button--{E(Variant)}") + When(Small, "nhsuk-button--small") + More;
        var known = $"class=\"{css}\" data-module=\"nhsuk-button\"" + Attribute("data-prevent-double-click", PreventDoubleClick?.ToString().ToLowerInvariant());
        return Href is not null
            ? $"""<a {known} href="{E(Href)}" role="button" draggable="false"{attributes}>{content}</a>"""
            : $"""<button {known} type="submit"{(Disabled ? " disabled aria-disabled=\"true\"" : "")}{attributes}>{content}</button>""";
    }
}
