using Microsoft.AspNetCore.Razor.TagHelpers;

namespace PatientHub.Gateway.Components;

/// <summary>Day, month and year of a date of birth: ids <c>{name}-day</c>, <c>-month</c>, <c>-year</c>, form names <c>Day</c>, <c>Month</c>, <c>Year</c>.</summary>
[HtmlTargetElement("hub-date-of-birth", TagStructure = TagStructure.WithoutEndTag)]
public sealed class DateOfBirthTagHelper : FieldTagHelper
{
    public string? Day { get; set; }

    public string? Month { get; set; }

    public string? Year { get; set; }

    protected override string? Error => ErrorOf(Name + "-day") ?? ErrorOf(Name + "-month") ?? ErrorOf(Name + "-year");

    protected override string Render() => $"""
        <fieldset class="nhsuk-fieldset" role="group"{DescribedBy}><legend class="nhsuk-fieldset__legend nhsuk-fieldset__legend--s">{E(Label)}</legend>{HintHtml}{ErrorHtml}
        <div class="nhsuk-date-input" id="{Name}">{Part("Day", Day, "bday-day", 2)}{Part("Month", Month, "bday-month", 2)}{Part("Year", Year, "bday-year", 4)}</div></fieldset>
        """;

    private string Part(string part, string? value, string autocomplete, int width)
    {
        var id = $"{Name}-{part.ToLowerInvariant()}";
        var bad = ErrorOf(id) is not null;
        return $"""
            <div class="nhsuk-date-input__item"><div class="nhsuk-form-group{(bad ? " nhsuk-form-group--error" : "")}"><label class="nhsuk-label nhsuk-date-input__label" for="{id}">{E(Texts.Plain($"Shared.Field.{part}"))}</label><input class="nhsuk-input{(bad ? " nhsuk-input--error" : "")} nhsuk-input--width-{width} nhsuk-date-input__input" id="{id}" name="{part}" type="text" value="{E(value)}" autocomplete="{autocomplete}" inputmode="numeric"></div></div>
            """;
    }
}
