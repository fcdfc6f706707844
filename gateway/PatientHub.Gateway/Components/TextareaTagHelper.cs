using Microsoft.AspNetCore.Razor.TagHelpers;

namespace PatientHub.Gateway.Components;

/// <summary>Several lines of text.</summary>
[HtmlTargetElement("hub-textarea", TagStructure = TagStructure.WithoutEndTag)]
public sealed class TextareaTagHelper : FieldTagHelper
{
    public int Rows { get; set; } = 5;

    public string? Autocomplete { get; set; }

    public bool Disabled { get; set; }

    // The first line break after the tag is not part of the text: one more keeps the patient's own.
    protected override string RenderField(string attributes) =>
        $"""{LabelHtml}{HintHtml}{ErrorHtml}<textarea class="nhsuk-textarea{When(Error is not null, "nhsuk-textarea--error")}{More}" id="{E(FieldId)}" name="{E(Name)}" rows="{Rows}"{(Disabled ? " disabled" : "")}{DescribedBy}{Attribute("autocomplete", Autocomplete)}{attributes}>{(Value is ['\n', ..] or ['\r', ..] ? "\n" : "")}{E(Value)}</textarea>""";
}
