using Microsoft.EntityFrameworkCore;
using PatientHub.Appointments.Contracts;
using PatientHub.Identity.Contracts;
using PatientHub.Identity.Domain;
using PatientHub.Identity.Persistence;
using PatientHub.Messaging;

namespace PatientHub.Identity.Features.Intake;

/// <summary>What follows from a change of a record: events with the whole state (never a personal value), ended sessions, tasks.</summary>
public sealed class PatientEvents(IdentityDbContext db, IOutbox outbox)
{
    public void Registered(Patient patient, PatientDetails details, DateTimeOffset now)
    {
        outbox.Add(new PatientRegistered { Patient = State(patient, now), OccurredAt = now });
        Tasks(patient, new PatientChange
        {
            BecameRestricted = patient.Restricted,
            BecameHiddenFromParents = patient.IsHiddenFromParents(now),
            BecameConflicting = (!patient.Active && patient.ReplacedBy is null) || patient.Linked,
            NewlySigns = details is { Signs: true, Format: WrittenFormat.LargePrint },
        }, now);
    }

    public async Task ChangedAsync(Patient patient, PatientChange change, DateTimeOffset now, CancellationToken ct)
    {
        outbox.Add(new PatientDetailsChanged { Patient = State(patient, now), ContactsChanged = change.Contacts || change.StopsParents, AddressChanged = change.Address, OccurredAt = now });
        if (change.EndsSessions) await EndSessionsAsync(patient.Id, now, ct);
        Tasks(patient, change, now);
    }

    /// <summary>A24, A30. Codes end with the contact too: a proven code opens a record only if it would still go to the same place.</summary>
    public async Task EndSessionsAsync(Guid patientId, DateTimeOffset now, CancellationToken ct)
    {
        await db.Sessions.Where(s => s.PatientId == patientId && s.EndedAt == null).ExecuteUpdateAsync(set => set.SetProperty(s => s.EndedAt, now), ct);
        outbox.Add(new SessionsEnded { PatientId = patientId, OccurredAt = now });
    }

    public void Task(Guid taskId, string code, Guid patientId, bool alarmed, string note, DateTimeOffset now) =>
        outbox.Add(new RaiseTask { TaskId = taskId, Code = code, Alarmed = alarmed, PatientId = patientId, Note = note, OccurredAt = now });

    public static PatientState State(Patient patient, DateTimeOffset now) => new()
    {
        PatientId = patient.Id,
        HasMobile = patient.NotifiableContacts(ContactKind.Mobile, now).Any(),
        HasEmail = patient.NotifiableContacts(ContactKind.Email, now).Any(),
        LettersOnly = patient.EverythingByPost,
        Deceased = patient.Deceased,
        // Through a parent nothing may go, and there is no other way (A31): for everybody else that is the same as restricted.
        Restricted = patient.Restricted || patient.IsHiddenFromParents(now),
        NeedsAccessibleFormat = patient.Format == WrittenFormat.NotPlainPrint,
        Active = patient.Active,
        Version = patient.Version,
    };

    private void Tasks(Patient patient, PatientChange change, DateTimeOffset now)
    {
        if (change.BecameRestricted)
            Task(Guid.CreateVersion7(), TaskCodes.SafeRoute, patient.Id, alarmed: true, "The record is restricted: nothing is sent or printed. Tell the patient by the safe route.", now);
        if (change.BecameHiddenFromParents && !patient.Restricted)
            Task(Guid.CreateVersion7(), TaskCodes.SafeRoute, patient.Id, alarmed: true, "The record says “not to parents”: nothing is shown, sent or printed while the patient is under 16. Tell the patient by the safe route.", now);
        if (change.DeathRevoked)
            Task(Guid.CreateVersion7(), TaskCodes.DeceasedRevoked, patient.Id, alarmed: true, "The record no longer says deceased. Check what was not sent meanwhile.", now);
        if (change.BecameConflicting)
            Task(Guid.CreateVersion7(), TaskCodes.RecordConflict, patient.Id, alarmed: true, "The record was made inactive or linked to another one. Nobody can sign in to it until this is resolved.", now);
        if (change.NewlySigns)
            Task(Guid.CreateVersion7(), TaskCodes.AccessibleFormat, patient.Id, alarmed: false, "The patient uses sign language and has letters in large print. Check whether a signed version is needed too.", now);
    }
}
