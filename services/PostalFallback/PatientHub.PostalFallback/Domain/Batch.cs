namespace PatientHub.PostalFallback.Domain;

/// <summary>How far a batch has come. Stored as its name.</summary>
public enum BatchState
{
    /// <summary>Decided; to be written. A crash leaves it here, and it is taken up again.</summary>
    Open,
    /// <summary>Lies in the spool whole, under its own name, but the print house may not take it yet: what is in it is known from here on, whatever becomes of the files.</summary>
    Written,
    /// <summary>The print house may take it.</summary>
    HandedOver,
    /// <summary>Nothing in it could be printed.</summary>
    Empty,
    /// <summary>A print was another letter than it should be: nothing of it was handed over.</summary>
    Stopped,
}

/// <summary>A letter that lies in a written batch.</summary>
/// <param name="LetterId">The letter.</param>
/// <param name="LetterVersion">The version that was printed.</param>
/// <param name="AddressId">Identity's name for the address that stands on it.</param>
/// <param name="PatientId">Whose it was when it was printed (A30).</param>
public sealed record BatchLetter(Guid LetterId, int LetterVersion, Guid? AddressId = null, Guid? PatientId = null);

/// <summary>Letters handed over together. Its name in the spool comes from its id alone, so that writing it again after a crash gives the same file.</summary>
public sealed class Batch
{
    public Guid BatchId { get; private init; } = Guid.CreateVersion7();
    public required string Name { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public BatchState State { get; private set; } = BatchState.Open;
    public DateTimeOffset? LeaseUntil { get; set; }
    public int Letters { get; private set; }
    public int Pages { get; private set; }
    public int Sheets { get; private set; }

    public DateTimeOffset? HandedOverAt { get; private set; }

    /// <summary>When the print house had answered for every letter of it; its files are gone from then on.</summary>
    public DateTimeOffset? ReconciledAt { get; set; }

    /// <summary>When people were told that the print house does not answer (A29).</summary>
    public DateTimeOffset? AlarmedAt { get; set; }

    /// <summary>What lies in the spool; null until it was written.</summary>
    public List<BatchLetter>? Contents { get; private set; }

    public static Batch Open(DateTimeOffset now, DateTimeOffset leaseUntil)
    {
        var id = Guid.CreateVersion7();
        return new Batch { BatchId = id, Name = $"{now.UtcDateTime:yyyyMMdd-HHmmss}-{id.ToString("N")[^8..]}", CreatedAt = now, LeaseUntil = leaseUntil };
    }

    public void Write(IEnumerable<BatchLetter> contents, int pages, int sheets)
    {
        Contents = [.. contents];
        (State, Letters, Pages, Sheets) = (BatchState.Written, Contents.Count, pages, sheets);
    }

    /// <summary>Taken back before the print house had it: nothing is in it any more.</summary>
    public void Recall() => Write([], 0, 0);

    /// <param name="at">When.</param>
    /// <param name="stopped">Nothing of it may go. Its right letters wait and are printed again, each read back again.</param>
    public void Close(DateTimeOffset at, bool stopped)
    {
        (State, LeaseUntil) = (stopped ? BatchState.Stopped : Letters == 0 ? BatchState.Empty : BatchState.HandedOver, null);
        if (State == BatchState.HandedOver)
            HandedOverAt = at;
    }
}
