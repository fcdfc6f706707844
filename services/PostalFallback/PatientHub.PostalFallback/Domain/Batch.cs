namespace PatientHub.PostalFallback.Domain;

/// <summary>How far a batch has come. Stored as its name.</summary>
public enum BatchState
{
    /// <summary>Decided; to be written. A crash leaves it here, and it is taken up again.</summary>
    Open,
    /// <summary>In the print house's spool, whole.</summary>
    HandedOver,
    /// <summary>Nothing in it could be printed.</summary>
    Empty,
}

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

    public static Batch Open(DateTimeOffset now, DateTimeOffset leaseUntil)
    {
        var id = Guid.CreateVersion7();
        return new Batch { BatchId = id, Name = $"{now.UtcDateTime:yyyyMMdd-HHmmss}-{id.ToString("N")[^8..]}", CreatedAt = now, LeaseUntil = leaseUntil };
    }

    public void Close(int letters, int pages, int sheets) =>
        (State, Letters, Pages, Sheets, LeaseUntil) = (letters == 0 ? BatchState.Empty : BatchState.HandedOver, letters, pages, sheets, null);
}
