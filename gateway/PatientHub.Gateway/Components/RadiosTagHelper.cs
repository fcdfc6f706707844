using Microsoft.AspNetCore.Razor.TagHelpers;

namespace PatientHub.Gateway.Components;

/// <summary>One or several of many answers. The first has the field's own id, so that an error links to it.</summary>
public abstract class ChoicesTagHelper : FieldTagHelper
{
    /// <summary>Value and words of each answer; or <see cref="Choices"/>.</summary>
    public IReadOnlyList<(string Value, string Text)> Items { get; set; } = [];

    /// <summary>Answers with hints or dividers.</summary>
    public IReadOnlyList<Choice> Choices { get; set; } = [];

    /// <summary>Smaller boxes, for professionals' pages.</summary>
    public bool Small { get; set; }

    public bool Disabled { get; set; }

    protected abstract string Block { get; }

    protected abstract string InputType { get; }

    protected abstract bool IsChosen(string value);

    protected override string RenderField(string attributes) => Fieldset(Answers(attributes));

    protected string Answers(string attributes, string more = "")
    {
        var choices = Choices.Count > 0 ? Choices : [.. Items.Select(item => new Choice(item.Value, item.Text))];
        return $"""<div class="{Block}{When(Small, Block + "--small")}{more}{More}" data-module="{Block}"{attributes}>{string.Concat(choices.Select(Answer))}</div>""";
    }

    private string Answer(Choice choice, int index)
    {
        if (choice.IsDivider)
            return $"""<div class="{Block}__divider">{E(choice.Text)}</div>""";
        var id = index == 0 ? FieldId : $"{FieldId}-{index + 1}";
        var hint = choice.Hint is null ? "" : $"""<div class="nhsuk-hint {Block}__hint" id="{E(id)}-item-hint">{E(choice.Hint)}</div>""";
        var state = (IsChosen(choice.Value) ? " checked" : "") + (Disabled ? " disabled" : "") + Attribute("aria-describedby", choice.Hint is null ? null : $"{id}-item-hint");
        return $"""<div class="{Block}__item"><input class="{Block}__input" id="{E(id)}" name="{E(Name)}" type="{InputType}" value="{E(choice.Value)}"{state}><label class="nhsuk-label {Block}__label" for="{E(id)}">{E(choice.Text)}</label>{hint}</div>""";
    }
}

/// <summary>One of several answers.</summary>
[HtmlTargetElement("hub-radios", TagStructure = TagStructure.WithoutEndTag)]
public sealed class RadiosTagHelper : ChoicesTagHelper
{
    /// <summary>Side by side, for two short answers.</summary>
    public bool Inline { get; set; }

    protected override string Block => "nhsuk-radios";

    protected override string InputType => "radio";

    protected override bool IsChosen(string value) => value == Value;

    protected override string RenderField(string attributes) => Fieldset(Answers(attributes, When(Inline, "nhsuk-radios--inline")));
}

/// <summary>Any number of several answers.</summary>
[HtmlTargetElement("hub-checkboxes", TagStructure = TagStructure.WithoutEndTag)]
public sealed class CheckboxesTagHelper : ChoicesTagHelper
{
    /// <summary>The answers that are ticked.</summary>
    public IReadOnlyCollection<string> Values { get; set; } = [];

    protected override string Block => "nhsuk-checkboxes";

    protected override string InputType => "checkbox";

    protected override bool IsChosen(string value) => Values.Contains(value);
}

/// <summary>One box to tick; its label is the question.</summary>
[HtmlTargetElement("hub-checkbox", TagStructure = TagStructure.WithoutEndTag)]
public sealed class CheckboxTagHelper : FieldTagHelper
{
    public bool Checked { get; set; }

    protected override string RenderField(string attributes)
    {
        var hint = Hint is null ? "" : $"""<div class="nhsuk-hint nhsuk-checkboxes__hint" id="{E(FieldId)}-hint">{E(Hint)}</div>""";
        return $"""{ErrorHtml}<div class="nhsuk-checkboxes{More}" data-module="nhsuk-checkboxes"><div class="nhsuk-checkboxes__item"><input class="nhsuk-checkboxes__input" id="{E(FieldId)}" name="{E(Name)}" type="checkbox" value="true"{(Checked ? " checked" : "")}{DescribedBy}{attributes}><label class="nhsuk-label nhsuk-checkboxes__label" for="{E(FieldId)}">{E(Label)}</label>{hint}</div></div>""";
    }
}
