using MassTransit;
using PatientHub.Identity.Contracts;
using PatientHub.Notifications.Persistence;

namespace PatientHub.Notifications.Consumers;

/// <summary>R9, A24: deceased, restricted, letters only stop what is open; a flag taken back starts it again.</summary>
internal sealed class PatientDetailsChangedConsumer(NotificationsDbContext db, JourneyReview review) : IConsumer<PatientDetailsChanged>
{
    public async Task Consume(ConsumeContext<PatientDetailsChanged> context)
    {
        var state = context.Message.Patient;
        await db.LockPatientsAsync([state.PatientId], context.CancellationToken);
        await db.UpsertPatientsAsync([state], context.CancellationToken);
        await review.RunAsync([state.PatientId], context.CancellationToken);
    }
}
