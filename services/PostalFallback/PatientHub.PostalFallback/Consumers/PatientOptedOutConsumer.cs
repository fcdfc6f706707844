using MassTransit;
using PatientHub.Notifications.Contracts;

namespace PatientHub.PostalFallback.Consumers;

/// <summary>A17: what is still pending is posted now.</summary>
internal sealed class PatientOptedOutConsumer(PatientPost post) : IConsumer<PatientOptedOut>
{
    public async Task Consume(ConsumeContext<PatientOptedOut> context)
    {
        var patient = await post.LockAsync(context.Message.PatientId, context.CancellationToken);
        patient.Opt(@out: true, context.Message.OccurredAt);
        await post.LookAtAllAsync(patient, context.CancellationToken);
    }
}
