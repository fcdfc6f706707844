using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Options;
using Npgsql;
using PatientHub.Messaging;
using PatientHub.PostalFallback.Clients;
using PatientHub.PostalFallback.Consumers;
using PatientHub.PostalFallback.Domain;
using PatientHub.PostalFallback.Persistence;

namespace PatientHub.PostalFallback.Workers;

/// <summary>
/// One pass over what is due. A crash at any step loses nothing and prints nothing twice:
/// <code>
///  1 take up batches that a crash left open          (as step 5)
///  2 lease what is due                               nothing decided: opening still wins
///  3 last look                                       Appointments, Letters
///  4 decide: Waiting → Printing, with the batch      one transaction, one conditional update: exactly one of opening and posting
///  5 print, check, look again, write the batch,      the batch's name comes from its id: written again, it is the same file. What was opened, moved, cancelled,
///    record its contents                             merged or forbidden since step 3 is left out and waits again, as things stand now
///  6 .ok, record: Printing → Posted, LetterPosted    repeated from the record, never printed again; the print house may have taken the files.
///                                                    Without .ok (the print house is down) for too long, or with a letter that must not go any more: taken back, as if never decided
/// </code>
/// </summary>
internal sealed partial class PostRun(
    IServiceScopeFactory scopes, DueDeadlines deadlines, DailyCap cap, LastLook lastLook, HeldBatches held, BatchPrint print, PrintedLook printedLook, HandOver handOver,
    PrintSpool spool, IPrintHouse house, DatabaseClock clock, TimeProvider time, IOptions<BatchOptions> options, IMeterFactory meters, ILogger<PostRun> logger)
{
    private readonly Counter<long> _stopped = meters.Create("PatientHub.PostalFallback").CreateCounter<long>("patienthub.batches.stopped", "{batch}", "Batches of which nothing went, because a print was another letter than it should be");

    /// <summary>Returns how many letters were handed over.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var settings = options.Value;
        var posted = 0;

        while (true)
        {
            // Step 1: each round, or a backlog would let what a killed worker has left wait for its end.
            while (await held.TakeUpAsync(cancellationToken) is { } left)
                posted += await CompleteAsync(left, cancellationToken);

            // Step 2
            var now = await clock.UtcNowAsync(cancellationToken);
            var dueBy = settings.AtOnce ? now : LastSafePosting.LatestCutOff(now);
            var due = await deadlines.LeaseAsync(dueBy, now, settings.Lease, settings.Size, cancellationToken);
            if (due.Count == 0)
                break;
            due = await cap.AdmitAsync(due, now, cancellationToken);

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

    private async Task<int> CompleteAsync(Batch batch, CancellationToken cancellationToken)
    {
        try
        {
            return await PrintAndHandOverAsync(batch, cancellationToken);
        }
        catch (Exception fault) when (fault is not BatchLostException)
        {
            // A full disk, a print house that does not answer: soon tried again, by whoever comes first.
            await held.LetGoAsync(batch.BatchId, options.Value.Rest);
            throw;
        }
    }

    private async Task<int> PrintAndHandOverAsync(Batch batch, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<Guid, Refusal> refused = new Dictionary<Guid, Refusal>();
        var stopped = false;
        var looksOld = await clock.UtcNowAsync(cancellationToken) - batch.CreatedAt > options.Value.LookAgainAfter
            || (batch.State == BatchState.Written && await printedLook.IsOvertakenAsync(batch, cancellationToken));
        if (looksOld && (batch.State == BatchState.Open || await house.TryRecallAsync(batch.Name, cancellationToken)))
        {
            // It never was the print house's: its letters wait again, and what happened to them meanwhile counts.
            Log.Recalled(logger, batch.BatchId);
            batch = await held.ChangeAsync(batch, recalled => recalled.Recall(), cancellationToken);
        }
        else if (batch.State == BatchState.Open)
        {
            // Step 5
            var items = await ItemsAsync(batch.BatchId, cancellationToken);
            var keeping = new KeptBatch(batch, held, time, options.Value.Lease);
            var printed = await print.PrintAsync(batch, items, keeping.KeepAsync, cancellationToken);
            batch = keeping.Batch;
            (refused, stopped) = (printed.Refused, printed.Stopped);
            if (stopped)
            {
                _stopped.Add(1);
                Log.Stopped(logger, batch.BatchId, items.Count);
            }
            else
            {
                var overtaken = await printedLook.OvertakenAsync(batch.BatchId, printed.Letters.ToDictionary(letter => letter.DeadlineId, letter => letter.Shown), cancellationToken);
                batch = await WriteAsync(batch, [.. printed.Letters.Where(letter => !overtaken.Contains(letter.DeadlineId))], cancellationToken);
            }
        }

        // Step 6
        if (batch.Letters > 0)
        {
            batch = await held.KeepAsync(batch, cancellationToken);
            await house.ReleaseAsync(batch.Name, cancellationToken);
        }

        var given = await handOver.RecordAsync(batch, refused, stopped, cancellationToken);
        if (batch.Letters == 0)
            spool.Delete(batch.Name); // what an earlier attempt may have written
        return given;
    }

    private async Task<Batch> WriteAsync(Batch batch, IReadOnlyList<PrintedEnvelope> letters, CancellationToken cancellationToken)
    {
        var lines = letters.Select(letter => letter.Line).ToList();
        var totals = ManifestTotals.Of(lines);
        if (letters.Count > 0)
        {
            batch = await held.KeepAsync(batch, cancellationToken);
            spool.Write(new Manifest(batch.BatchId, batch.Name, batch.CreatedAt, totals, lines), letters.ToDictionary(letter => letter.Line.FileName, letter => letter.Pdf));
        }

        return await held.ChangeAsync(batch, written => written.Write(letters.Select(letter => new BatchLetter(letter.Line.LetterId, letter.Line.LetterVersion, letter.Shown.AddressId, letter.Shown.PatientId)), totals.Pages, totals.Sheets), cancellationToken);
    }

    private async Task<List<Deadline>> ItemsAsync(Guid batchId, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<PostalDbContext>().Deadlines.AsNoTracking()
            .Where(deadline => deadline.BatchId == batchId && deadline.State == DeadlineState.Printing)
            .OrderBy(deadline => deadline.Start).ToListAsync(cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "{Count} letters go to print in batch {BatchId}")]
        public static partial void Decided(ILogger logger, int count, Guid batchId);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Batch {BatchId} could not be handed over for too long: taken back, its letters are looked at again")]
        public static partial void Recalled(ILogger logger, Guid batchId);

        [LoggerMessage(Level = LogLevel.Critical, Message = "Batch {BatchId} was stopped: a print was another letter than it should be. None of its {Count} letters was handed over")]
        public static partial void Stopped(ILogger logger, Guid batchId, int count);
    }
}
