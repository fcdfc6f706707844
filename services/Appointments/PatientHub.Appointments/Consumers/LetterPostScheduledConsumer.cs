using MassTransit;
using PatientHub.Appointments.Domain;
using PatientHub.Appointments.Persistence;
using PatientHub.PostalFallback.Contracts;

namespace PatientHub.Appointments.Consumers;

/// <summary>The page says when the letter will be posted. In batches: a campaign promises by the thousand, and moves each promise once.</summary>
public sealed class LetterPostScheduledConsumer(AppointmentsDbContext db) : IConsumer<Batch<LetterPostScheduled>>
{
    public Task Consume(ConsumeContext<Batch<LetterPostScheduled>> context) =>
        LetterFacts.HearAsync(db, [.. context.Message.Select(message => message.Message).OrderBy(m => m.OccurredAt).Select(m => (m.AppointmentId, (Action<AppointmentLetter>)(l => l.PostScheduled(m.DueAt, m.Revision, m.OccurredAt))))], context.CancellationToken);
}
