using MassTransit;
using PatientHub.Identity.Contracts;
using PatientHub.Notifications.Persistence;

namespace PatientHub.Notifications.Consumers;

/// <summary>Flags of a new patient; appointments and letters may have been first.</summary>
internal sealed class PatientRegisteredConsumer(NotificationsDbContext db, JourneyReview review) : IConsumer<Batch<PatientRegistered>>
{
    public async Task Consume(ConsumeContext<Batch<PatientRegistered>> context)
    {
        var states = context.Message.Select(m => m.Message.Patient).ToList();
        var patients = states.Select(s => s.PatientId).ToList();
        await db.LockPatientsAsync(patients, context.CancellationToken);
        await db.UpsertPatientsAsync(states, context.CancellationToken);
        await review.RunAsync(patients, context.CancellationToken);
    }
}
