using MassTransit;
using PatientHub.Appointments.Persistence;
using PatientHub.PostalFallback.Contracts;

namespace PatientHub.Appointments.Consumers;

/// <summary>R5: the page adds "we have also posted this letter".</summary>
public sealed class LetterPostedConsumer(AppointmentsDbContext db) : IConsumer<LetterPosted>
{
    public Task Consume(ConsumeContext<LetterPosted> context)
    {
        var m = context.Message;
        return LetterFacts.HearAsync(db, m.AppointmentId, l => l.Posted(m.LetterId, m.LetterVersion, m.Revision, m.OccurredAt), context.CancellationToken);
    }
}
