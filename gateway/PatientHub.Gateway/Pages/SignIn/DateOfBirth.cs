using System.Globalization;

namespace PatientHub.Gateway.Pages.SignIn;

/// <summary>A date of birth as typed: a value, or the text that says what to do and the part (day, month, year) it belongs to.</summary>
internal readonly record struct DateOfBirth(DateOnly Value, string? Error, string? Field)
{
    /// <summary>The argument of "Year must be 1900 or later".</summary>
    public const int OldestYear = 1900;

    private static readonly string[] Months = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

    public static DateOfBirth Read(string day, string month, string year, DateOnly today)
    {
        var missing = new List<string>();
        if (day.Length == 0) missing.Add("Day");
        if (month.Length == 0) missing.Add("Month");
        if (year.Length == 0) missing.Add("Year");
        if (missing.Count == 3)
            return Wrong("Missing", "day");
        if (missing.Count > 0)
            return Wrong("Missing" + string.Concat(missing), missing[0].ToLowerInvariant());

        if (Number(day, 2) is not (>= 1 and <= 31))
            return Wrong("Day", "day");
        if (MonthOf(month) is not { } monthNumber)
            return Wrong("Month", "month");
        if (year.Length != 4 || Number(year, 4) is not { } yearNumber)
            return Wrong("Year", "year");
        if (yearNumber < OldestYear)
            return Wrong("Old", "year");
        var dayNumber = Number(day, 2)!.Value;
        if (yearNumber > today.Year)
            return Wrong("Future", "year");
        if (dayNumber > DateTime.DaysInMonth(yearNumber, monthNumber))
            return Wrong("Unreal", "day");
        var value = new DateOnly(yearNumber, monthNumber, dayNumber);
        return value > today ? Wrong("Future", "day") : new DateOfBirth(value, null, null);
    }

    private static DateOfBirth Wrong(string error, string field) => new(default, "SignIn.Birth." + error, field);

    private static int? Number(string text, int digits) =>
        text.Length <= digits && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>"3", "03", "March", "Mar" or "Mar.".</summary>
    private static int? MonthOf(string text)
    {
        if (Number(text, 2) is { } number)
            return number is >= 1 and <= 12 ? number : null;
        var word = text.TrimEnd('.');
        var index = word.Length >= 3 ? Array.FindIndex(Months, month => month.StartsWith(word, StringComparison.OrdinalIgnoreCase)) : -1;
        return index < 0 ? null : index + 1;
    }
}
