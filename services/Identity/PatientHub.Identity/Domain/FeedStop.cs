namespace PatientHub.Identity.Domain;

/// <summary>A34: a source system whose changes of contacts are refused, because it changed unusually many. It goes when a supervisor lets them in.</summary>
public sealed class FeedStop
{
    public required string SourceSystem { get; init; }
    public required DateTimeOffset StoppedAt { get; init; }
    /// <summary>Changed records within the hour before.</summary>
    public required int Changes { get; init; }
    public required Guid TaskId { get; init; }
}

/// <summary>A34: how many known records one source gave other contacts, by minute.</summary>
public sealed class ContactChanges
{
    public required string SourceSystem { get; init; }
    public required DateTimeOffset Minute { get; init; }
    public int Count { get; init; }
}
