using Microsoft.AspNetCore.Razor.TagHelpers;

namespace PatientHub.Gateway.Components;

/// <summary>Terms and what they are: <c>hub-row</c> inside.</summary>
[HtmlTargetElement("hub-summary-list")]
public sealed class SummaryListTagHelper : ComponentTagHelper
{
    public bool Border { get; set; } = true;

    public bool LastRowBorder { get; set; } = true;

    protected override string Render(string content, string attributes) =>
        $"""<dl class="nhsuk-summary-list{When(!Border, "nhsuk-summary-list--no-border")}{When(Border && !LastRowBorder, "nhsuk-summary-list--no-last-row-border")}{More}"{attributes}>{content}</dl>""";
}

/// <summary>One row of a summary list: the term, and between the tags what it is.</summary>
[HtmlTargetElement("hub-row", ParentTag = "hub-summary-list")]
public sealed class SummaryRowTagHelper : ComponentTagHelper
{
    public string? Term { get; set; }

    public bool Border { get; set; } = true;

    protected override string Render(string content, string attributes) =>
        $"""<div class="nhsuk-summary-list__row{When(!Border, "nhsuk-summary-list__row--no-border")}{More}"{attributes}><dt class="nhsuk-summary-list__key">{E(Needed(Term, "term"))}</dt><dd class="nhsuk-summary-list__value">{content}</dd></div>""";
}
