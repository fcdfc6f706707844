using MassTransit;
using PatientHub.Identity.Contracts;
using PatientHub.Messaging;
using PatientHub.Notifications.Domain;
using PatientHub.Notifications.Persistence;

namespace PatientHub.Notifications.Consumers;

/// <summary>A31: eight weeks before 16 each contact on record is told that it stops then, once. Opted out, letters only, no contact: nothing goes, and the task that Identity made says what to do.</summary>
internal sealed class ContactsEndAnnouncedConsumer(NotificationsDbContext db, JourneyReview review, DatabaseClock clock) : IConsumer<ContactsEndAnnounced>
{
    // After that it is no notice any more, and a person has long taken it up.
    private static readonly TimeSpan OfUse = TimeSpan.FromDays(28);

    public async Task Consume(ConsumeContext<ContactsEndAnnounced> context)
    {
        var (announced, ct) = (context.Message, context.CancellationToken);
        await db.LockPatientsAsync([announced.PatientId], ct);
        var now = await clock.UtcNowAsync(ct);
        await review.InsertAsync([Step(0), Step(1)], ct);

        JourneyStep Step(int step) => new()
        {
            Id = Guid.CreateVersion7(),
            Kind = JourneyKind.ContactsEnd,
            Step = step,
            PatientId = announced.PatientId,
            SubjectId = announced.PatientId,
            SubjectVersion = announced.Version,
            DueAt = now,
            NextAt = now,
            LapsesAt = announced.OccurredAt + OfUse,
            CreatedAt = now,
        };
    }
}
