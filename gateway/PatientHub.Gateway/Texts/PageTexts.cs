using System.Globalization;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;
using PatientHub.Calendar;

namespace PatientHub.Gateway.Texts;

/// <summary>
/// The texts of the request's language, in every page as <c>T</c>: <c>@T["SignIn.Code.Until", T.Time(until)]</c>. The key's first word is the resource
/// (<c>Texts/SignIn.resx</c>), the rest the entry in it.
/// </summary>
public sealed class PageTexts(TextCatalogue catalogue)
{
    /// <summary>The language of this request.</summary>
    public Language Language => catalogue.Current;

    /// <summary>All that can be chosen, English first.</summary>
    public IReadOnlyList<Language> Languages => catalogue.Languages;

    /// <summary>A text for a page or for a label.</summary>
    /// <exception cref="KeyNotFoundException">There is no such text: a defect that the tests find, never a blank.</exception>
    public Text this[string key, params object?[] arguments] => Language is var language && language.TryGet(key, out var html)
        ? new Text(key, html, arguments)
        : throw new KeyNotFoundException($"There is no text {key} in the language {Language.Tag}.");

    /// <summary>A counted text (<c>key.one</c>, <c>key.other</c>, …); the number is <c>{0}</c>.</summary>
    public Text Count(string key, int number, params object?[] arguments) => this[$"{key}.{Plurals.Of(Language.Tag, number)}", [number, .. arguments]];

    /// <summary>A text without markup, for messages beside a field and other strings.</summary>
    public string Plain(string key, params object?[] arguments) => this[key, arguments].ToString();

    /// <summary>"Wednesday 6 August 2026".</summary>
    public string Date(DateOnly date) => Plain("Dates.Date", Nth("Dates.Weekdays", ((int)date.DayOfWeek + 6) % 7), date.Day, Nth("Dates.Months", date.Month - 1), date.Year);

    /// <summary>The date on London's calendar.</summary>
    public string Date(DateTimeOffset instant) => Date(LondonTime.DateOf(instant));

    /// <summary>"5:30pm", "10am", "midday", "midnight", on London's clock.</summary>
    public string Time(DateTimeOffset instant)
    {
        var time = LondonTime.TimeOf(instant);
        if (time is { Hour: 0 or 12, Minute: 0 })
            return Plain(time.Hour == 0 ? "Dates.Midnight" : "Dates.Midday");
        var half = time.Hour < 12 ? "Morning" : "Afternoon";
        var minute = time.Minute.ToString("00", CultureInfo.InvariantCulture);
        return Plain("Dates." + half + (time.Minute == 0 ? "Sharp" : ""), time.Hour % 12 == 0 ? 12 : time.Hour % 12, minute, time.Hour.ToString("00", CultureInfo.InvariantCulture));
    }

    /// <summary>"Wednesday 6 August 2026 at 5:30pm".</summary>
    public string DateAtTime(DateTimeOffset instant) => Plain("Dates.DateAtTime", Date(instant), Time(instant));

    /// <summary>"10:30am on Friday 15 May 2026".</summary>
    public string TimeOnDate(DateTimeOffset instant) => Plain("Dates.TimeOnDate", Time(instant), Date(instant));

    /// <summary>A telephone number that a touch dials, to stand inside a text: <c>@T["Shared.Help.Phone", T.Phone(number)]</c>. Digits run left to right in every language.</summary>
    public IHtmlContent Phone(string number) => new PhoneNumber(number);

    private string Nth(string key, int index) => Plain(key).Split('|')[index];

    private sealed class PhoneNumber(string number) : IHtmlContent
    {
        public void WriteTo(TextWriter writer, HtmlEncoder encoder) => writer.Write(
            $"""<a href="tel:{string.Concat(number.Where(c => char.IsAsciiDigit(c) || c == '+'))}" class="nhsuk-u-nowrap" dir="ltr">{encoder.Encode(number)}</a>""");

        public override string ToString() => number;
    }
}
