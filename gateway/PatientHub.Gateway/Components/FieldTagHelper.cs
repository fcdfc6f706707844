using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;
using PatientHub.Gateway.Texts;

namespace PatientHub.Gateway.Components;

/// <summary>
/// What all fields share: a label (without one the field cannot be rendered), a hint, the error beside the field, and the ids that tie them together for
/// screen readers. The markup is nhsuk-frontend's.
/// </summary>
public abstract class FieldTagHelper : TagHelper
{
    /// <summary>Name and id.</summary>
    public string Name { get; set; } = "";

    public string Label { get; set; } = "";

    public string? Hint { get; set; }

    /// <summary>What the patient typed, shown again after an error.</summary>
    public string? Value { get; set; }

    [ViewContext, HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    public sealed override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (string.IsNullOrWhiteSpace(Name) || string.IsNullOrWhiteSpace(Label))
            throw new InvalidOperationException("A field needs a name and a label.");
        output.TagName = "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", Error is null ? "nhsuk-form-group" : "nhsuk-form-group nhsuk-form-group--error");
        output.Content.SetHtmlContent(Render());
    }

    protected PageTexts Texts => ViewContext.HttpContext.RequestServices.GetRequiredService<PageTexts>();

    protected abstract string Render();

    protected virtual string? Error => ErrorOf(Name);

    protected string? ErrorOf(string id) => ViewContext.ModelState.TryGetValue(id, out var field) && field.Errors.Count > 0 ? field.Errors[0].ErrorMessage : null;

    protected string LabelHtml => $"""<label class="nhsuk-label nhsuk-label--s" for="{Name}">{E(Label)}</label>""";

    protected string HintHtml => Hint is null ? "" : $"""<div class="nhsuk-hint" id="{Name}-hint">{E(Hint)}</div>""";

    protected string ErrorHtml => Error is not { } error ? "" : $"""<span class="nhsuk-error-message" id="{Name}-error"><span class="nhsuk-u-visually-hidden">{E(Texts.Plain("Shared.Error"))} </span>{E(error)}</span>""";

    protected string DescribedBy => (Hint, Error) switch
    {
        (null, null) => "",
        (not null, null) => $" aria-describedby=\"{Name}-hint\"",
        (null, not null) => $" aria-describedby=\"{Name}-error\"",
        _ => $" aria-describedby=\"{Name}-hint {Name}-error\"",
    };

    protected static string E(string? text) => HtmlEncoder.Default.Encode(text ?? "");

    protected static string Attribute(string name, string? value) => value is null ? "" : $" {name}=\"{E(value)}\"";
}
