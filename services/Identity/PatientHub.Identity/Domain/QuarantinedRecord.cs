namespace PatientHub.Identity.Domain;

/// <summary>A30: a Patient that was taken but not applied, until a person has decided. One open row per patient: the newest.</summary>
public sealed class QuarantinedRecord
{
    public required Guid PatientId { get; init; }
    /// <summary>One of <see cref="QuarantineRule"/>'s reasons.</summary>
    public required string Reason { get; set; }
    /// <summary>A34's version of the resource.</summary>
    public required DateTimeOffset RecordVersion { get; set; }
    public required DateTimeOffset ReceivedAt { get; set; }
    /// <summary>The task that asks for a decision; the same for the same content.</summary>
    public required Guid TaskId { get; set; }
    /// <summary>The details as JSON, to be applied if a person says so.</summary>
    public required string Details { get; set; }
}
