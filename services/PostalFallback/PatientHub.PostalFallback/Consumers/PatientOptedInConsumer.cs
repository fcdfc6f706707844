using MassTransit;
using PatientHub.Notifications.Contracts;

namespace PatientHub.PostalFallback.Consumers;

/// <summary>R30: later letters have their ladder again; what was brought forward stays so.</summary>
internal sealed class PatientOptedInConsumer(PatientPost post) : IConsumer<PatientOptedIn>
{
    public async Task Consume(ConsumeContext<PatientOptedIn> context)
    {
        var patient = await post.LockAsync(context.Message.PatientId, context.CancellationToken);
        patient.Opt(@out: false, context.Message.OccurredAt);
        await post.LookAtAllAsync(patient, context.CancellationToken);
    }
}
