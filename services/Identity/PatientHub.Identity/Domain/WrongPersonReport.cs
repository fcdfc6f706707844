namespace PatientHub.Identity.Domain;

/// <summary>"Not for me" as it came in (A32). Kept until it was looked at, a second later, so that the answer tells nothing about who is on record (A19).</summary>
public sealed class WrongPersonReport
{
    public Guid ReportId { get; init; } = Guid.CreateVersion7();
    public ContactKind? Kind { get; init; }
    public string? Value { get; init; }
    public string? LinkToken { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
}
