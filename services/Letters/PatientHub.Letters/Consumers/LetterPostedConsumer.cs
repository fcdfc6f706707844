using MassTransit;
using Microsoft.EntityFrameworkCore;
using PatientHub.Letters.Persistence;
using PatientHub.PostalFallback.Contracts;

namespace PatientHub.Letters.Consumers;

/// <summary>A15: once a version was handed over, the next one says which letter it replaces.</summary>
public sealed class LetterPostedConsumer(LettersDbContext db) : IConsumer<LetterPosted>
{
    public Task Consume(ConsumeContext<LetterPosted> context)
    {
        var posted = context.Message;
        return db.Versions.Where(v => v.LetterId == posted.LetterId && v.Version == posted.LetterVersion && v.PostedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(v => v.PostedAt, posted.OccurredAt), context.CancellationToken);
    }
}
