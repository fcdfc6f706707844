using MassTransit;
using PatientHub.Notifications.Persistence;
using PatientHub.PostalFallback.Contracts;

namespace PatientHub.Notifications.Consumers;

/// <summary>A28: no reminder of a letter that is in the post.</summary>
internal sealed class LetterPostedConsumer(NotificationsDbContext db, JourneyReview review) : IConsumer<LetterPosted>
{
    public async Task Consume(ConsumeContext<LetterPosted> context)
    {
        var posted = context.Message;
        await db.LockPatientsAsync([posted.PatientId], context.CancellationToken);
        await db.UpsertLettersAsync([new LetterFact(posted.LetterId, posted.PatientId)
        {
            AppointmentId = posted.AppointmentId, Revision = posted.Revision, PostedVersion = posted.LetterVersion,
        }], context.CancellationToken);
        await review.RunAsync([posted.PatientId], context.CancellationToken);
    }
}
