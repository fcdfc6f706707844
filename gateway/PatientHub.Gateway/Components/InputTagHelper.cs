using Microsoft.AspNetCore.Razor.TagHelpers;

namespace PatientHub.Gateway.Components;

/// <summary>One line of text.</summary>
[HtmlTargetElement("hub-input", TagStructure = TagStructure.WithoutEndTag)]
public sealed class InputTagHelper : FieldTagHelper
{
    public string? Autocomplete { get; set; }

    public string? Inputmode { get; set; }

    /// <summary>Width in characters: 2, 3, 4, 5, 10, 20 or 30.</summary>
    public int? Width { get; set; }

    /// <summary>Digits of a code: wider letter spacing.</summary>
    public bool Code { get; set; }

    protected override string Render()
    {
        var css = "nhsuk-input" + (Code ? " nhsuk-input--code" : "") + (Error is null ? "" : " nhsuk-input--error") + (Width is null ? "" : $" nhsuk-input--width-{Width}");
        var attributes = DescribedBy + Attribute("autocomplete", Autocomplete) + Attribute("inputmode", Inputmode);
        return $"""{LabelHtml}{HintHtml}{ErrorHtml}<input class="{css}" id="{Name}" name="{Name}" type="text" spellcheck="false" value="{E(Value)}"{attributes}>""";
    }
}

/// <summary>Several lines of text.</summary>
[HtmlTargetElement("hub-textarea", TagStructure = TagStructure.WithoutEndTag)]
public sealed class TextareaTagHelper : FieldTagHelper
{
    public int Rows { get; set; } = 4;

    protected override string Render() =>
        $"""{LabelHtml}{HintHtml}{ErrorHtml}<textarea class="nhsuk-textarea{(Error is null ? "" : " nhsuk-textarea--error")}" id="{Name}" name="{Name}" rows="{Rows}"{DescribedBy}>{E(Value)}</textarea>""";
}
