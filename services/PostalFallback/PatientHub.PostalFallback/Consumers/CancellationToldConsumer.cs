using MassTransit;
using PatientHub.Notifications.Contracts;

namespace PatientHub.PostalFallback.Consumers;

/// <summary>A23: a message told the patient of the cancellation; the letter that says the same is not posted.</summary>
internal sealed class CancellationToldConsumer(PatientPost post) : IConsumer<CancellationTold>
{
    public async Task Consume(ConsumeContext<CancellationTold> context)
    {
        var (told, ct) = (context.Message, context.CancellationToken);
        await post.TakeNewsAsync(await post.LockAsync(told.PatientId, ct), told.AppointmentId, told.Revision, news => news.Tell(told.OccurredAt), ct);
    }
}
