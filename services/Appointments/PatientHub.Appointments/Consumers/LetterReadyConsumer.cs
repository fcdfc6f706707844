using MassTransit;
using PatientHub.Appointments.Persistence;
using PatientHub.Letters.Contracts;

namespace PatientHub.Appointments.Consumers;

/// <summary>The page can link to the letter, and the letter can be accepted (A3).</summary>
public sealed class LetterReadyConsumer(AppointmentsDbContext db) : IConsumer<LetterReady>
{
    public Task Consume(ConsumeContext<LetterReady> context)
    {
        var m = context.Message;
        return LetterFacts.HearAsync(db, m.AppointmentId, l => l.Ready(m.LetterId, m.LetterVersion, m.Revision), context.CancellationToken);
    }
}
