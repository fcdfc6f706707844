using Microsoft.AspNetCore.Razor.TagHelpers;

namespace PatientHub.Gateway.Components;

/// <summary>More for those who want it; works without a script.</summary>
[HtmlTargetElement("hub-details")]
public sealed class DetailsTagHelper : ComponentTagHelper
{
    public string? Summary { get; set; }

    public bool Open { get; set; }

    protected override string Render(string content, string attributes) => $"""
        <details class="nhsuk-details{More}"{attributes}{(Open ? " open" : "")}><summary class="nhsuk-details__summary"><span class="nhsuk-details__summary-text">{E(Needed(Summary, "summary"))}</span></summary><div class="nhsuk-details__text">{content}</div></details>
        """;
}
