namespace PatientHub.Calendar;

/// <summary>
/// R26, A16: 24 months on London's calendar, counted from the appointment's date (no appointment: the letter's date). The last day still counts:
/// an appointment of 10 May 2024 is shown until the end of 10 May 2026. From 29 February it is 28 February.
/// </summary>
public static class TwentyFourMonths
{
    /// <summary>The last day on which something of this date is kept and shown.</summary>
    public static DateOnly LastDay(DateOnly date) => date.AddMonths(24);

    /// <summary>Whether the 24 months are over at this instant.</summary>
    public static bool AreOver(DateOnly date, DateTimeOffset now) => LondonTime.DateOf(now) > LastDay(date);

    /// <summary>Whether the 24 months since the London date of this instant are over.</summary>
    public static bool AreOver(DateTimeOffset start, DateTimeOffset now) => AreOver(LondonTime.DateOf(start), now);

    /// <summary>The instant before which a start is too old to be shown: for queries.</summary>
    public static DateTimeOffset OldestStart(DateTimeOffset now)
    {
        // The oldest date whose last day is today or later. AddMonths clamps, so 28 February may keep 29 February alive: step back once and look.
        var date = LondonTime.DateOf(now).AddMonths(-24);
        while (LastDay(date.AddDays(-1)) >= LondonTime.DateOf(now)) date = date.AddDays(-1);
        while (LastDay(date) < LondonTime.DateOf(now)) date = date.AddDays(1);
        return LondonTime.ToInstant(date, TimeOnly.MinValue);
    }
}
