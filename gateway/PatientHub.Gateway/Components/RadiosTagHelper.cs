using Microsoft.AspNetCore.Razor.TagHelpers;

namespace PatientHub.Gateway.Components;

/// <summary>One of several answers. The first has the field's own id, so that an error links to it.</summary>
[HtmlTargetElement("hub-radios", TagStructure = TagStructure.WithoutEndTag)]
public sealed class RadiosTagHelper : FieldTagHelper
{
    /// <summary>Value and words of each answer.</summary>
    public IReadOnlyList<(string Value, string Text)> Items { get; set; } = [];

    protected override string Render()
    {
        var items = string.Concat(Items.Select((item, index) =>
        {
            var id = index == 0 ? Name : $"{Name}-{index + 1}";
            var selected = item.Value == Value ? " checked" : "";
            return $"""<div class="nhsuk-radios__item"><input class="nhsuk-radios__input" id="{id}" name="{Name}" type="radio" value="{E(item.Value)}"{selected}><label class="nhsuk-label nhsuk-radios__label" for="{id}">{E(item.Text)}</label></div>""";
        }));
        return $"""<fieldset class="nhsuk-fieldset"{DescribedBy}><legend class="nhsuk-fieldset__legend nhsuk-fieldset__legend--s">{E(Label)}</legend>{HintHtml}{ErrorHtml}<div class="nhsuk-radios" data-module="nhsuk-radios">{items}</div></fieldset>""";
    }
}

/// <summary>One box to tick.</summary>
[HtmlTargetElement("hub-checkbox", TagStructure = TagStructure.WithoutEndTag)]
public sealed class CheckboxTagHelper : FieldTagHelper
{
    public bool Checked { get; set; }

    protected override string Render()
    {
        var hint = Hint is null ? "" : $"""<div class="nhsuk-hint nhsuk-checkboxes__hint" id="{Name}-hint">{E(Hint)}</div>""";
        return $"""<div class="nhsuk-checkboxes"><div class="nhsuk-checkboxes__item"><input class="nhsuk-checkboxes__input" id="{Name}" name="{Name}" type="checkbox" value="true"{(Checked ? " checked" : "")}{DescribedBy}><label class="nhsuk-label nhsuk-checkboxes__label" for="{Name}">{E(Label)}</label>{hint}</div></div>""";
    }
}
