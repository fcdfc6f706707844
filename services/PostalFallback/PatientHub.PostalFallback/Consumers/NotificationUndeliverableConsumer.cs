using MassTransit;
using PatientHub.Notifications.Contracts;
using PatientHub.PostalFallback.Domain;

namespace PatientHub.PostalFallback.Consumers;

/// <summary>A18: both channels failed, post at once. One that failed alone changes nothing: the other is being tried.</summary>
internal sealed class NotificationUndeliverableConsumer(PatientPost post) : IConsumer<NotificationUndeliverable>
{
    public async Task Consume(ConsumeContext<NotificationUndeliverable> context)
    {
        if (!context.Message.AllChannelsFailed)
            return;
        var patient = await post.LockAsync(context.Message.PatientId, context.CancellationToken);
        if (context.Message.LetterId is { } letterId)
        {
            var letter = await post.LetterAsync(letterId, context.Message.PatientId, context.CancellationToken);
            letter.Undeliverable(context.Message.OccurredAt);
            await post.LookAtLetterAsync(patient, letter, context.CancellationToken);
        }

        else if (context.Message is { AppointmentId: { } appointmentId, Revision: { } revision })
            await post.TakeNewsAsync(patient, appointmentId, revision, news => news.Fail(context.Message.OccurredAt), context.CancellationToken);

        await post.BringAllForwardAsync(patient, DueReason.Undeliverable, context.CancellationToken);
    }
}
