using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace PatientHub.Messaging;

/// <summary>
/// Wakes this process's dispatcher after a commit that left outbox rows, so that a message leaves within milliseconds. Losing a wake-up costs at most the poll of
/// a second. PostgreSQL's NOTIFY was tried instead: it halves the commit rate.
/// </summary>
internal sealed class OutboxSignal : IDisposable
{
    private readonly ConditionalWeakTable<DbContext, object> _waiting = [];
    private readonly SemaphoreSlim _wake = new(0, 1);

    /// <summary>Rows were added to <paramref name="db"/> that its next commit will store.</summary>
    public void Expect(DbContext db) => _waiting.AddOrUpdate(db, this);

    public void Committed(DbContext? db)
    {
        if (db is not null && _waiting.Remove(db))
        {
            Set();
        }
    }

    public void Set()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // Awake already: that round will see the new rows as well.
        }
    }

    /// <returns>False when <paramref name="timeout"/> passed without a commit.</returns>
    public Task<bool> WaitAsync(TimeSpan timeout, CancellationToken ct) => _wake.WaitAsync(timeout, ct);

    public void Dispose() => _wake.Dispose();
}

/// <summary>Tells <see cref="OutboxSignal"/> of the real commit: that of the surrounding transaction, or of SaveChanges when there is none.</summary>
internal sealed class OutboxCommitInterceptor(OutboxSignal signal) : ISaveChangesInterceptor, IDbTransactionInterceptor
{
    public int SavedChanges(SaveChangesCompletedEventData eventData, int result)
    {
        Saved(eventData.Context);
        return result;
    }

    public ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        Saved(eventData.Context);
        return ValueTask.FromResult(result);
    }

    public void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => signal.Committed(eventData.Context);

    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        signal.Committed(eventData.Context);
        return Task.CompletedTask;
    }

    private void Saved(DbContext? db)
    {
        if (db?.Database.CurrentTransaction is null)
        {
            signal.Committed(db);
        }
    }
}
