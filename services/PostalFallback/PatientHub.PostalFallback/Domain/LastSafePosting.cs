using PatientHub.Calendar;

namespace PatientHub.PostalFallback.Domain;

/// <summary>Postage class, by the weekdays it takes after dispatch (A22).</summary>
public enum Postage
{
    /// <summary>6 weekdays.</summary>
    Economy,
    /// <summary>4 weekdays.</summary>
    Standard,
    /// <summary>2 weekdays.</summary>
    First,
}

/// <summary>
/// A22: when a letter must be handed over so that it still arrives with the notice the clinic asks for. Counted in working days of England: the print house needs
/// <see cref="DispatchDays"/>, then the post its days. Hand-over is at the cut-off, 17:30 in London.
/// </summary>
public static class LastSafePosting
{
    /// <summary>Working days from hand-over to dispatch.</summary>
    public const int DispatchDays = 2;

    /// <summary>The cut-off of the day's batch on London's wall clock.</summary>
    public static readonly TimeOnly CutOff = new(17, 30);

    /// <summary>The last cut-off at which a letter by this class is handed over in time.</summary>
    /// <param name="start">Start of the appointment.</param>
    /// <param name="noticeDays">Calendar days between arrival and appointment; 0 means that it arrives on the day before at the latest.</param>
    /// <param name="postage">Class of post.</param>
    public static DateTimeOffset For(DateTimeOffset start, int noticeDays, Postage postage)
    {
        var arrival = LondonTime.DateOf(start).AddDays(-Math.Max(1, noticeDays));
        while (!WorkingDays.IsWorkingDay(arrival))
            arrival = arrival.AddDays(-1);
        return LondonTime.ToInstant(WorkingDays.Add(arrival, -(DispatchDays + DeliveryDays(postage))), CutOff);
    }

    /// <summary>How long after the cut-off a batch still counts as this cut-off's: it takes a while to print, and the print house a while to come for it.</summary>
    public static readonly TimeSpan Collecting = TimeSpan.FromHours(1);

    /// <summary>The cut-off with which the print house takes what is handed over at an instant: the one just past, else the next.</summary>
    public static DateTimeOffset TakenAt(DateTimeOffset handOver)
    {
        var past = LatestCutOff(handOver);
        return handOver <= past + Collecting ? past : NextCutOff(handOver);
    }

    /// <summary>The class to send it by: the cheapest that arrives in time, else first class.</summary>
    public static Postage PostageFor(DateTimeOffset handOver, DateTimeOffset? start, int noticeDays) => Cheapest(handOver, start, noticeDays) ?? Postage.First;

    /// <summary>The cheapest class that still arrives in time, or null when none does: then first class goes at once and somebody telephones.</summary>
    /// <param name="handOver">When its batch is made.</param>
    /// <param name="start">Start of the appointment; null for a letter without one.</param>
    /// <param name="noticeDays">Calendar days of notice.</param>
    public static Postage? Cheapest(DateTimeOffset handOver, DateTimeOffset? start, int noticeDays)
    {
        if (start is null)
            return Postage.Economy;
        var taken = TakenAt(handOver);
        foreach (var postage in (Postage[])[Postage.Economy, Postage.Standard, Postage.First])
            if (taken <= For(start.Value, noticeDays, postage))
                return postage;
        return null;
    }

    /// <summary>The first cut-off at or after an instant: with its batch goes what is due then.</summary>
    public static DateTimeOffset NextCutOff(DateTimeOffset from)
    {
        var day = LondonTime.DateOf(from);
        while (!WorkingDays.IsWorkingDay(day) || LondonTime.ToInstant(day, CutOff) < from)
            day = day.AddDays(1);
        return LondonTime.ToInstant(day, CutOff);
    }

    /// <summary>The last cut-off at or before an instant: what is due by it goes into its batch.</summary>
    public static DateTimeOffset LatestCutOff(DateTimeOffset now)
    {
        var day = LondonTime.DateOf(now);
        while (!WorkingDays.IsWorkingDay(day) || LondonTime.ToInstant(day, CutOff) > now)
            day = day.AddDays(-1);
        return LondonTime.ToInstant(day, CutOff);
    }

    private static int DeliveryDays(Postage postage) => postage switch
    {
        Postage.First => 2,
        Postage.Standard => 4,
        _ => 6,
    };
}
