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

/// <summary>One line of <c>GET /api/quarantine</c> (scope <c>trust.admin</c>): a record that was taken and not applied (A30).</summary>
public sealed record QuarantinedPatient
{
    /// <summary>The patient under whose PAS id it came.</summary>
    public required Guid PatientId { get; init; }
    /// <summary><c>new-nhs-number</c> or <c>new-surname-and-birth-date</c>.</summary>
    public required string Reason { get; init; }
    /// <summary>The task that asks for the decision.</summary>
    public required Guid TaskId { get; init; }
    /// <summary>When it arrived (UTC).</summary>
    public required DateTimeOffset ReceivedAt { get; init; }
}

/// <summary>Body of <c>POST /api/quarantine/{patientId}/decision</c> (scope <c>trust.admin</c>): 204, or 404 when nothing waits.</summary>
public sealed record QuarantineDecision
{
    /// <summary>True: it is the same person, apply what the PAS sent. False: throw it away.</summary>
    public required bool Apply { get; init; }
    /// <summary>The task that was looked at; 409 when the PAS has sent something else meanwhile.</summary>
    public required Guid TaskId { get; init; }
}
