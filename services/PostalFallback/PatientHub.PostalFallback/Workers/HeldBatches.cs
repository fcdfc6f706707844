using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using PatientHub.Messaging;
using PatientHub.PostalFallback.Domain;
using PatientHub.PostalFallback.Persistence;

namespace PatientHub.PostalFallback.Workers;

/// <summary>Another worker has taken the batch up: whatever this one still had in mind for it must not happen.</summary>
internal sealed class BatchLostException(Guid batchId) : Exception($"Batch {batchId} was taken up by another worker.");

/// <summary>
/// Who works at a batch. The lease's end is also its token: each change of the batch holds only while the row still has the end that this worker wrote, so that one who
/// was slow (a stuck Chromium, a full disk) and was given up can write nothing over what the next one did.
/// </summary>
internal sealed class HeldBatches(IServiceScopeFactory scopes, DatabaseClock clock, IOptions<BatchOptions> options)
{
    /// <summary>Takes up a batch that nobody works at: what a crash left.</summary>
    public async Task<Batch?> TakeUpAsync(CancellationToken cancellationToken)
    {
        var now = await clock.UtcNowAsync(cancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        var rows = await scope.ServiceProvider.GetRequiredService<PostalDbContext>().Batches.FromSql($"""
            update batch set lease_until = {now + options.Value.Lease}
            where batch_id = (select batch_id from batch where state in ('Open', 'Written') and (lease_until is null or lease_until <= {now}) limit 1 for update skip locked)
            returning *
            """).AsNoTracking().ToListAsync(cancellationToken);
        return rows.SingleOrDefault();
    }

    /// <summary>Holds it for longer; throws <see cref="BatchLostException"/> when it is not ours any more.</summary>
    public async Task<Batch> KeepAsync(Batch held, CancellationToken cancellationToken)
    {
        var until = await clock.UtcNowAsync(cancellationToken) + options.Value.Lease;
        return await ChangeAsync(held, batch => batch.LeaseUntil = until, cancellationToken);
    }

    /// <summary>Changes it in a transaction of its own.</summary>
    public async Task<Batch> ChangeAsync(Batch held, Action<Batch> change, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PostalDbContext>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var batch = await LockAsync(db, held, cancellationToken);
        change(batch);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return batch;
    }

    /// <summary>Gives it up, to be taken up soon. Best effort: the lease ends by itself, too.</summary>
    public async Task LetGoAsync(Guid batchId, TimeSpan rest)
    {
        try
        {
            var until = await clock.UtcNowAsync(CancellationToken.None) + rest;
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<PostalDbContext>().Database.ExecuteSqlAsync($"update batch set lease_until = {until} where batch_id = {batchId} and state in ('Open', 'Written') and lease_until > {until}");
        }
        catch (NpgsqlException)
        {
            // The database is what went away.
        }
    }

    /// <summary>The row, locked until the caller's transaction ends.</summary>
    public static async Task<Batch> LockAsync(PostalDbContext db, Batch held, CancellationToken cancellationToken) =>
        (await db.Batches.FromSql($"select * from batch where batch_id = {held.BatchId} and lease_until = {held.LeaseUntil} for update").ToListAsync(cancellationToken)).SingleOrDefault()
            ?? throw new BatchLostException(held.BatchId);
}

/// <summary>One batch while its letters are being printed, by several at once: held again whenever half of its lease is over.</summary>
internal sealed class KeptBatch(Batch batch, HeldBatches held, TimeProvider time, TimeSpan lease)
{
    private readonly SemaphoreSlim _one = new(1, 1);
    private long _since = time.GetTimestamp();

    public Batch Batch { get; private set; } = batch;

    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(Interlocked.Read(ref _since)) < lease / 2)
            return;
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (time.GetElapsedTime(Interlocked.Read(ref _since)) < lease / 2)
                return;
            Batch = await held.KeepAsync(Batch, cancellationToken);
            Interlocked.Exchange(ref _since, time.GetTimestamp());
        }
        finally
        {
            _one.Release();
        }
    }
}
