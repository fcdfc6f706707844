using MassTransit;
using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Workers;

namespace PatientHub.Notifications.Consumers;

/// <summary>R14, R15: on an endpoint of its own, so that no campaign can delay a code.</summary>
internal sealed class SendSignInCodeConsumer(SignInCodes codes) : IConsumer<SendSignInCode>
{
    public Task Consume(ConsumeContext<SendSignInCode> context) => codes.SendAsync(context.Message, context.CancellationToken);
}
