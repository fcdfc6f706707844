using MassTransit;
using PatientHub.Letters.Contracts;

namespace PatientHub.PostalFallback.Consumers;

/// <summary>A version is ready: the deadline aims at it (A15); a letter without an appointment gets its own.</summary>
internal sealed class LetterReadyConsumer(PatientPost post) : IConsumer<LetterReady>
{
    public async Task Consume(ConsumeContext<LetterReady> context)
    {
        var patient = await post.LockAsync(context.Message.PatientId, context.CancellationToken);
        var letter = await post.LetterAsync(context.Message.LetterId, context.Message.PatientId, context.CancellationToken);
        letter.Take(context.Message.LetterVersion, context.Message.AppointmentId, context.Message.Revision, context.Message.Ladder, context.Message.OccurredAt);
        await post.LookAtLetterAsync(patient, letter, context.CancellationToken);
    }
}
