namespace PatientHub.Identity.Contracts.Http;

/// <summary>Body of <c>PUT /api/patients/{patientId}/codes-by-email</c> (scope <c>trust.admin</c>): sign-in codes go by email although a mobile is on record (R14). 204, or 404.</summary>
public sealed record CodesByEmail
{
    /// <summary>True for email; false for R14's usual rule.</summary>
    public required bool Enabled { get; init; }
}

/// <summary>One line of <c>GET /api/intake-warnings</c> (scope <c>trust.admin</c>): a part of a current record that could not be used. Never a value of the record.</summary>
public sealed record IntakeWarningLine
{
    /// <summary>The patient.</summary>
    public required Guid PatientId { get; init; }
    /// <summary>FHIR path of the element.</summary>
    public required string Element { get; init; }
    /// <summary>What is wrong with it and what the hub does about it.</summary>
    public required string Text { get; init; }
    /// <summary>When the record arrived (UTC).</summary>
    public required DateTimeOffset ReceivedAt { get; init; }
}
