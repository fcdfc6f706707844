using Microsoft.EntityFrameworkCore;
using PatientHub.Letters.Domain;
using PatientHub.Letters.Persistence;

namespace PatientHub.Letters.Features;

/// <summary>Asks for letters of news (A9, A23, A31) and takes them back. They are made by <see cref="MakeNotices"/>: what they say of an appointment has to be asked for outside of a transaction.</summary>
public sealed class Notices(LettersDbContext db, LetterIssue issue)
{
    /// <summary>About an appointment. The caller holds its lock; the same subject again wants nothing new.</summary>
    /// <param name="kind">What it tells.</param>
    /// <param name="appointment">The appointment, as it stands.</param>
    /// <param name="subjectId">What makes it one: the appointment, or the task that was closed.</param>
    /// <param name="subjectVersion">Which time.</param>
    /// <param name="now">Database time.</param>
    /// <param name="dueAt">When it is to be made.</param>
    /// <param name="ct">Gives up.</param>
    public Task WantAsync(NoticeKind kind, AppointmentCopy appointment, Guid subjectId, int subjectVersion, DateTimeOffset now, DateTimeOffset dueAt, CancellationToken ct) =>
        AddAsync(kind, appointment.PatientId, subjectId, subjectVersion, appointment.AppointmentId, appointment.Revision, dueAt, ct);

    /// <summary>About the patient alone.</summary>
    public async Task WantAsync(NoticeKind kind, Guid patientId, int version, DateTimeOffset now, CancellationToken ct) =>
        await AddAsync(kind, await db.SurvivorOfAsync(patientId, ct), patientId, version, null, null, now, ct);

    /// <summary>What is not so any more is hidden at once, and recalled if it was not handed over. The caller holds the appointment's lock.</summary>
    public async Task TakeBackAsync(AppointmentCopy appointment, DateTimeOffset now, CancellationToken ct)
    {
        var told = await db.Letters.Where(l => l.AboutAppointmentId == appointment.AppointmentId && l.Status == LetterStatus.Current).ToListAsync(ct);
        foreach (var letter in told)
        {
            letter.PatientId = appointment.PatientId;   // A30
            if (letter.Notice?.IsTrueOf(appointment, letter.AboutRevision) == true) continue;
            issue.Withdraw(letter, await db.Versions.SingleAsync(v => v.LetterId == letter.LetterId && v.Version == letter.CurrentVersion, ct), now);
        }
    }

    private Task AddAsync(NoticeKind kind, Guid patientId, Guid subjectId, int subjectVersion, Guid? appointmentId, int? revision, DateTimeOffset dueAt, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"""
            insert into notice (notice_id, kind, subject_id, subject_version, patient_id, appointment_id, revision, wanted_at, due_at)
            values ({Guid.CreateVersion7()}, {kind.ToString()}, {subjectId}, {subjectVersion}, {patientId}, {appointmentId}, {revision}, {dueAt}, {dueAt}) on conflict do nothing
            """, ct);
}
