using MassTransit;
using PatientHub.Identity.Contracts;

namespace PatientHub.PostalFallback.Consumers;

/// <summary>The newest flags of a patient: contacts (R9), letters only, deceased or restricted (A24), another format (R10).</summary>
internal sealed class PatientStateConsumer(PatientPost post) : IConsumer<PatientRegistered>, IConsumer<PatientDetailsChanged>
{
    public Task Consume(ConsumeContext<PatientRegistered> context) => TakeAsync(context.Message.Patient, context.CancellationToken);
    public Task Consume(ConsumeContext<PatientDetailsChanged> context) => TakeAsync(context.Message.Patient, context.CancellationToken);

    private async Task TakeAsync(PatientState state, CancellationToken cancellationToken)
    {
        var patient = await post.LockAsync(state.PatientId, cancellationToken);
        if (patient.Take(state.Version, state.HasMobile || state.HasEmail, state.LettersOnly, state.Deceased || state.Restricted || !state.Active, state.NeedsAccessibleFormat))
            await post.LookAtAllAsync(patient, cancellationToken);
    }
}
