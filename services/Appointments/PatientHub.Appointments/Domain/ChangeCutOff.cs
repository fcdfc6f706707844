using PatientHub.Calendar;

namespace PatientHub.Appointments.Domain;

/// <summary>
/// R21, A6: online changes end at one exact instant: the start on London's wall clock minus 5 calendar days. At that instant a change is still allowed, a moment later not.
/// A wall-clock time that comes twice there (25 October) means the later one: while a patient's clock shows the time the page named, the change is allowed.
/// </summary>
public static class ChangeCutOff
{
    public const int Days = 5;

    /// <summary>The last instant for changes, UTC.</summary>
    public static DateTimeOffset Of(DateTimeOffset start)
    {
        var wall = LondonTime.At(start);
        return LondonTime.ToInstant(DateOnly.FromDateTime(wall.DateTime).AddDays(-Days), TimeOnly.FromDateTime(wall.DateTime), RepeatedHour.Second);
    }

    public static bool Allows(DateTimeOffset start, DateTimeOffset now) => now <= Of(start);

    /// <summary>"You can change this online until 10:30am on Friday 15 May 2026" and its opposite.</summary>
    public static string ClosedSentence(DateTimeOffset start) =>
        $"You could change this online until {LondonTime.FormatTimeOnDate(Of(start))}. Phone the clinic to change it now.";
}
