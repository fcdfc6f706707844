using Microsoft.AspNetCore.Razor.TagHelpers;

namespace PatientHub.Gateway.Components;

/// <summary>"Appointment accepted", large and green.</summary>
[HtmlTargetElement("hub-panel")]
public sealed class PanelTagHelper : ComponentTagHelper
{
    public string? Heading { get; set; }

    public int Level { get; set; } = 1;

    /// <summary>m, l or xl.</summary>
    public string? Size { get; set; }

    /// <summary>interruption: a question before something that cannot be taken back.</summary>
    public string? Variant { get; set; }

    protected override string Render(string content, string attributes)
    {
        var body = content.Length == 0 ? "" : $"""<div class="nhsuk-panel__body">{content}</div>""";
        var size = Size is null ? "" : $" nhsuk-panel__heading--{E(Size)}";
        return $"""<div class="nhsuk-panel{(Variant is null ? "" : $" nhsuk-panel--{E(Variant)}")}{More}"{attributes}><h{Level} class="nhsuk-panel__heading{size}">{E(Needed(Heading, "heading"))}</h{Level}>{body}</div>""";
    }
}
