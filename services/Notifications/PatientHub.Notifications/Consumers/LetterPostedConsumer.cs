using MassTransit;
using PatientHub.Messaging;
using PatientHub.Notifications.Domain;
using PatientHub.Notifications.Persistence;
using PatientHub.PostalFallback.Contracts;

namespace PatientHub.Notifications.Consumers;

/// <summary>A28: no reminder of a letter that is in the post. The patient is told that it is on its way, once per version, by the preferred channel.</summary>
internal sealed class LetterPostedConsumer(NotificationsDbContext db, JourneyReview review, DatabaseClock clock) : IConsumer<LetterPosted>
{
    // After that the letter itself is there.
    private static readonly TimeSpan OfUseFor = TimeSpan.FromHours(48);

    public async Task Consume(ConsumeContext<LetterPosted> context)
    {
        var posted = context.Message;
        await db.LockPatientsAsync([posted.PatientId], context.CancellationToken);
        await db.UpsertLettersAsync([new LetterFact(posted.LetterId, posted.PatientId)
        {
            AppointmentId = posted.AppointmentId, Revision = posted.Revision, PostedVersion = posted.LetterVersion,
        }], context.CancellationToken);
        var now = await clock.UtcNowAsync(context.CancellationToken);
        await review.InsertAsync([new JourneyStep
        {
            Id = Guid.CreateVersion7(),
            Kind = JourneyKind.Posted,
            Step = 0,
            PatientId = posted.PatientId,
            SubjectId = posted.LetterId,
            SubjectVersion = posted.LetterVersion,
            LetterId = posted.LetterId,
            LetterVersion = posted.LetterVersion,
            AppointmentId = posted.AppointmentId,
            Revision = posted.Revision,
            DueAt = now,
            NextAt = now,
            LapsesAt = now + OfUseFor,
            CreatedAt = now,
        }], context.CancellationToken);
        await review.RunAsync([posted.PatientId], context.CancellationToken);
    }
}
