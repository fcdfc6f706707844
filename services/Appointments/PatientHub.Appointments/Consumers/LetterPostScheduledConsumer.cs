using MassTransit;
using PatientHub.Appointments.Persistence;
using PatientHub.PostalFallback.Contracts;

namespace PatientHub.Appointments.Consumers;

/// <summary>The page says when the letter will be posted.</summary>
public sealed class LetterPostScheduledConsumer(AppointmentsDbContext db) : IConsumer<LetterPostScheduled>
{
    public Task Consume(ConsumeContext<LetterPostScheduled> context)
    {
        var m = context.Message;
        return LetterFacts.HearAsync(db, m.AppointmentId, l => l.PostScheduled(m.DueAt, m.Revision, m.OccurredAt), context.CancellationToken);
    }
}
