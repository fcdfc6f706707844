using MassTransit;
using Microsoft.EntityFrameworkCore;
using PatientHub.Identity.Contracts;
using PatientHub.PostalFallback.Persistence;

namespace PatientHub.PostalFallback.Consumers;

/// <summary>A30: everything belongs to the survivor, whose flags then decide. Both rows are locked in the order of their ids, so that two merges cannot block each other.</summary>
internal sealed class PatientMergedConsumer(PostalDbContext db, PatientPost post) : IConsumer<PatientMerged>
{
    public async Task Consume(ConsumeContext<PatientMerged> context)
    {
        var (from, to) = (context.Message.FromPatientId, context.Message.ToPatientId);
        foreach (var id in new[] { from, to }.Order())
            await post.LockAsync(id, context.CancellationToken);
        await db.Appointments.Where(row => row.PatientId == from).ExecuteUpdateAsync(row => row.SetProperty(appointment => appointment.PatientId, to), context.CancellationToken);
        await db.Letters.Where(row => row.PatientId == from).ExecuteUpdateAsync(row => row.SetProperty(letter => letter.PatientId, to), context.CancellationToken);
        await db.Deadlines.Where(row => row.PatientId == from).ExecuteUpdateAsync(row => row.SetProperty(deadline => deadline.PatientId, to), context.CancellationToken);
        await post.LookAtAllAsync(await post.LockAsync(to, context.CancellationToken), context.CancellationToken);
    }
}
