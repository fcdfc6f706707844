using MassTransit;
using PatientHub.Letters.Contracts;
using PatientHub.Notifications.Persistence;

namespace PatientHub.Notifications.Consumers;

/// <summary>R2, R10: a letter with the ladder invites its patient, once per version.</summary>
internal sealed class LetterReadyConsumer(NotificationsDbContext db, JourneyReview review) : IConsumer<Batch<LetterReady>>
{
    public async Task Consume(ConsumeContext<Batch<LetterReady>> context)
    {
        var letters = context.Message.Select(m => m.Message).ToList();
        var patients = letters.Select(l => l.PatientId).ToList();
        await db.LockPatientsAsync(patients, context.CancellationToken);
        await db.UpsertLettersAsync([.. letters.Select(l => new LetterFact(l.LetterId, l.PatientId)
        {
            AppointmentId = l.AppointmentId, Revision = l.Revision, ReadyVersion = l.LetterVersion, Ladder = l.Ladder, ReadyAt = l.OccurredAt,
        })], context.CancellationToken);
        await review.RunAsync(patients, context.CancellationToken);
    }
}
