using Microsoft.EntityFrameworkCore;
using PatientHub.Appointments.Contracts;
using PatientHub.Identity.Contracts;
using PatientHub.Identity.Domain;
using PatientHub.Identity.Features.Intake;
using PatientHub.Identity.Persistence;
using PatientHub.Messaging;

namespace PatientHub.Identity.Features.WrongPerson;

/// <summary>
/// A32, a report at a time, in one transaction: the contact is in doubt on every record that has it (or all contacts of the record whose link it was: the message's
/// channel is not known, and in doubt paper), the letters that wait are posted now, and people ask the patient. Said twice it changes nothing more.
/// </summary>
public sealed class WrongPersonReports(IdentityDbContext db, IOutbox outbox, PatientEvents events, DatabaseClock clock)
{
    private const int MostRecords = 50;

    /// <summary>False when there was nothing to look at.</summary>
    public async Task<bool> TakeOneAsync(CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var report = (await db.WrongPersonReports.FromSql($"select * from wrong_person_report order by received_at limit 1 for update skip locked").AsTracking().ToListAsync(ct)).SingleOrDefault();
        if (report is null) return false;
        var now = await clock.UtcNowAsync(ct);
        var typed = report is { Kind: { } kind, Value: { } value } ? new TypedIdentifier(kind, value) : null;
        var ids = await (typed is null
            // A30: an old link is the survivor's.
            ? db.Patients.Where(p => p.LinkToken == report.LinkToken).Select(p => p.MergedInto ?? p.Id)
            : db.Patients.Where(p => p.Contacts.Any(c => c.Kind == typed.Kind && c.Value == typed.Value)).Select(p => p.Id)).OrderBy(id => id).Take(MostRecords).ToListAsync(ct);
        foreach (var id in ids) await DoubtAsync(id, typed, now, ct);
        db.Remove(report);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    private async Task DoubtAsync(Guid patientId, TypedIdentifier? typed, DateTimeOffset now, CancellationToken ct)
    {
        await PatientLock.TakeAsync(db, patientId, ct);
        if (await db.Patients.AsTracking().SingleOrDefaultAsync(p => p.Id == patientId, ct) is not { } patient || !patient.Doubt(typed, now)) return;
        outbox.Add(new PatientDetailsChanged { Patient = PatientEvents.State(patient, now), ContactsChanged = false, AddressChanged = false, OccurredAt = now });
        outbox.Add(new ContactDoubted { PatientId = patient.Id, OccurredAt = now });
        events.Task(TaskIds.For("not-for-me", patient.Id, patient.Version), TaskCodes.ContactDoubtful, patient.Id, alarmed: false,
            "Somebody says that our messages for this patient reach the wrong person. The letters were posted and messages stopped: ask the patient, then correct the contact or confirm it.", now);
    }
}
