using MassTransit;
using PatientHub.Letters.Contracts;
using PatientHub.Notifications.Persistence;

namespace PatientHub.Notifications.Consumers;

/// <summary>A3: no reminder of a letter that was opened.</summary>
internal sealed class LetterOpenedConsumer(NotificationsDbContext db, JourneyReview review) : IConsumer<LetterOpened>
{
    public async Task Consume(ConsumeContext<LetterOpened> context)
    {
        var opened = context.Message;
        await db.LockPatientsAsync([opened.PatientId], context.CancellationToken);
        await db.UpsertLettersAsync([new LetterFact(opened.LetterId, opened.PatientId)
        {
            AppointmentId = opened.AppointmentId, Revision = opened.Revision, OpenedVersion = opened.LetterVersion,
        }], context.CancellationToken);
        await review.RunAsync([opened.PatientId], context.CancellationToken);
    }
}
