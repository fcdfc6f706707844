using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Options;
using Npgsql;
using PatientHub.Appointments.Contracts;
using PatientHub.Calendar;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Letters.Contracts.Http;
using PatientHub.Messaging;
using PatientHub.PostalFallback.Clients;
using PatientHub.PostalFallback.Consumers;
using PatientHub.PostalFallback.Contracts;
using PatientHub.PostalFallback.Domain;
using PatientHub.PostalFallback.Persistence;

namespace PatientHub.PostalFallback.Workers;

/// <summary>
/// One pass over what is due. A crash at any step loses nothing and prints nothing twice:
/// <code>
///  1 take up batches that a crash left open          (as step 5)
///  2 lease what is due                               nothing decided: opening still wins
///  3 last look                                       Appointments, Letters
///  4 decide: Waiting → Printing, with the batch      one transaction, one conditional update: opening has lost from here
///  5 print, write the batch, record what is in it    the batch's name comes from its id: written again, it is the same file
///  6 .ok, record: Printing → Posted, LetterPosted    repeated from the record, never printed again; the print house may have taken the files
/// </code>
/// </summary>
internal sealed partial class PostRun(
    IServiceScopeFactory scopes, DueDeadlines deadlines, LastLook lastLook, AddressesClient addresses, LetterPrintClient printer,
    PrintSpool spool, DatabaseClock clock, IOptions<BatchOptions> options, IMeterFactory meters, ILogger<PostRun> logger)
{
    private static readonly ActivitySource Source = new("PatientHub.PostalFallback");
    private readonly Counter<long> _posted = meters.Create("PatientHub.PostalFallback").CreateCounter<long>("patienthub.letters.posted", "{letter}", "Letters handed over to the print house");

    /// <summary>Returns how many letters were handed over.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var settings = options.Value;
        var posted = 0;

        while (true)
        {
            // Step 1: each round, or a backlog would let what a killed worker has left wait for its end.
            while (await LeaseOpenBatchAsync(await clock.UtcNowAsync(cancellationToken), cancellationToken) is { } left)
                posted += await CompleteAsync(left, cancellationToken);

            // Step 2
            var now = await clock.UtcNowAsync(cancellationToken);
            var dueBy = settings.AtOnce ? now : LastSafePosting.LatestCutOff(now);
            var due = await deadlines.LeaseAsync(dueBy, now, settings.Lease, settings.Size, cancellationToken);
            if (due.Count == 0)
                break;

            // Step 3
            var verdicts = await lastLook.LookAsync(due, now, cancellationToken);
            await deadlines.RestAsync([.. verdicts[LastLookVerdict.Rest].Select(letter => letter.DeadlineId)], now + settings.Rest, cancellationToken);
            foreach (var opened in verdicts[LastLookVerdict.Opened])
                await TakeOpenedAsync(opened, cancellationToken);

            // Steps 4 to 6
            if (await DecideAsync([.. verdicts[LastLookVerdict.Post]], now, cancellationToken) is { } batch)
                posted += await CompleteAsync(batch, cancellationToken);
        }

        return posted;
    }

    private async Task TakeOpenedAsync(DueLetter due, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PostalDbContext>();
        var post = scope.ServiceProvider.GetRequiredService<PatientPost>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var patient = await post.LockAsync(due.PatientId, cancellationToken);
        var letter = await post.LetterAsync(due.LetterId, due.PatientId, cancellationToken);
        letter.Open(due.LetterVersion);
        await post.LookAtLetterAsync(patient, letter, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task<Batch?> DecideAsync(IReadOnlyList<DueLetter> letters, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (letters.Count == 0)
            return null;
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PostalDbContext>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var batch = Batch.Open(now, now + options.Value.Lease);
        db.Batches.Add(batch);
        await db.SaveChangesAsync(cancellationToken);
        var decided = await DueDeadlines.DecideAsync((NpgsqlConnection)db.Database.GetDbConnection(), (NpgsqlTransaction)transaction.GetDbTransaction(), batch.BatchId, letters, cancellationToken);
        if (decided.Count == 0)
            return null; // rolled back: all were opened, superseded or withdrawn meanwhile
        await transaction.CommitAsync(CancellationToken.None);
        Log.Decided(logger, decided.Count, batch.BatchId);
        return batch;
    }

    private async Task<Batch?> LeaseOpenBatchAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PostalDbContext>();
        var rows = await db.Batches.FromSql($"""
            update batch set lease_until = {now + options.Value.Lease}
            where batch_id = (select batch_id from batch where state in ('Open', 'Written') and (lease_until is null or lease_until <= {now}) limit 1 for update skip locked)
            returning *
            """).AsNoTracking().ToListAsync(cancellationToken);
        return rows.SingleOrDefault();
    }

    private async Task<int> CompleteAsync(Batch batch, CancellationToken cancellationToken)
    {
        var refused = new ConcurrentDictionary<Guid, string>();
        if (batch.State == BatchState.Open)
        {
            // Step 5
            var items = await ItemsAsync(batch.BatchId, cancellationToken);
            var files = new ConcurrentDictionary<string, byte[]>();
            var letters = new ConcurrentBag<SpoolLetter>();
            await PrintAsync(batch, items, files, letters, refused, cancellationToken);
            var inOrder = letters.OrderBy(letter => items.FindIndex(item => item.LetterId == letter.LetterId)).ToList();
            var totals = new ManifestTotals(inOrder.Count, inOrder.Sum(letter => letter.Pages), inOrder.Sum(letter => letter.Sheets));
            if (inOrder.Count > 0)
                spool.Write(new Manifest(batch.BatchId, batch.Name, batch.CreatedAt, totals, inOrder), files);
            batch.Write(inOrder.Select(letter => new BatchLetter(letter.LetterId, letter.LetterVersion)), totals.Pages, totals.Sheets);
            await SaveAsync(batch, cancellationToken);
        }

        // Step 6
        if (batch.Letters > 0)
            spool.Release(batch.Name);
        return await RecordAsync(batch, refused, cancellationToken);
    }

    private async Task SaveAsync(Batch batch, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PostalDbContext>();
        db.Attach(batch).State = EntityState.Modified;
        await db.SaveChangesAsync(cancellationToken);
    }

    private async Task<List<Deadline>> ItemsAsync(Guid batchId, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<PostalDbContext>().Deadlines.AsNoTracking()
            .Where(deadline => deadline.BatchId == batchId && deadline.State == DeadlineState.Printing)
            .OrderBy(deadline => deadline.Start).ToListAsync(cancellationToken);
    }

    private async Task PrintAsync(Batch batch, IReadOnlyList<Deadline> items, ConcurrentDictionary<string, byte[]> files, ConcurrentBag<SpoolLetter> letters, ConcurrentDictionary<Guid, string> refused, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<Guid, PatientAddress> known;
        try
        {
            known = await addresses.AddressesAsync([.. items.Select(item => item.PatientId)], cancellationToken);
        }
        catch (Exception silence) when (LastLook.IsSilence(silence, cancellationToken))
        {
            Log.NoAddresses(logger, silence.GetType().Name, items.Count);
            return;
        }

        var dispatch = WorkingDays.Add(LondonTime.DateOf(batch.CreatedAt), LastSafePosting.DispatchDays);
        await Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = options.Value.ParallelPrints, CancellationToken = cancellationToken }, async (item, ct) =>
        {
            if (!known.TryGetValue(item.PatientId, out var address) || !address.MayPrint)
                return; // waits: unknown patients become known or a task, deceased ones are suspended by their event
            if (address.Format == PrintFormat.NotPlainPrint)
            {
                refused[item.DeadlineId] = TaskCodes.AccessibleFormat;
                return;
            }

            if (AddressBlock.Fault(address.Lines) is { } fault)
            {
                Log.Unprintable(logger, item.DeadlineId, fault);
                refused[item.DeadlineId] = TaskCodes.Unprintable;
                return;
            }

            ActivityContext.TryParse(item.TraceParent, traceState: null, isRemote: true, out var promised);
            using var activity = Source.StartActivity("print letter", ActivityKind.Internal, promised);
            try
            {
                var printed = await printer.PrintAsync(item.LetterId!.Value, new PrintLetter
                {
                    AddressLines = address.Lines,
                    FullName = address.FullName,
                    ToParent = address.ToParent,
                    NhsNumber = address.NhsNumber,
                    LargePrint = address.Format == PrintFormat.LargePrint,
                    Uvc = address.Uvc,
                    DispatchDate = dispatch,
                }, ct);
                if (printed.Answer == PrintAnswer.Unprintable)
                    refused[item.DeadlineId] = TaskCodes.Unprintable;
                if (printed.Answer != PrintAnswer.Printed || printed.LetterVersion != item.LetterVersion)
                    return; // a newer version is current: it waits for its event
                var name = $"{item.LetterId:D}-v{item.LetterVersion}.pdf";
                files[name] = printed.Pdf!;
                letters.Add(new SpoolLetter(item.LetterId.Value, item.LetterVersion!.Value, name, printed.Pages, (printed.Pages + 1) / 2, Duplex: true,
                    PostageOf(item, batch.CreatedAt).ToString().ToLowerInvariant(), address.Format == PrintFormat.LargePrint ? "large-print" : "standard", address.Lines, PrintSpool.Hash(printed.Pdf!)));
            }
            catch (Exception silence) when (LastLook.IsSilence(silence, ct))
            {
                Log.NotPrinted(logger, item.DeadlineId, silence.GetType().Name);
            }
        });
    }

    private static Postage PostageOf(Deadline item, DateTimeOffset handOver) => LastSafePosting.Cheapest(handOver, item.Start, item.PostalNoticeDays) ?? Postage.First;

    private async Task<int> RecordAsync(Batch batch, IReadOnlyDictionary<Guid, string> refused, CancellationToken cancellationToken)
    {
        var handedOver = batch.Contents!.Select(letter => (letter.LetterId, letter.LetterVersion)).ToHashSet();
        var again = new List<Guid>();
        var now = await clock.UtcNowAsync(cancellationToken);
        await using (var scope = scopes.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<PostalDbContext>();
            var outbox = scope.ServiceProvider.GetRequiredService<IOutbox>();
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            foreach (var item in await db.Deadlines.FromSql($"select * from deadline where batch_id = {batch.BatchId} and state = 'Printing' for update").ToListAsync(cancellationToken))
            {
                if (handedOver.Contains((item.LetterId!.Value, item.LetterVersion!.Value)))
                {
                    item.Post(now);
                    // What goes beside the ladder (A17) belongs to its letter's appointment all the same.
                    var letter = item.AppointmentId is null ? await db.Letters.FindAsync([item.LetterId.Value], cancellationToken) : null;
                    outbox.Add(new LetterPosted
                    {
                        LetterId = item.LetterId.Value,
                        LetterVersion = item.LetterVersion.Value,
                        PatientId = item.PatientId,
                        AppointmentId = item.AppointmentId ?? letter?.AppointmentId,
                        Revision = item.Revision ?? letter?.Revision,
                        OccurredAt = now,
                    });
                    if (LastSafePosting.Cheapest(batch.CreatedAt, item.Start, item.PostalNoticeDays) is null) // A22: too late already
                        outbox.Add(Task(item, TaskCodes.TelephonePatient, alarmed: false, "The letter went first class but may arrive after the appointment: telephone the patient.", now));
                }
                else if (refused.TryGetValue(item.DeadlineId, out var code))
                {
                    item.HandToPeople();
                    outbox.Add(Task(item, code, alarmed: code == TaskCodes.Unprintable, code == TaskCodes.Unprintable
                        ? "This letter cannot be printed as it is: check the address on record and the document, then post it by hand or ask for it again."
                        : "This patient needs the letter in another format (braille, audio, easy read or BSL). Plain print was not sent.", now));
                }
                else
                {
                    item.WaitAgain(now + options.Value.Rest);
                    again.Add(item.PatientId);
                }
            }

            db.Attach(batch).State = EntityState.Modified;
            batch.Close();
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(CancellationToken.None);
        }

        _posted.Add(handedOver.Count);
        Log.HandedOver(logger, batch.BatchId, handedOver.Count, refused.Count, again.Count);
        foreach (var patientId in again.Distinct())
            await LookAgainAsync(patientId, cancellationToken);
        return handedOver.Count;
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

    private static RaiseTask Task(Deadline item, string code, bool alarmed, string note, DateTimeOffset now) => new()
    {
        TaskId = TaskIds.For(item.DeadlineId, code),
        Code = code,
        Alarmed = alarmed,
        PatientId = item.PatientId,
        AppointmentId = item.AppointmentId,
        LetterId = item.LetterId,
        Note = note,
        OccurredAt = now,
    };

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "{Count} letters go to print in batch {BatchId}")]
        public static partial void Decided(ILogger logger, int count, Guid batchId);

        [LoggerMessage(Level = LogLevel.Information, Message = "Batch {BatchId}: {HandedOver} letters handed over, {Refused} given to people, {Waiting} wait again")]
        public static partial void HandedOver(ILogger logger, Guid batchId, int handedOver, int refused, int waiting);

        [LoggerMessage(Level = LogLevel.Warning, Message = "No reply from identity ({ExceptionType}): {Count} letters wait for their addresses")]
        public static partial void NoAddresses(ILogger logger, string exceptionType, int count);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Letter of deadline {DeadlineId} could not be printed now ({ExceptionType}); it waits")]
        public static partial void NotPrinted(ILogger logger, Guid deadlineId, string exceptionType);

        [LoggerMessage(Level = LogLevel.Error, Message = "Letter of deadline {DeadlineId} cannot be printed: {Fault}; a task was raised")]
        public static partial void Unprintable(ILogger logger, Guid deadlineId, string fault);
    }
}
