using MassTransit;
using Microsoft.EntityFrameworkCore;
using PatientHub.Identity.Contracts;
using PatientHub.Letters.Domain;
using PatientHub.Letters.Persistence;
using PatientHub.Messaging;

namespace PatientHub.Letters.Consumers;

/// <summary>A30: letters of the replaced record belong to the survivor, and so does what arrives later under the old id.</summary>
public sealed class PatientMergedConsumer(LettersDbContext db, DatabaseClock clock) : IConsumer<PatientMerged>
{
    public async Task Consume(ConsumeContext<PatientMerged> context)
    {
        var (from, to) = (context.Message.FromPatientId, context.Message.ToPatientId);
        var ct = context.CancellationToken;
        await db.Merges.Where(m => m.ToPatientId == from).ExecuteUpdateAsync(set => set.SetProperty(m => m.ToPatientId, to), ct);
        await db.Merges.Where(m => m.FromPatientId == to).ExecuteDeleteAsync(ct);   // the survivor itself is no longer merged away
        if (await db.Merges.SingleOrDefaultAsync(m => m.FromPatientId == from, ct) is { } known) known.ToPatientId = to;
        else db.Merges.Add(new PatientMerge { FromPatientId = from, ToPatientId = to });
        await db.SaveChangesAsync(ct);

        var now = await clock.UtcNowAsync(ct);
        await db.Letters.Where(l => l.PatientId == from).ExecuteUpdateAsync(set => set
            .SetProperty(l => l.MergedFrom, l => l.MergedFrom ?? from).SetProperty(l => l.MergedAt, l => l.MergedAt ?? now).SetProperty(l => l.PatientId, to), ct);
        await db.Notices.Where(n => n.PatientId == from && n.DueAt != null).ExecuteUpdateAsync(set => set.SetProperty(n => n.PatientId, to), ct);
        await db.Appointments.Where(a => a.PatientId == from).ExecuteUpdateAsync(set => set.SetProperty(a => a.PatientId, to), ct);
    }
}
