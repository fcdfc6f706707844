using Microsoft.AspNetCore.Razor.TagHelpers;

namespace PatientHub.Gateway.Components;

/// <summary>What has become of the last action, on top of the page.</summary>
[HtmlTargetElement("hub-banner")]
public sealed class BannerTagHelper : ComponentTagHelper
{
    /// <summary>It was done; else it is only important.</summary>
    public bool Success { get; set; }

    /// <summary>Null: "Success" or "Important".</summary>
    public string? Title { get; set; }

    public string? Heading { get; set; }

    /// <summary>h3 by default; "p" where a heading would be one too many.</summary>
    public string HeadingElement { get; set; } = "h3";

    /// <summary>One sentence instead of what stands between the tags.</summary>
    public string? Text { get; set; }

    protected override string Render(string content, string attributes)
    {
        var title = Title ?? Texts.Plain(Success ? "Shared.Success" : "Shared.Important").TrimEnd(':');
        var heading = Heading is null ? "" : $"""<{HeadingElement} class="nhsuk-notification-banner__heading">{E(Heading)}</{HeadingElement}>""";
        var text = Text is null ? content : $"""<p class="{(Heading is null ? "nhsuk-notification-banner__heading" : "nhsuk-body")}">{E(Text)}</p>""";
        return $"""
            <div class="nhsuk-notification-banner{When(Success, "nhsuk-notification-banner--success")}{More}" data-module="nhsuk-notification-banner" role="{(Success ? "alert" : "region")}" aria-labelledby="nhsuk-notification-banner-title"{attributes}><div class="nhsuk-notification-banner__header"><h2 class="nhsuk-notification-banner__title" id="nhsuk-notification-banner-title">{E(title)}</h2></div><div class="nhsuk-notification-banner__content">{heading}{text}</div></div>
            """;
    }
}
