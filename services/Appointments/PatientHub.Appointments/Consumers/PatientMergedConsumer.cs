using MassTransit;
using Microsoft.EntityFrameworkCore;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Appointments.Domain;
using PatientHub.Appointments.Features;
using PatientHub.Appointments.Persistence;
using PatientHub.Identity.Contracts;

namespace PatientHub.Appointments.Consumers;

/// <summary>
/// A30: everything of the old record belongs to the survivor, and what the feed still sends under the old id, too. Every service applies the merge by itself, so no
/// appointment event is published for it.
/// </summary>
public sealed class PatientMergedConsumer(AppointmentsDbContext db) : IConsumer<PatientMerged>
{
    public async Task Consume(ConsumeContext<PatientMerged> context)
    {
        var (from, ct) = (context.Message.FromPatientId, context.CancellationToken);
        var to = await Patients.SurvivorAsync(db, context.Message.ToPatientId, ct);
        if (to == from)
        {
            // It was the other way round before: the survivor itself is no longer merged away.
            await db.Merges.Where(m => m.FromPatientId == context.Message.ToPatientId).ExecuteDeleteAsync(ct);
            to = context.Message.ToPatientId;
        }

        if (from == to) return;

        // Chains are flattened, so that one look finds the survivor.
        foreach (var earlier in await db.Merges.Where(m => m.ToPatientId == from).ToListAsync(ct)) earlier.LeadTo(to);
        if (await db.Merges.FindAsync([from], ct) is { } known) known.LeadTo(to);
        else db.Merges.Add(new PatientMerge(from, to));
        foreach (var appointment in await db.Appointments.Where(a => a.PatientId == from).ToListAsync(ct)) appointment.BelongsTo(to);
        foreach (var task in await db.Tasks.Where(t => t.PatientId == from).ToListAsync(ct)) task.BelongsTo(to);
        await db.SaveChangesAsync(ct);

        // Both records': neither was switched on for what the survivor shows now.
        await CalendarFeeds.EndAsync(db, [from, to], CalendarFeedEnd.Merged, context.Message.OccurredAt, ct);
    }
}
