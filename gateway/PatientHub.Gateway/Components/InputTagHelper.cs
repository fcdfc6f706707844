using Microsoft.AspNetCore.Razor.TagHelpers;

namespace PatientHub.Gateway.Components;

/// <summary>One line of text.</summary>
[HtmlTargetElement("hub-input", TagStructure = TagStructure.WithoutEndTag)]
public sealed class InputTagHelper : FieldTagHelper
{
    /// <summary>text, tel, email …; text is the only one that takes what people really type.</summary>
    public string Type { get; set; } = "text";

    public string? Autocomplete { get; set; }

    public string? Inputmode { get; set; }

    public bool? Spellcheck { get; set; }

    /// <summary>Width in characters: 2, 3, 4, 5, 10, 20 or 30.</summary>
    public int? Width { get; set; }

    /// <summary>Digits of a code: wider letter spacing.</summary>
    public bool Code { get; set; }

    public bool Disabled { get; set; }

    protected override string RenderField(string attributes)
    {
        var css = "nhsuk-input" + When(Code, "nhsuk-input--code") + When(Error is not null, "nhsuk-input--error") + (Width is null || Has("nhsuk-input--width-") ? "" : $" nhsuk-input--width-{Width}") + More;
        var known = Attribute("spellcheck", Spellcheck?.ToString().ToLowerInvariant()) + Attribute("value", Value) + (Disabled ? " disabled" : "") + DescribedBy + Attribute("autocomplete", Autocomplete) + Attribute("inputmode", Inputmode);
        return $"""{LabelHtml}{HintHtml}{ErrorHtml}<input class="{css}" id="{E(FieldId)}" name="{E(Name)}" type="{E(Type)}"{known}{attributes}>""";
    }
}
