using MassTransit;
using PatientHub.Letters.Contracts;

namespace PatientHub.PostalFallback.Consumers;

/// <summary>A3: the one thing that stops the post.</summary>
internal sealed class LetterOpenedConsumer(PatientPost post) : IConsumer<LetterOpened>
{
    public async Task Consume(ConsumeContext<LetterOpened> context)
    {
        var patient = await post.LockAsync(context.Message.PatientId, context.CancellationToken);
        var letter = await post.LetterAsync(context.Message.LetterId, context.Message.PatientId, context.CancellationToken);
        letter.Open(context.Message.LetterVersion);
        await post.LookAtLetterAsync(patient, letter, context.CancellationToken);
    }
}
