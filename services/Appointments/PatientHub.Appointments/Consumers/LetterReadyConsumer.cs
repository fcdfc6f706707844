using MassTransit;
using PatientHub.Appointments.Domain;
using PatientHub.Appointments.Persistence;
using PatientHub.Letters.Contracts;

namespace PatientHub.Appointments.Consumers;

/// <summary>The page can link to the letter, and the letter can be accepted (A3). In batches: a campaign makes letters by the thousand.</summary>
public sealed class LetterReadyConsumer(AppointmentsDbContext db) : IConsumer<Batch<LetterReady>>
{
    public Task Consume(ConsumeContext<Batch<LetterReady>> context) =>
        LetterFacts.HearAsync(db, [.. context.Message.Select(message => message.Message).OrderBy(m => m.OccurredAt).Select(m => (m.AppointmentId, (Action<AppointmentLetter>)(l => l.Ready(m.LetterId, m.LetterVersion, m.Revision))))], context.CancellationToken);
}
