using PatientHub.Calendar;

namespace PatientHub.Notifications.Domain;

/// <summary>A2: so many days of London's calendar before the start, at the same wall-clock time.</summary>
public static class AppointmentReminder
{
    public static DateTimeOffset DueAt(DateTimeOffset start, int daysBefore) => LondonTime.ToInstant(LondonTime.DateOf(start).AddDays(-daysBefore), LondonTime.TimeOf(start));
}
