using MassTransit;
using PatientHub.Notifications.Contracts;

namespace PatientHub.PostalFallback.Consumers;

/// <summary>A17: "also post my letters".</summary>
internal sealed class PreferencesChangedConsumer(PatientPost post) : IConsumer<PreferencesChanged>
{
    public async Task Consume(ConsumeContext<PreferencesChanged> context)
    {
        var patient = await post.LockAsync(context.Message.PatientId, context.CancellationToken);
        patient.Prefer(context.Message.AlsoPost, context.Message.OccurredAt);
        await post.LookAtAllAsync(patient, context.CancellationToken);
    }
}
