using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;
using PatientHub.Gateway.Texts;

namespace PatientHub.Gateway.Components;

/// <summary>"There is a problem", on top of the page: each error links to its field. A key of ModelState is the id of the field it belongs to.</summary>
[HtmlTargetElement("hub-error-summary", TagStructure = TagStructure.WithoutEndTag)]
public sealed class ErrorSummaryTagHelper(PageTexts texts) : TagHelper
{
    [ViewContext, HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var errors = ViewContext.ModelState.Where(field => field.Value is { Errors.Count: > 0 }).ToList();
        if (errors.Count == 0)
        {
            output.SuppressOutput();
            return;
        }
        output.TagName = "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "nhsuk-error-summary");
        output.Attributes.SetAttribute("data-module", "nhsuk-error-summary");
        var html = HtmlEncoder.Default;
        var items = string.Concat(errors.Select(field => $"""<li><a href="#{html.Encode(field.Key)}">{html.Encode(field.Value!.Errors[0].ErrorMessage)}</a></li>"""));
        output.Content.SetHtmlContent($"""
            <div role="alert"><h2 class="nhsuk-error-summary__heading">{texts.Plain("Shared.ErrorSummary")}</h2><div class="nhsuk-error-summary__body"><ul class="nhsuk-list nhsuk-error-summary__list">{items}</ul></div></div>
            """);
    }
}
