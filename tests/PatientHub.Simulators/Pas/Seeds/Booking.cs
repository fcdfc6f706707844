using System.Globalization;
using PatientHub.Appointments.Contracts;

namespace PatientHub.Simulators.Pas.Seeds;

/// <summary>An appointment of a seeded person, its day counted from today.</summary>
internal sealed record Booking(string ClinicId, Func<DateOnly, DateOnly> Day, string At)
{
    public AppointmentMedium Medium { get; init; } = AppointmentMedium.FaceToFace;

    public PasStatus Status { get; init; } = PasStatus.Booked;

    public static Booking Tomorrow(string clinic, string at) => new(clinic, today => today.AddDays(1), at);

    /// <summary>So many days from today; from a week on, moved off the weekend.</summary>
    public static Booking InDays(int days, string clinic, string at) =>
        new(clinic, today => days < 7 ? today.AddDays(days) : OffTheWeekend(today.AddDays(days)), at);

    /// <summary>On the first Tuesday of the month so many months ago, attended: the same day all month long, so that history does not wander with every feed.</summary>
    public static Booking MonthsAgo(int months, string clinic, string at) => new(clinic, today => FirstTuesday(today.AddMonths(-months)), at) { Status = PasStatus.Fulfilled };

    public Booking By(AppointmentMedium medium) => this with { Medium = medium };

    public Booking With(PasStatus status) => this with { Status = status };

    // The day is part of the id: tomorrow's feed books new appointments, it does not move today's, of which patients would be told.
    public PasAppointment For(PasPatient patient, int number, DateOnly today)
    {
        var day = Day(today);
        return new PasAppointment
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"A{patient.Id[1..]}-{day:yyyyMMdd}-{number}"),
            PatientId = patient.Id,
            ClinicId = ClinicId,
            Start = LondonDates.At(day, TimeOnly.ParseExact(At, "H:mm", CultureInfo.InvariantCulture)),
            Medium = Medium,
            Status = Status,
            Created = day < today ? day.AddDays(-30) : today,
            LastUpdated = patient.LastUpdated,
        };
    }

    private static DateOnly OffTheWeekend(DateOnly day) => day.DayOfWeek switch
    {
        DayOfWeek.Saturday => day.AddDays(2),
        DayOfWeek.Sunday => day.AddDays(1),
        _ => day,
    };

    private static DateOnly FirstTuesday(DateOnly inMonth)
    {
        var first = new DateOnly(inMonth.Year, inMonth.Month, 1);
        return first.AddDays((DayOfWeek.Tuesday - first.DayOfWeek + 7) % 7);
    }
}
