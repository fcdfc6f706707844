using MassTransit;
using PatientHub.Identity.Contracts;
using PatientHub.PostalFallback.Domain;

namespace PatientHub.PostalFallback.Consumers;

/// <summary>A33: whoever cannot get in gets the letters by post.</summary>
internal sealed class SignInRepeatedlyFailedConsumer(PatientPost post) : IConsumer<SignInRepeatedlyFailed>
{
    public async Task Consume(ConsumeContext<SignInRepeatedlyFailed> context)
    {
        var patient = await post.LockAsync(context.Message.PatientId, context.CancellationToken);

        await post.BringAllForwardAsync(patient, DueReason.SignInFailed, context.CancellationToken);
    }
}
