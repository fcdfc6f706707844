namespace PatientHub.Notifications.Domain;

/// <summary>A2, A4: elapsed time, not calendar time.</summary>
public sealed class LadderOptions
{
    public const string Section = "Ladder";

    /// <summary>From T0 to the first reminder (R6).</summary>
    public TimeSpan FirstReminderAfter { get; set; } = TimeSpan.FromHours(24);

    /// <summary>From T0 to the second reminder (R6).</summary>
    public TimeSpan SecondReminderAfter { get; set; } = TimeSpan.FromHours(48);

    /// <summary>From T0 to the letter (R3): no reminder after it.</summary>
    public TimeSpan PostAfterInvitation { get; set; } = TimeSpan.FromHours(72);

    /// <summary>From booking to the letter at the latest.</summary>
    public TimeSpan PostAfterBooking { get; set; } = TimeSpan.FromHours(96);

    /// <summary>A ladder of seconds is for demonstrations and tests.</summary>
    public bool IsRealistic => FirstReminderAfter >= TimeSpan.FromHours(24) && SecondReminderAfter >= FirstReminderAfter && PostAfterInvitation >= SecondReminderAfter;
}

/// <summary>A2: appointment reminders, a kind of their own.</summary>
public sealed class AppointmentReminderOptions
{
    public const string Section = "AppointmentReminders";

    /// <summary>Days of London's calendar before the start.</summary>
    public int[] DaysBefore { get; set; } = [7, 2];

    /// <summary>A reminder that could not go out in time is dropped after this: nobody wants "in 7 days" five days late.</summary>
    public TimeSpan LapsesAfter { get; set; } = TimeSpan.FromHours(24);
}
