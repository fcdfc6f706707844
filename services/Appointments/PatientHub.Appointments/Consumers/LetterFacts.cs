using PatientHub.Appointments.Domain;
using PatientHub.Appointments.Persistence;

namespace PatientHub.Appointments.Consumers;

/// <summary>What is heard of letters is kept even before its appointment is known: a PAS letter may come first (A34). Letters without an appointment are not our concern.</summary>
internal static class LetterFacts
{
    public static async Task HearAsync(AppointmentsDbContext db, Guid? appointmentId, Action<AppointmentLetter> hear, CancellationToken ct)
    {
        if (appointmentId is not { } id) return;
        var letter = await db.Letters.FindAsync([id], ct);
        if (letter is null) db.Add(letter = new AppointmentLetter(id));
        hear(letter);
        await db.SaveChangesAsync(ct);
    }
}
