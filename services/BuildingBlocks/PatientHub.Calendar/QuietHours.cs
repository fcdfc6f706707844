namespace PatientHub.Calendar;

/// <summary>A5: messages go out between 08:00 and 20:00 London time, every day; outside they wait for the next allowed minute.</summary>
/// <param name="Enabled">Off in local runs and tests, so that a whole ladder runs at any hour of the night.</param>
/// <param name="From">The first allowed minute of a day.</param>
/// <param name="Until">The first minute that is quiet again; later than <paramref name="From"/>.</param>
public sealed record QuietHours(bool Enabled, TimeOnly From, TimeOnly Until)
{
    /// <summary>08:00 to 20:00.</summary>
    public static QuietHours Default { get; } = new(true, new TimeOnly(8, 0), new TimeOnly(20, 0));

    /// <summary>Whether a message may go out at this instant.</summary>
    public bool IsAllowed(DateTimeOffset instant)
    {
        var time = LondonTime.TimeOf(instant);
        return !Enabled || (time >= From && time < Until);
    }

    /// <summary>This instant when it is allowed, else the instant of the next allowed minute, in UTC.</summary>
    public DateTimeOffset NextAllowed(DateTimeOffset instant)
    {
        if (IsAllowed(instant)) return instant;
        var today = LondonTime.DateOf(instant);
        return LondonTime.ToInstant(LondonTime.TimeOf(instant) < From ? today : today.AddDays(1), From);
    }
}
