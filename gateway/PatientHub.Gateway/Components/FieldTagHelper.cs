namespace PatientHub.Gateway.Components;

/// <summary>
/// What all fields share: a label (without one the field cannot be rendered), a hint, the error beside the field, and the ids that tie them together for
/// screen readers.
/// </summary>
public abstract class FieldTagHelper : ComponentTagHelper
{
    /// <summary>Name in the form.</summary>
    public string Name { get; set; } = "";

    /// <summary>The name, if not said otherwise. A key of ModelState is the id of the field it belongs to.</summary>
    public string? Id { get; set; }

    public string Label { get; set; } = "";

    /// <summary>s, m, l or xl; null: as other text.</summary>
    public string? LabelSize { get; set; } = "s";

    /// <summary>The label is the page's title (h1).</summary>
    public bool Heading { get; set; }

    public string? Hint { get; set; }

    /// <summary>What the patient typed, shown again after an error.</summary>
    public string? Value { get; set; }

    protected sealed override string Render(string content, string attributes)
    {
        Needed(Label, "label");
        Needed(FieldId, "name");
        FieldOrder.Of(ViewContext.HttpContext).AddRange(ErrorIds);
        return $"""<div class="nhsuk-form-group{When(Error is not null, "nhsuk-form-group--error")}">{RenderField(attributes)}</div>""";
    }

    protected abstract string RenderField(string attributes);

    protected string FieldId => Id is { Length: > 0 } id ? id : Name;

    /// <summary>Keys of ModelState that belong to this field, in its order.</summary>
    protected virtual IEnumerable<string> ErrorIds => [FieldId];

    protected string? Error => ErrorIds.Select(ErrorOf).FirstOrDefault(error => error is not null);

    protected string? ErrorOf(string id) => ViewContext.ModelState.TryGetValue(id, out var field) && field.Errors.Count > 0 ? field.Errors[0].ErrorMessage : null;

    protected string LabelHtml
    {
        get
        {
            var label = $"""<label class="nhsuk-label{Sized("nhsuk-label")}" for="{E(FieldId)}">{E(Label)}</label>""";
            return Heading ? $"""<h1 class="nhsuk-label-wrapper">{label}</h1>""" : label;
        }
    }

    protected string HintHtml => Hint is null ? "" : $"""<div class="nhsuk-hint" id="{E(FieldId)}-hint">{E(Hint)}</div>""";

    protected string ErrorHtml => Error is not { } error ? "" : $"""<span class="nhsuk-error-message" id="{E(FieldId)}-error"><span class="nhsuk-u-visually-hidden">{E(Texts.Plain("Shared.Error"))} </span>{E(error)}</span>""";

    protected string DescribedBy => (Hint, Error) switch
    {
        (null, null) => "",
        (not null, null) => Attribute("aria-describedby", $"{FieldId}-hint"),
        (null, not null) => Attribute("aria-describedby", $"{FieldId}-error"),
        _ => Attribute("aria-describedby", $"{FieldId}-hint {FieldId}-error"),
    };

    /// <summary>Several fields under one question.</summary>
    protected string Fieldset(string fields, string? role = null)
    {
        var legend = Heading ? $"""<h1 class="nhsuk-fieldset__heading">{E(Label)}</h1>""" : E(Label);
        return $"""<fieldset class="nhsuk-fieldset"{Attribute("role", role)}{DescribedBy}><legend class="nhsuk-fieldset__legend{Sized("nhsuk-fieldset__legend")}">{legend}</legend>{HintHtml}{ErrorHtml}{fields}</fieldset>""";
    }

    private string Sized(string block) => LabelSize is null ? "" : $" {block}--{E(LabelSize)}";
}
