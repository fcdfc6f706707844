using MassTransit;
using PatientHub.Identity.Contracts;
using PatientHub.Letters.Domain;
using PatientHub.Letters.Features;
using PatientHub.Messaging;

namespace PatientHub.Letters.Consumers;

/// <summary>A31: who has no contact of his own on record is told by post. Eight weeks before 16 the letter is for parent and young person, at 16 it is for the young person.</summary>
public sealed class ContactsEndConsumer(Notices notices, DatabaseClock clock) : IConsumer<ContactsEndAnnounced>, IConsumer<ContactsEnded>
{
    public async Task Consume(ConsumeContext<ContactsEndAnnounced> context) =>
        await notices.WantAsync(NoticeKind.BeforeSixteen, context.Message.PatientId, context.Message.Version, await clock.UtcNowAsync(context.CancellationToken), context.CancellationToken);

    public async Task Consume(ConsumeContext<ContactsEnded> context) =>
        await notices.WantAsync(NoticeKind.Sixteen, context.Message.PatientId, context.Message.Version, await clock.UtcNowAsync(context.CancellationToken), context.CancellationToken);
}
