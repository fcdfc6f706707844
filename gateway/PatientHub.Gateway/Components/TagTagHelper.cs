using Microsoft.AspNetCore.Razor.TagHelpers;

namespace PatientHub.Gateway.Components;

/// <summary>A state: words first, colour second.</summary>
[HtmlTargetElement("hub-tag")]
public sealed class TagTagHelper : ComponentTagHelper
{
    /// <summary>white, grey, green, aqua-green, blue, purple, pink, red, orange or yellow.</summary>
    public string? Colour { get; set; }

    public bool Border { get; set; } = true;

    protected override string Render(string content, string attributes) =>
        $"""<strong class="nhsuk-tag{(Colour is null || Has("nhsuk-tag--") ? "" : $" nhsuk-tag--{E(Colour)}")}{When(!Border, "nhsuk-tag--no-border")}{More}"{attributes}>{Needed(content, "text")}</strong>""";
}
