using MassTransit;
using Microsoft.EntityFrameworkCore;
using PatientHub.Identity.Contracts;
using PatientHub.Identity.Features.Contacts;
using PatientHub.Identity.Features.Intake;
using PatientHub.Identity.Persistence;
using PatientHub.Messaging;
using PatientHub.PostalFallback.Contracts;

namespace PatientHub.Identity.Consumers;

/// <summary>
/// The post brought a letter back: nothing more goes to that address until the record names another. Which one it was the event says by its id, so an address that was
/// corrected while the letter was on its way is not blamed.
/// </summary>
public sealed class LetterReturnedConsumer(IdentityDbContext db, AddressIds addresses, IOutbox outbox, DatabaseClock clock) : IConsumer<LetterReturned>
{
    public async Task Consume(ConsumeContext<LetterReturned> context)
    {
        var message = context.Message;
        if (message.AddressId is not { } addressId) return;
        var ct = context.CancellationToken;
        await PatientLock.TakeAsync(db, message.PatientId, ct);
        if (await db.Patients.AsTracking().SingleOrDefaultAsync(p => p.Id == message.PatientId, ct) is not { } patient) return;
        if (!patient.MarkAddressReturned(address => addresses.Of(patient.Id, address) == addressId, message.OccurredAt)) return;
        var now = await clock.UtcNowAsync(ct);
        outbox.Add(new PatientDetailsChanged { Patient = PatientEvents.State(patient, now), ContactsChanged = false, AddressChanged = false, OccurredAt = now });
        await db.SaveChangesAsync(ct);
    }
}
