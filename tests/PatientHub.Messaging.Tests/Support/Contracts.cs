namespace PatientHub.Messaging.Tests.Contracts;

public sealed record NoteTaken
{
    public required Guid NoteId { get; init; }

    public int Number { get; init; }

    public NoteKind Kind { get; init; }
}

public enum NoteKind
{
    Plain,
    Urgent,
}

/// <summary>Carries the whole public state of its aggregate, as every appointment event does.</summary>
public sealed record DeskChanged
{
    public required Guid DeskId { get; init; }

    public required int Version { get; init; }

    public required string State { get; init; }
}

public sealed record NoteFiled
{
    public required Guid NoteId { get; init; }
}

public sealed record NobodyListens
{
    public required Guid Id { get; init; }
}
