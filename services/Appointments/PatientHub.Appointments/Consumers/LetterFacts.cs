using Microsoft.EntityFrameworkCore;
using PatientHub.Appointments.Domain;
using PatientHub.Appointments.Persistence;

namespace PatientHub.Appointments.Consumers;

/// <summary>
/// What is heard of letters is kept even before its appointment is known: a PAS letter may come first (A34). Letters without an appointment are not our concern.
/// "Opened" and "post stopped" of one letter come at the same moment on two queues: the row is locked (in the consumer's transaction), so that they follow each other.
/// </summary>
internal static class LetterFacts
{
    public static async Task HearAsync(AppointmentsDbContext db, Guid? appointmentId, Action<AppointmentLetter> hear, CancellationToken ct)
    {
        if (appointmentId is not { } id) return;
        await db.Database.ExecuteSqlAsync($"insert into appointment_letter (appointment_id) values ({id}) on conflict do nothing", ct);
        var letter = (await db.Letters.FromSql($"select *, xmin from appointment_letter where appointment_id = {id} for update").ToListAsync(ct)).Single();
        hear(letter);
        await db.SaveChangesAsync(ct);
    }
}
