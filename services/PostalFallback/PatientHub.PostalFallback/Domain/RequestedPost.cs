using PatientHub.Calendar;

namespace PatientHub.PostalFallback.Domain;

/// <summary>
/// A17: "post me this letter" works at any time and is safe to press twice. One decision from the letter's deadlines: what waits goes now, what is being printed or
/// still on its way is not printed again, and what was opened, posted long ago or never promised gets a print of its own beside the ladder.
/// </summary>
public static class RequestedPost
{
    /// <summary>Working days from hand-over to the letter box by the slowest class: until then another copy would only cross the first.</summary>
    public const int OnItsWayDays = LastSafePosting.DispatchDays + 6;

    /// <summary>The last working day on which a letter handed over then should have come.</summary>
    public static DateOnly ArrivesBy(DateTimeOffset postedAt) => WorkingDays.Add(LondonTime.DateOf(postedAt), OnItsWayDays);

    /// <summary>The deadline that says how this letter stands: an open one, else the newest of its version.</summary>
    public static Deadline? Standing(IReadOnlyList<Deadline> deadlines, int version) =>
        deadlines.LastOrDefault(deadline => deadline.IsOpen || deadline.State == DeadlineState.Printing) ?? deadlines.LastOrDefault(deadline => deadline.LetterVersion == version);

    /// <summary>Whether asking would bring anything.</summary>
    public static bool CanRequest(Deadline? standing, DateTimeOffset now) => standing switch
    {
        null => true,
        { State: DeadlineState.Waiting } => standing.RequestedAt is null,
        { State: DeadlineState.Posted, PostedAt: { } at } => LondonTime.DateOf(now) > ArrivesBy(at),
        { State: DeadlineState.Printing or DeadlineState.HandedToPeople or DeadlineState.Rejected or DeadlineState.Suspended } => false,
        _ => true,
    };

    /// <param name="letterId">The letter, which its patient may read now.</param>
    /// <param name="version">Its current version.</param>
    /// <param name="deadlines">All deadlines that aim at this letter, oldest first.</param>
    /// <param name="appointment">Its appointment, if it has one and we have heard of it: it decides about the class of post.</param>
    /// <param name="patient">The patient's facts.</param>
    /// <param name="now">Database time.</param>
    public static PostOutcome Decide(Guid letterId, int version, IReadOnlyList<Deadline> deadlines, AppointmentFacts? appointment, PatientFacts patient, DateTimeOffset now)
    {
        var standing = Standing(deadlines, version);
        if (patient.MayNotBeWrittenTo || !CanRequest(standing, now))
            return new PostOutcome(null, [], []);
        Deadline? created = null;
        if (standing is not { State: DeadlineState.Waiting })
            standing = created = Deadline.ForRequest(letterId, version, patient.PatientId, appointment, now);
        standing.Request(now);
        if (patient.NeedsAccessibleFormat && standing.End(DeadlineState.HandedToPeople)) // R10: never plain print instead
            return new PostOutcome(created, [standing], [standing]);
        return new PostOutcome(created, [standing], []);
    }
}
