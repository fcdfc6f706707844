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
    public static Task HearAsync(AppointmentsDbContext db, Guid? appointmentId, Action<AppointmentLetter> hear, CancellationToken ct) =>
        HearAsync(db, [(appointmentId, hear)], ct);

    /// <summary>Many at once, in their order. Rows are locked in one order everywhere, so that two batches wait for each other instead of deadlocking.</summary>
    public static async Task HearAsync(AppointmentsDbContext db, IReadOnlyCollection<(Guid? AppointmentId, Action<AppointmentLetter> Hear)> heard, CancellationToken ct)
    {
        Guid[] ids = [.. heard.Select(one => one.AppointmentId).OfType<Guid>().Distinct()];
        if (ids.Length == 0) return;
        await db.Database.ExecuteSqlAsync($"insert into appointment_letter (appointment_id) select id from unnest({ids}) as id order by id on conflict do nothing", ct);
        var letters = (await db.Letters.FromSql($"select *, xmin from appointment_letter where appointment_id = any({ids}) order by appointment_id for update").ToListAsync(ct)).ToDictionary(l => l.AppointmentId);
        foreach (var (id, hear) in heard)
            if (id is { } known) hear(letters[known]);
        await db.SaveChangesAsync(ct);
    }
}
