using MassTransit;
using Microsoft.EntityFrameworkCore;
using PatientHub.Identity.Contracts;
using PatientHub.Identity.Domain;
using PatientHub.Identity.Features.Intake;
using PatientHub.Identity.Persistence;
using PatientHub.Messaging;
using PatientHub.Notifications.Contracts;

namespace PatientHub.Identity.Consumers;

/// <summary>R14: a contact that has permanently failed, or was stopped by its owner, counts as none: the next one of its kind, else email, takes the codes.</summary>
public sealed class NotificationUndeliverableConsumer(IdentityDbContext db, IOutbox outbox, DatabaseClock clock) : IConsumer<NotificationUndeliverable>
{
    public async Task Consume(ConsumeContext<NotificationUndeliverable> context)
    {
        var message = context.Message;
        if (!message.ContactFailed || message.Channel is not { } channel) return;
        var ct = context.CancellationToken;
        await PatientLock.TakeAsync(db, message.PatientId, ct);
        // Unknown to us: nothing to mark. Intake would have made the row before anything could be sent.
        if (await db.Patients.AsTracking().SingleOrDefaultAsync(p => p.Id == message.PatientId, ct) is not { } patient) return;
        // A30: the report of a failure may come days after the message, and the contact may be another one by then.
        if (!patient.MarkContactFailed(channel == Channel.Sms ? ContactKind.Mobile : ContactKind.Email, message.SentAt ?? message.OccurredAt)) return;
        var now = await clock.UtcNowAsync(ct);
        outbox.Add(new PatientDetailsChanged { Patient = PatientEvents.State(patient, now), ContactsChanged = false, AddressChanged = false, OccurredAt = now });
        await db.SaveChangesAsync(ct);
    }
}
