namespace PatientHub.Letters.Domain;

/// <summary>
/// Whether invitation, reminders and post follow a letter of the PAS: only when it is dated within the last days (default 14), so that a first load of old documents
/// posts nothing, and, when it belongs to a booked appointment, when that one invites (R1, R10).
/// </summary>
public static class LadderRule
{
    public static bool Applies(DateOnly letterDate, DateOnly today, int days, AppointmentCopy? appointment) =>
        letterDate >= today.AddDays(-days) && (appointment is null || appointment.Invites);
}
