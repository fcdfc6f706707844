using Microsoft.EntityFrameworkCore;
using PatientHub.Appointments.Contracts;
using PatientHub.Identity.Contracts;
using PatientHub.Identity.Domain;
using PatientHub.Identity.Persistence;
using PatientHub.Messaging;

namespace PatientHub.Identity.Features.Intake;

/// <summary>
/// Merges (A30). Two records can say the same thing, the replaced one ("replaced-by") and the survivor ("replaces"), and either may come first or alone. A record is merged while one of
/// them says so, and stands for itself again when none does.
/// <code>
/// 1 whom it concerns   the record itself, those that it names now, and those that were merged into it
/// 2 where each leads   its own word, else that of a record that replaces it; followed to the end of the chain; a ring leads nowhere and is a task
/// 3 what changed       sessions of both end (their codes too), PatientMerged or PatientUnmerged; what was un-merged is looked at by a person
/// </code>
/// </summary>
public sealed class PatientMerges(IdentityDbContext db, IOutbox outbox, PatientEvents events)
{
    private const int LongestChain = 20;

    /// <summary>True when the record takes part in a merge already, so that taking its word back un-merges.</summary>
    public static Task<bool> ConcernAsync(IdentityDbContext db, Guid id, CancellationToken ct) => db.Database.SqlQuery<bool>($"""
        select exists (select 1 from patient where id = {id} and (merged_into is not null or replaced_by is not null or cardinality(replaces) > 0))
            or exists (select 1 from patient where merged_into = {id})
            or exists (select 1 from patient where replaced_by = {id})
            or exists (select 1 from patient where replaces @> array[{id}] and cardinality(replaces) > 0) as "Value"
        """).SingleAsync(ct);

    /// <summary>Behind the lock for merges, after the record itself was saved.</summary>
    public async Task ApplyAsync(Patient patient, DateTimeOffset now, CancellationToken ct)
    {
        // Step 1
        var named = patient.Replaces.ToArray();
        var concerned = await db.Patients.AsTracking().Where(p => p.Id == patient.Id || named.Contains(p.Id) || p.MergedInto == patient.Id || p.ReplacedBy == patient.Id).OrderBy(p => p.Id).ToListAsync(ct);
        foreach (var record in concerned)
        {
            if (record.Id != patient.Id) await PatientLock.TakeAsync(db, record.Id, ct);

            // Step 2
            var (leadsTo, ring) = await EndOfAsync(record, ct);
            if (ring)
                events.Task(TaskIds.For("merge-ring", record.Id, record.Version), TaskCodes.RecordConflict, record.Id, alarmed: true, "The hospital system says that records replace each other in a ring. None of them was merged.", now);

            // Step 3
            var before = record.MergedInto;
            if (!record.LeadTo(leadsTo)) continue;
            await events.EndSessionsAsync(record.Id, now, ct);
            if (before is { } was)
            {
                await events.EndSessionsAsync(was, now, ct);
                outbox.Add(new PatientUnmerged { PatientId = record.Id, FromPatientId = was, OccurredAt = now });
                events.Task(TaskIds.For("unmerged", record.Id, record.Version), TaskCodes.RecordConflict, record.Id, alarmed: true,
                    "This record had been merged into another by mistake and is separate again. Its appointments and letters came back; a letter that was read or posted only meanwhile is announced to this patient anew. "
                    + "What the hospital system sent under the other record meanwhile stayed there: that patient has a task of the same time. Check what was sent meanwhile, and whether the wrong person has read it.", now);
                // Nobody but a person can tell whose a document is that was sent while both were one.
                events.Task(TaskIds.For("unmerged-from", record.Id, record.Version), TaskCodes.RecordConflict, was, alarmed: true,
                    "Another record had been merged into this one by mistake and is separate again. Letters that were sent for this record while they were one may be that other patient's. Look through this patient's letters of that time in the hospital system: "
                    + "mark each that is not this patient's as entered in error there, which hides it here at once, and have it sent again as a new document for its own patient.", now);
            }
            if (leadsTo is { } survivor)
            {
                await events.EndSessionsAsync(survivor, now, ct);
                outbox.Add(new PatientMerged { FromPatientId = record.Id, ToPatientId = survivor, OccurredAt = now });
            }
            // The record's own flags: nothing is sent to a record that was merged away, and to one that stands for itself again.
            outbox.Add(new PatientDetailsChanged { Patient = PatientEvents.State(record, now), ContactsChanged = false, AddressChanged = false, OccurredAt = now });
        }

        await db.SaveChangesAsync(ct);
        await FlattenAsync(concerned, ct);
    }

    private async Task<(Guid? LeadsTo, bool Ring)> EndOfAsync(Patient record, CancellationToken ct)
    {
        var seen = new HashSet<Guid> { record.Id };
        var next = record.ReplacedBy ?? await ReplacedByOthersWordAsync(record.Id, ct);
        Guid? end = null;
        while (next is { } at)
        {
            if (!seen.Add(at) || seen.Count > LongestChain) return (null, true);
            end = at;
            // A survivor that is not known yet is the end for now: when it comes, its own word counts.
            next = await db.Patients.AsNoTracking().IgnoreAutoIncludes().Where(p => p.Id == at).Select(p => p.ReplacedBy).SingleOrDefaultAsync(ct) ?? await ReplacedByOthersWordAsync(at, ct);
        }
        return (end, false);
    }

    private async Task<Guid?> ReplacedByOthersWordAsync(Guid id, CancellationToken ct) => (await db.Database.SqlQuery<Guid>($"""
        select id as "Value" from patient where replaces @> array[{id}] and cardinality(replaces) > 0 order by id
        """).ToListAsync(ct)).Cast<Guid?>().FirstOrDefault();

    // What led to a record that now leads elsewhere leads there too: one look finds the survivor.
    private async Task FlattenAsync(List<Patient> moved, CancellationToken ct)
    {
        foreach (var record in moved.Where(p => p.MergedInto is not null))
            await db.Patients.Where(p => p.MergedInto == record.Id && p.Id != record.MergedInto).ExecuteUpdateAsync(set => set.SetProperty(p => p.MergedInto, record.MergedInto), ct);
    }
}
