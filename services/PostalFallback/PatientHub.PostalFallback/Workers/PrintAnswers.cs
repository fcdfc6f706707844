using Microsoft.EntityFrameworkCore;
using PatientHub.Appointments.Contracts;
using PatientHub.Messaging;
using PatientHub.PostalFallback.Clients;
using PatientHub.PostalFallback.Consumers;
using PatientHub.PostalFallback.Contracts;
using PatientHub.PostalFallback.Domain;
using PatientHub.PostalFallback.Persistence;

namespace PatientHub.PostalFallback.Workers;

/// <summary>
/// What an answer does. Progress of a whole batch is one transaction; a letter that went wrong or came back has one of its own, under its patient's lock taken first, as
/// every consumer takes it.
/// </summary>
internal sealed partial class PrintAnswers(IServiceScopeFactory scopes, DatabaseClock clock, ILogger<PrintAnswers> logger)
{
    /// <summary>Returns how many letters got news, and how many lines spoke of letters that are not ours.</summary>
    public async Task<(int News, int Unknown)> TakeAsync(IReadOnlyList<AnswerLine> lines, CancellationToken cancellationToken)
    {
        var (news, unknown) = (0, 0);
        foreach (var batch in lines.GroupBy(line => line.Batch))
        {
            var progress = batch.Where(line => !IsTrouble(line.Status)).ToList();
            if (progress.Count > 0)
            {
                var (moved, strange) = await TakeProgressAsync(batch.Key, progress, cancellationToken);
                (news, unknown) = (news + moved, unknown + strange);
            }

            foreach (var line in batch.Where(line => IsTrouble(line.Status)))
            {
                switch (await TakeTroubleAsync(line, cancellationToken))
                {
                    case true:
                        news++;
                        break;
                    case null:
                        unknown++;
                        break;
                }
            }
        }

        return (news, unknown);
    }

    private static bool IsTrouble(PrintStatus status) => status.WentWrong() || status is PrintStatus.Returned or PrintStatus.Forwarded;

