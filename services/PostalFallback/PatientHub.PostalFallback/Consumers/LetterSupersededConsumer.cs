using MassTransit;
using PatientHub.Letters.Contracts;

namespace PatientHub.PostalFallback.Consumers;

/// <summary>Only a withdrawal is news here: a replacement announces itself as ready.</summary>
internal sealed class LetterSupersededConsumer(PatientPost post) : IConsumer<LetterSuperseded>
{
    public async Task Consume(ConsumeContext<LetterSuperseded> context)
    {
        var patient = await post.LockAsync(context.Message.PatientId, context.CancellationToken);
        var letter = await post.LetterAsync(context.Message.LetterId, context.Message.PatientId, context.CancellationToken);
        if (context.Message.ReplacedByVersion is null)
            letter.Withdraw(context.Message.LetterVersion);
        await post.LookAtLetterAsync(patient, letter, context.CancellationToken);
    }
}
