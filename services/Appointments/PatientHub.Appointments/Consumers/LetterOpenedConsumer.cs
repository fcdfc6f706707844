using MassTransit;
using PatientHub.Appointments.Persistence;
using PatientHub.Letters.Contracts;

namespace PatientHub.Appointments.Consumers;

/// <summary>The page says that the letter was read.</summary>
public sealed class LetterOpenedConsumer(AppointmentsDbContext db) : IConsumer<LetterOpened>
{
    public Task Consume(ConsumeContext<LetterOpened> context)
    {
        var m = context.Message;
        return LetterFacts.HearAsync(db, m.AppointmentId, l => l.Opened(m.LetterId, m.LetterVersion, m.Revision, m.OccurredAt), context.CancellationToken);
    }
}
