using Microsoft.EntityFrameworkCore;
using PatientHub.Appointments.Persistence;
using PatientHub.Messaging;

namespace PatientHub.Appointments.Features;

/// <summary>Which record an id of the feed means today (A30), and whether Identity has spoken of it or somebody waits for that already (A34).</summary>
internal sealed record PatientNow(Guid AskedId, Guid PatientId, bool IsHeardOf);

/// <summary>A30: which record an id means today.</summary>
internal static class Patients
{
    /// <summary>The same for many, and what time it is: one round trip, at the beginning of the caller's transaction.</summary>
    public static async Task<(DateTimeOffset Now, IReadOnlyDictionary<Guid, PatientNow> Patients)> ReadAsync(AppointmentsDbContext db, DatabaseClock clock, Guid[] ids, CancellationToken ct)
    {
        var rows = await db.Database.SqlQuery<PatientRow>($"""
            select asked.id as asked_id, asked.patient_id, clock_timestamp() as now,
                exists (select 1 from known_patient k where k.patient_id = asked.patient_id) or exists (select 1 from awaited_patient a where a.patient_id = asked.patient_id) as is_heard_of
            from (select i.id, coalesce(m.to_patient_id, i.id) as patient_id from unnest({ids}) as i (id) left join patient_merge m on m.from_patient_id = i.id) asked
            """).ToListAsync(ct);
        return (rows[0].Now + clock.Offset, rows.ToDictionary(r => r.AskedId, r => new PatientNow(r.AskedId, r.PatientId, r.IsHeardOf)));
    }

    private sealed record PatientRow(Guid AskedId, Guid PatientId, DateTimeOffset Now, bool IsHeardOf);

    public static async Task<Guid> SurvivorAsync(AppointmentsDbContext db, Guid patientId, CancellationToken ct) =>
        await db.Merges.Where(m => m.FromPatientId == patientId).Select(m => (Guid?)m.ToPatientId).SingleOrDefaultAsync(ct) ?? patientId;
}
