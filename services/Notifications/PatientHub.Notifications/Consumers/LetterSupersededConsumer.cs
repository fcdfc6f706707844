using MassTransit;
using PatientHub.Letters.Contracts;
using PatientHub.Notifications.Persistence;

namespace PatientHub.Notifications.Consumers;

/// <summary>A15: the journey of a version ends with it.</summary>
internal sealed class LetterSupersededConsumer(NotificationsDbContext db, JourneyReview review) : IConsumer<LetterSuperseded>
{
    public async Task Consume(ConsumeContext<LetterSuperseded> context)
    {
        var ended = context.Message;
        await db.LockPatientsAsync([ended.PatientId], context.CancellationToken);
        await db.UpsertLettersAsync([new LetterFact(ended.LetterId, ended.PatientId) { AppointmentId = ended.AppointmentId, EndedVersion = ended.LetterVersion }],
            context.CancellationToken);
        await review.RunAsync([ended.PatientId], context.CancellationToken);
    }
}