    private async Task<(int News, int Unknown)> TakeProgressAsync(string batch, IReadOnlyList<AnswerLine> lines, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PostalDbContext>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var rows = await db.Deadlines.FromSql($"select d.* from deadline d where d.batch_id = (select batch_id from batch where name = {batch}) order by d.deadline_id for update").ToListAsync(cancellationToken);
        var letters = rows.Where(row => row.PrintStatus is not null).ToLookup(row => (row.LetterId, row.LetterVersion));
        var now = await clock.UtcNowAsync(cancellationToken);
        var (news, unknown) = (0, 0);
        foreach (var line in lines)
        {
            if (letters[(line.LetterId, line.LetterVersion)].FirstOrDefault() is not { } letter)
                unknown++;
            else if (letter.Answer(line.Status, line.Reason, now))
                news++;
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return (news, unknown);
    }

    /// <summary>True: news. False: known already. Null: not a letter of ours.</summary>
    private async Task<bool?> TakeTroubleAsync(AnswerLine line, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PostalDbContext>();
        var post = scope.ServiceProvider.GetRequiredService<PatientPost>();
        var outbox = scope.ServiceProvider.GetRequiredService<IOutbox>();
        var found = await db.Deadlines.AsNoTracking().Where(row => row.LetterId == line.LetterId && row.LetterVersion == line.LetterVersion && row.PrintStatus != null
            && db.Batches.Any(batch => batch.BatchId == row.BatchId && batch.Name == line.Batch)).Select(row => new { row.DeadlineId, row.PatientId }).FirstOrDefaultAsync(cancellationToken);
        if (found is null)
            return null;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var patient = await post.LockAsync(found.PatientId, cancellationToken);
        var letter = (await db.Deadlines.FromSql($"select * from deadline where deadline_id = {found.DeadlineId} for update").ToListAsync(cancellationToken)).Single();
        var now = await clock.UtcNowAsync(cancellationToken);
        var outcome = line.Status.WentWrong() ? RejectionRule.Decide(line.Status, line.Reason, letter.IsPrintedAgain) : (RejectionOutcome?)null;
        if (!letter.Answer(outcome == RejectionOutcome.AlreadyThere ? PrintStatus.Accepted : line.Status, line.Reason, now))
            return false;
        if (line.Status == PrintStatus.Returned)
            Return(outbox, letter, line.Reason, now);
        if (outcome is RejectionOutcome.PrintAgain or RejectionOutcome.People)
            await RejectAsync(db, outbox, letter, outcome.Value, now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        if (outcome == RejectionOutcome.PrintAgain)
            await post.LookAtAllAsync(patient, cancellationToken); // opened, cancelled or superseded meanwhile: it need not go again
        await transaction.CommitAsync(CancellationToken.None);
        Log.Trouble(logger, letter.DeadlineId, line.Status, outcome);
        return true;
    }

    private static async Task RejectAsync(PostalDbContext db, IOutbox outbox, Deadline letter, RejectionOutcome outcome, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // A newer version or revision that is on its way already is the letter to send.
        var another = letter.AppointmentId is { } appointmentId
            ? await db.Deadlines.AnyAsync(row => row.AppointmentId == appointmentId && row.Revision >= letter.Revision && row.DeadlineId != letter.DeadlineId
                && (row.State == DeadlineState.Waiting || row.State == DeadlineState.Suspended || row.State == DeadlineState.Printing), cancellationToken)
            : await db.Deadlines.AnyAsync(row => row.LetterId == letter.LetterId && row.DeadlineId != letter.DeadlineId
                && (row.State == DeadlineState.Waiting || row.State == DeadlineState.Suspended || row.State == DeadlineState.Printing), cancellationToken);
        var again = outcome == RejectionOutcome.PrintAgain;
        if (again && !another)
            db.Deadlines.Add(letter.Again(now));
        outbox.Add(new RaiseTask
        {
            TaskId = TaskIds.For("print-rejected", letter.DeadlineId),
            Code = TaskCodes.Unprintable,
            Alarmed = !again,
            PatientId = letter.PatientId,
            AppointmentId = letter.AppointmentId,
            LetterId = letter.LetterId,
            Note = again
                ? "The print house could not send this letter for a technical reason. It is printed once more by itself: look that it goes, and telephone the patient if the appointment is near."
                : "The print house did not send this letter. Check the address on record and the document, then post it by hand or telephone the patient.",
            OccurredAt = now,
        });
    }

    private static void Return(IOutbox outbox, Deadline letter, string? reason, DateTimeOffset now)
    {
        outbox.Add(new LetterReturned
        {
            LetterId = letter.LetterId!.Value,
            LetterVersion = letter.LetterVersion!.Value,
            PatientId = letter.PatientId,
            AddressId = letter.AddressId,
            Reason = reason ?? "RETURNED",
            OccurredAt = now,
        });
        outbox.Add(new RaiseTask
        {
            TaskId = TaskIds.For("letter-returned", letter.DeadlineId),
            Code = TaskCodes.ContactDoubtful,
            Alarmed = letter.Start > now,
            PatientId = letter.PatientId,
            AppointmentId = letter.AppointmentId,
            LetterId = letter.LetterId,
            Note = letter.Start > now
                ? "The post brought this letter back before the appointment: telephone the patient, ask for the right address and correct it in the hospital system. Until then nothing is posted there."
                : "The post brought this letter back: ask the patient for the right address and correct it in the hospital system. Until then nothing is posted there.",
            OccurredAt = now,
        });
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The print house says {Status} of the letter of deadline {DeadlineId}; outcome {Outcome}, a task was raised where people have to act")]
        public static partial void Trouble(ILogger logger, Guid deadlineId, PrintStatus status, RejectionOutcome? outcome);
    }
}
