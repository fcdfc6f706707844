using Microsoft.AspNetCore.Razor.TagHelpers;

namespace PatientHub.Gateway.Components;

/// <summary>A card with a heading, a description and what else stands between the tags.</summary>
[HtmlTargetElement("hub-card")]
public class CardTagHelper : ComponentTagHelper
{
    public string? Heading { get; set; }

    public string? HeadingId { get; set; }

    /// <summary>2, unless the card stands below another heading.</summary>
    public int Level { get; set; } = 2;

    /// <summary>xs, s, m, l or xl.</summary>
    public string? Size { get; set; }

    public string? Description { get; set; }

    /// <summary>The heading is a link.</summary>
    public string? Href { get; set; }

    /// <summary>The whole card can be touched; the link stays the heading.</summary>
    public bool Clickable { get; set; }

    /// <summary>feature, secondary or warning.</summary>
    public string? Variant { get; set; }

    /// <summary>Said by screen readers before the heading.</summary>
    protected virtual string? HiddenText => null;

    protected override string Render(string content, string attributes)
    {
        var css = "nhsuk-card" + When(Clickable, "nhsuk-card--clickable") + (Variant is null ? "" : $" nhsuk-card--{E(Variant)}") + More;
        var description = Description is null ? "" : $"""<p class="nhsuk-card__description">{E(Description)}</p>""";
        return $"""<div class="{css}"{attributes}><div class="nhsuk-card__content">{HeadingHtml}{description}{content}</div></div>""";
    }

    private string HeadingHtml
    {
        get
        {
            if (Heading is null)
                return "";
            var words = Href is not null && Variant != "feature" ? $"""<a class="nhsuk-card__link" href="{E(Href)}">{E(Heading)}</a>"""
                : HiddenText is { } hidden ? $"""<span role="text"><span class="nhsuk-u-visually-hidden">{E(hidden)} </span>{E(Heading)}</span>"""
                : E(Heading);
            return $"""<h{Level} class="nhsuk-card__heading{(Size is null ? "" : $" nhsuk-heading-{E(Size)}")}"{Attribute("id", HeadingId)}>{words}</h{Level}>""";
        }
    }
}

/// <summary>What must not be overlooked.</summary>
[HtmlTargetElement("hub-warning")]
public sealed class WarningTagHelper : CardTagHelper
{
    public WarningTagHelper() => (Variant, Level) = ("warning", 3);

    // "Important: Important" would be said twice.
    protected override string? HiddenText => Heading?.Contains(Texts.Plain("Shared.Important").TrimEnd(':'), StringComparison.OrdinalIgnoreCase) == true ? null : Texts.Plain("Shared.Important");

    protected override string Render(string content, string attributes)
    {
        Needed(Heading, "heading");
        return base.Render(content, attributes);
    }
}
