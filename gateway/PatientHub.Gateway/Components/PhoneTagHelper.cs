using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace PatientHub.Gateway.Components;

/// <summary>A telephone number that a touch dials: <c>&lt;hub-phone number="0113 518 1823" /&gt;</c>.</summary>
[HtmlTargetElement("hub-phone", TagStructure = TagStructure.WithoutEndTag)]
public sealed class PhoneTagHelper : TagHelper
{
    public string Number { get; set; } = "";

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "a";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("href", "tel:" + string.Concat(Number.Where(c => char.IsAsciiDigit(c) || c == '+')));
        output.Attributes.SetAttribute("class", "nhsuk-u-nowrap");
        output.Attributes.SetAttribute("dir", "ltr");
        output.Content.SetHtmlContent(HtmlEncoder.Default.Encode(Number));
    }
}
