using MassTransit;
using PatientHub.Notifications.Contracts;

namespace PatientHub.PostalFallback.Consumers;

/// <summary>T0 (A1): the first invitation moves the deadline once to T0 + 72 h, never later than it was.</summary>
internal sealed class InvitationSentConsumer(PatientPost post) : IConsumer<InvitationSent>
{
    public async Task Consume(ConsumeContext<InvitationSent> context)
    {
        var patient = await post.LockAsync(context.Message.PatientId, context.CancellationToken);
        var letter = await post.LetterAsync(context.Message.LetterId, context.Message.PatientId, context.CancellationToken);
        letter.Invite(context.Message.LetterVersion, context.Message.OccurredAt);
        await post.LookAtLetterAsync(patient, letter, context.CancellationToken);
    }
}
