using Microsoft.AspNetCore.Razor.TagHelpers;

namespace PatientHub.Gateway.Components;

/// <summary>A date in three fields: ids <c>{id}-day</c>, <c>-month</c>, <c>-year</c>, form names <c>day</c>, <c>month</c>, <c>year</c>.</summary>
[HtmlTargetElement("hub-date-input", TagStructure = TagStructure.WithoutEndTag)]
public class DateInputTagHelper : FieldTagHelper
{
    public string? Day { get; set; }

    public string? Month { get; set; }

    public string? Year { get; set; }

    /// <summary>"bday": a date of birth, which browsers may know.</summary>
    public string? Autocomplete { get; set; }

    public bool Disabled { get; set; }

    /// <summary>A part's name in the form.</summary>
    protected virtual string NameOf(string part) => part;

    protected override IEnumerable<string> ErrorIds => [FieldId, FieldId + "-day", FieldId + "-month", FieldId + "-year"];

    protected override string RenderField(string attributes) =>
        Fieldset($"""<div class="nhsuk-date-input{More}" id="{E(FieldId)}"{attributes}>{Part("day", Day, 2)}{Part("month", Month, 2)}{Part("year", Year, 4)}</div>""", "group");

    private string Part(string part, string? value, int width)
    {
        var id = $"{FieldId}-{part}";
        // An empty date is wrong as a whole, whichever part the error links to.
        var bad = ErrorOf(id) is not null || ErrorOf(FieldId) is not null || (Error is not null && string.IsNullOrEmpty(Day + Month + Year));
        var label = Texts.Plain(part switch { "day" => "Shared.Field.Day", "month" => "Shared.Field.Month", _ => "Shared.Field.Year" });
        var known = Attribute("value", value) + (Disabled ? " disabled" : "") + Attribute("autocomplete", Autocomplete is null ? null : $"{Autocomplete}-{part}");
        return $"""
            <div class="nhsuk-date-input__item"><div class="nhsuk-form-group{When(bad, "nhsuk-form-group--error")}"><label class="nhsuk-label nhsuk-date-input__label" for="{E(id)}">{E(label)}</label><input class="nhsuk-input{When(bad, "nhsuk-input--error")} nhsuk-input--width-{width} nhsuk-date-input__input" id="{E(id)}" name="{NameOf(part)}" type="text"{known} inputmode="numeric"></div></div>
            """;
    }
}

/// <summary>A date of birth; form names <c>Day</c>, <c>Month</c>, <c>Year</c>.</summary>
[HtmlTargetElement("hub-date-of-birth", TagStructure = TagStructure.WithoutEndTag)]
public sealed class DateOfBirthTagHelper : DateInputTagHelper
{
    public DateOfBirthTagHelper() => Autocomplete = "bday";

    protected override string NameOf(string part) => char.ToUpperInvariant(part[0]) + part[1..];
}
