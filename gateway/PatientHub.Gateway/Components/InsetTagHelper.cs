using Microsoft.AspNetCore.Razor.TagHelpers;

namespace PatientHub.Gateway.Components;

/// <summary>A passage that stands out: paragraphs between the tags.</summary>
[HtmlTargetElement("hub-inset")]
public sealed class InsetTagHelper : ComponentTagHelper
{
    protected override string Render(string content, string attributes) =>
        $"""<div class="nhsuk-inset-text{More}"{attributes}><span class="nhsuk-u-visually-hidden">{E(Texts.Plain("Shared.Information"))} </span>{content}</div>""";
}
