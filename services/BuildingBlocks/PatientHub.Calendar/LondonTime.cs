using System.Globalization;

namespace PatientHub.Calendar;

/// <summary>Which of the two instants a wall-clock time means when the clocks go back and it comes twice.</summary>
public enum RepeatedHour
{
    /// <summary>The first one, still in summer time.</summary>
    First,

    /// <summary>The second one, in winter time.</summary>
    Second,
}

/// <summary>
/// Between instants (UTC) and the wall clock of Europe/London. The 5 days, the 24 months, working days and 08:00 to 20:00 are London's calendar; 150 s, 24, 48 and
/// 72 hours are instants and never come here (A4).
/// </summary>
public static class LondonTime
{
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-GB");

    /// <summary>Europe/London from the machine's time zone data.</summary>
    public static TimeZoneInfo Zone { get; } = TimeZoneInfo.FindSystemTimeZoneById("Europe/London");

    /// <summary>The same instant with London's offset at that instant.</summary>
    public static DateTimeOffset At(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, Zone);

    /// <summary>The date on London's calendar at this instant.</summary>
    public static DateOnly DateOf(DateTimeOffset instant) => DateOnly.FromDateTime(At(instant).DateTime);

    /// <summary>The time on London's wall clock at this instant.</summary>
    public static TimeOnly TimeOf(DateTimeOffset instant) => TimeOnly.FromDateTime(At(instant).DateTime);

    /// <summary>
    /// The instant, in UTC, at which London's wall clock shows this. A time that the clocks jump over (29 March 2026, 1:00 to 1:59) means the time one hour later;
    /// of a repeated time (25 October 2026, 1:00 to 1:59) <paramref name="repeated"/> chooses.
    /// </summary>
    public static DateTimeOffset ToInstant(DateOnly date, TimeOnly time, RepeatedHour repeated = RepeatedHour.First)
    {
        var wall = date.ToDateTime(time, DateTimeKind.Unspecified);
        if (Zone.IsInvalidTime(wall))
        {
            // The offset before the jump, carried over it: 1:30 becomes 2:30.
            return new DateTimeOffset(wall, Zone.GetUtcOffset(wall.AddHours(-3))).ToUniversalTime();
        }

        if (Zone.IsAmbiguousTime(wall))
        {
            var offsets = Zone.GetAmbiguousTimeOffsets(wall);
            return new DateTimeOffset(wall, repeated == RepeatedHour.First ? offsets.Max() : offsets.Min()).ToUniversalTime();
        }

        return new DateTimeOffset(wall, Zone.GetUtcOffset(wall)).ToUniversalTime();
    }

    /// <summary>"Wednesday 6 August 2026" (NHS service manual: dates), in London.</summary>
    public static string FormatDate(DateTimeOffset instant) => FormatDate(DateOf(instant));

    /// <summary>"Wednesday 6 August 2026".</summary>
    public static string FormatDate(DateOnly date) => date.ToString("dddd d MMMM yyyy", English);

    /// <summary>"5:30pm", "10am", "midday", "midnight" (NHS service manual: times; never 12am), in London.</summary>
    public static string FormatTime(DateTimeOffset instant) => FormatTime(TimeOf(instant));

    /// <summary>"5:30pm", "10am", "midday", "midnight".</summary>
    public static string FormatTime(TimeOnly time)
    {
        if (time is { Hour: 0, Minute: 0 }) return "midnight";
        if (time is { Hour: 12, Minute: 0 }) return "midday";
        var hour = time.Hour % 12 == 0 ? 12 : time.Hour % 12;
        var half = time.Hour < 12 ? "am" : "pm";
        return time.Minute == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{hour}{half}")
            : string.Create(CultureInfo.InvariantCulture, $"{hour}:{time.Minute:00}{half}");
    }

    /// <summary>"10:30am on Friday 15 May 2026".</summary>
    public static string FormatTimeOnDate(DateTimeOffset instant) => $"{FormatTime(instant)} on {FormatDate(instant)}";

    /// <summary>"Wednesday 6 August 2026 at 5:30pm".</summary>
    public static string FormatDateAtTime(DateTimeOffset instant) => $"{FormatDate(instant)} at {FormatTime(instant)}";
}
