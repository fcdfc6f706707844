using MassTransit;
using PatientHub.Identity.Contracts;
using PatientHub.PostalFallback.Domain;

namespace PatientHub.PostalFallback.Consumers;

/// <summary>A32: messages reach the wrong person, so the letters that wait go now.</summary>
internal sealed class ContactDoubtedConsumer(PatientPost post) : IConsumer<ContactDoubted>
{
    public async Task Consume(ConsumeContext<ContactDoubted> context)
    {
        var patient = await post.LockAsync(context.Message.PatientId, context.CancellationToken);
        await post.BringAllForwardAsync(patient, DueReason.NotForMe, context.CancellationToken);
    }
}
