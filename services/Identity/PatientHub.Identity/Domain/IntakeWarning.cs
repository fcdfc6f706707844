namespace PatientHub.Identity.Domain;

/// <summary>What of the current record could not be used, for operations; replaced whole with every message of the feed. Never holds a value of the resource.</summary>
public sealed class IntakeWarning
{
    public required Guid PatientId { get; init; }
    public required int Number { get; init; }
    public required string Element { get; init; }
    public required string Text { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
}
