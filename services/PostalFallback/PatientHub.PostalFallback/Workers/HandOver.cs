using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PatientHub.Appointments.Contracts;
using PatientHub.Messaging;
using PatientHub.PostalFallback.Consumers;
using PatientHub.PostalFallback.Contracts;
using PatientHub.PostalFallback.Domain;
using PatientHub.PostalFallback.Persistence;

namespace PatientHub.PostalFallback.Workers;

/// <summary>Records what became of each letter of a batch, in one transaction with its events and tasks.</summary>
internal sealed partial class HandOver(IServiceScopeFactory scopes, DatabaseClock clock, IOptions<BatchOptions> options, IMeterFactory meters, ILogger<HandOver> logger)
{
    private readonly Counter<long> _posted = meters.Create("PatientHub.PostalFallback").CreateCounter<long>("patienthub.letters.posted", "{letter}", "Letters handed over to the print house");

    /// <summary>Printing → Posted, HandedToPeople or Waiting. Returns how many letters were handed over.</summary>
    /// <param name="held">The batch.</param>
    /// <param name="refused">By deadline: what people have to do.</param>
    /// <param name="stopped">Nothing of it was handed over, because a print was another letter than it should be.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<int> RecordAsync(Batch held, IReadOnlyDictionary<Guid, Refusal> refused, bool stopped, CancellationToken cancellationToken)
    {
        var again = new List<Guid>();
        var given = 0;
        var now = await clock.UtcNowAsync(cancellationToken);
        await using (var scope = scopes.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<PostalDbContext>();
            var outbox = scope.ServiceProvider.GetRequiredService<IOutbox>();
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            var batch = await HeldBatches.LockAsync(db, held, cancellationToken);
            var contents = (batch.Contents ?? []).ToDictionary(letter => (letter.LetterId, letter.LetterVersion));
            foreach (var item in await db.Deadlines.FromSql($"select * from deadline where batch_id = {batch.BatchId} and state = 'Printing' for update").ToListAsync(cancellationToken))
            {
                if (contents.TryGetValue((item.LetterId!.Value, item.LetterVersion!.Value), out var printed))
                {
                    await PostAsync(db, outbox, batch, item, printed.AddressId, now, cancellationToken);
                    given++;
                }
                else if (refused.TryGetValue(item.DeadlineId, out var refusal))
                {
                    item.HandToPeople();
                    outbox.Add(Task(item, null, refusal.Code, refusal.Alarmed, refusal.Note, now));
                }
                else
                {
                    item.WaitAgain(now + options.Value.Rest);
                    again.Add(item.PatientId);
                }
            }

            batch.Close(now, stopped);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(CancellationToken.None);
        }

        _posted.Add(given);
        Log.HandedOver(logger, held.BatchId, given, refused.Count, again.Count);
        foreach (var patientId in again.Distinct())
            await LookAgainAsync(patientId, cancellationToken);
        return given;
    }

    private static async Task PostAsync(PostalDbContext db, IOutbox outbox, Batch batch, Deadline item, Guid? addressId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        item.Post(now, addressId);
        // What goes beside the ladder (A17) belongs to its letter's appointment all the same.
        var letter = item.AppointmentId is null ? await db.Letters.FindAsync([item.LetterId!.Value], cancellationToken) : null;
        outbox.Add(new LetterPosted
        {
            LetterId = item.LetterId!.Value,
            LetterVersion = item.LetterVersion!.Value,
            PatientId = item.PatientId,
            AppointmentId = item.AppointmentId ?? letter?.AppointmentId,
            Revision = item.Revision ?? letter?.Revision,
            OccurredAt = now,
        });
        if (LastSafePosting.Cheapest(batch.CreatedAt, item.Start, item.PostalNoticeDays) is null) // A22: too late already
            outbox.Add(Task(item, letter?.AboutAppointmentId, TaskCodes.TelephonePatient, alarmed: false, "The letter went first class but may arrive after the appointment: telephone the patient.", now));
    }

    /// <summary>What was opened, held or superseded while it was being printed counts now that it waits again.</summary>
    private async Task LookAgainAsync(Guid patientId, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PostalDbContext>();
        var post = scope.ServiceProvider.GetRequiredService<PatientPost>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await post.LookAtAllAsync(await post.LockAsync(patientId, cancellationToken), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static RaiseTask Task(Deadline item, Guid? aboutAppointmentId, string code, bool alarmed, string note, DateTimeOffset now) => new()
    {
        TaskId = TaskIds.For(item.DeadlineId, code),
        Code = code,
        Alarmed = alarmed,
        PatientId = item.PatientId,
        AppointmentId = item.AppointmentId ?? aboutAppointmentId,
        LetterId = item.LetterId,
        Note = note,
        OccurredAt = now,
    };

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Batch {BatchId}: {HandedOver} letters handed over, {Refused} given to people, {Waiting} wait again")]
        public static partial void HandedOver(ILogger logger, Guid batchId, int handedOver, int refused, int waiting);
    }
}
