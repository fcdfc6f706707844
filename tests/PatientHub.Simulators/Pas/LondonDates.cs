using System.Globalization;

namespace PatientHub.Simulators.Pas;

/// <summary>Dates as the hospital's staff think of them: London's calendar and clock.</summary>
public static class LondonDates
{
    private static readonly TimeZoneInfo London = TimeZoneInfo.FindSystemTimeZoneById("Europe/London");

    public static DateOnly Today(TimeProvider time) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), London).DateTime);

    public static DateTimeOffset At(DateOnly day, TimeOnly clock)
    {
        var wall = day.ToDateTime(clock);
        return new DateTimeOffset(wall, London.GetUtcOffset(wall));
    }

    public static DateTimeOffset ToLondon(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, London);

    /// <summary>`Wednesday 6 August 2026 at 5:30pm`.</summary>
    public static string Words(DateTimeOffset instant) =>
        ToLondon(instant).ToString("dddd d MMMM yyyy 'at' h:mmtt", CultureInfo.GetCultureInfo("en-GB")) is var words
            ? words[..^2] + words[^2..].ToLowerInvariant()
            : "";

    public static string Words(DateOnly day) => day.ToString("d MMMM yyyy", CultureInfo.GetCultureInfo("en-GB"));
}
