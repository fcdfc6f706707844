using Microsoft.AspNetCore.Razor.TagHelpers;

namespace PatientHub.Gateway.Components;

/// <summary>The way back, above the title; without words it is "Back".</summary>
[HtmlTargetElement("hub-back-link")]
public sealed class BackLinkTagHelper : ComponentTagHelper
{
    public string? Href { get; set; }

    protected override string Render(string content, string attributes) =>
        $"""<a class="nhsuk-back-link{More}" href="{E(Needed(Href, "address"))}"{attributes}>{(content.Length == 0 ? E(Texts.Plain("Shared.Back")) : content)}</a>""";
}
