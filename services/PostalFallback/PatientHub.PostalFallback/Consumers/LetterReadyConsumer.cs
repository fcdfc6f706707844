using MassTransit;
using PatientHub.Letters.Contracts;

namespace PatientHub.PostalFallback.Consumers;

/// <summary>A version is ready: the deadline aims at it (A15); a letter without an appointment gets its own. In batches: a campaign makes them by the thousand.</summary>
internal sealed class LetterReadyConsumer(PatientPost post) : IConsumer<Batch<LetterReady>>
{
    public async Task Consume(ConsumeContext<Batch<LetterReady>> context)
    {
        var (ready, ct) = (context.Message.Select(message => message.Message).OrderBy(letter => letter.LetterVersion).ToList(), context.CancellationToken);
        var patients = await post.LockAsync(ready.Select(letter => letter.PatientId), ct);
        var letters = await post.LettersAsync([.. ready.Select(letter => (letter.LetterId, letter.PatientId))], ct);
        foreach (var letter in ready)
            letters[letter.LetterId].Take(letter);
        await post.LookAtLettersAsync([.. ready.GroupBy(letter => letter.LetterId).Select(same => (patients[same.Last().PatientId], letters[same.Key]))], ct);
    }
}
