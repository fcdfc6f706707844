using PatientHub.Appointments.Contracts;
using PatientHub.Calendar;

namespace PatientHub.Appointments.Domain;

/// <summary>A9: "we could not reach you" may only be said after three calls on two working days.</summary>
public static class ThreeCalls
{
    public const int Calls = 3;
    public const int Days = 2;

    public static bool AreMade(IReadOnlyCollection<DateTimeOffset> calls) =>
        calls.Count >= Calls && calls.Select(LondonTime.DateOf).Where(WorkingDays.IsWorkingDay).Distinct().Count() >= Days;
}

/// <summary>Nobody has claimed it: for one working day, or with at most two working days left before the appointment.</summary>
public static class TaskOverdue
{
    public const int UnclaimedWorkingDays = 1;
    public const int WorkingDaysBefore = 2;

    public static bool Is(DeskTask task, DateTimeOffset? start, DateTimeOffset now)
    {
        var (raised, starts) = Limits(now);
        return task.Status == DeskTaskStatus.Requested && (task.RaisedAt <= raised || start < starts);
    }

    /// <summary>The same as two instants, for a query: overdue is what was raised at <c>Raised</c> or before, and what starts before <c>Starts</c>.</summary>
    public static (DateTimeOffset Raised, DateTimeOffset Starts) Limits(DateTimeOffset now)
    {
        var today = LondonTime.DateOf(now);
        // Whatever was raised before the last working day has seen the whole of it; on a working day a day's age is enough.
        var wholeDay = LondonTime.ToInstant(WorkingDays.Add(today, -UnclaimedWorkingDays), TimeOnly.MinValue).AddTicks(-1);
        var aDayAgo = now.AddDays(-1);
        return (WorkingDays.IsWorkingDay(today) && aDayAgo > wholeDay ? aDayAgo : wholeDay, LondonTime.ToInstant(WorkingDays.Add(today, WorkingDaysBefore).AddDays(1), TimeOnly.MinValue));
    }
}

/// <summary>How a task of each kind may end.</summary>
public static class TaskOutcomes
{
    /// <summary>Kinds that somebody telephones for: they can end with "not reached" (A9).</summary>
    private static readonly string[] Telephoned = [TaskCodes.Rebook, TaskCodes.Cancel, TaskCodes.TelephonePatient, TaskCodes.SafeRoute, TaskCodes.ContactDoubtful, TaskCodes.AccessibleFormat];

    public static IReadOnlyList<TaskOutcome> Of(string code) => code switch
    {
        // The patient waits for an answer: "nothing to do" would leave the request open for ever.
        TaskCodes.Rebook or TaskCodes.Cancel => [TaskOutcome.Done, TaskOutcome.Kept, TaskOutcome.NotReached],
        _ when Telephoned.Contains(code) => [TaskOutcome.Done, TaskOutcome.NotReached, TaskOutcome.NotNeeded],
        _ => [TaskOutcome.Done, TaskOutcome.NotNeeded],
    };
}
