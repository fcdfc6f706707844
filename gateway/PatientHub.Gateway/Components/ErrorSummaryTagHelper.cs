using Microsoft.AspNetCore.Razor.TagHelpers;

namespace PatientHub.Gateway.Components;

/// <summary>"There is a problem", on top of the page: each error links to its field. A key of ModelState is the id of the field it belongs to.</summary>
[HtmlTargetElement("hub-error-summary", TagStructure = TagStructure.WithoutEndTag)]
public sealed class ErrorSummaryTagHelper : ComponentTagHelper
{
    protected override string Render(string content, string attributes)
    {
        var order = FieldOrder.Of(ViewContext.HttpContext);
        // ModelState itself is in the order of the alphabet.
        var errors = ViewContext.ModelState.Where(field => field.Value is { Errors.Count: > 0 }).OrderBy(field => order.IndexOf(field.Key) is var at and >= 0 ? at : int.MaxValue).ToList();
        if (errors.Count == 0)
            return "";
        var items = string.Concat(errors.Select(field => $"""<li><a href="#{E(field.Key)}">{E(field.Value!.Errors[0].ErrorMessage)}</a></li>"""));
        return $"""
            <div class="nhsuk-error-summary{More}" data-module="nhsuk-error-summary"{attributes}><div role="alert"><h2 class="nhsuk-error-summary__heading">{E(Texts.Plain("Shared.ErrorSummary"))}</h2><div class="nhsuk-error-summary__body"><ul class="nhsuk-list nhsuk-error-summary__list">{items}</ul></div></div></div>
            """;
    }
}
