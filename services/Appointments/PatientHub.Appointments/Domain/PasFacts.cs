using PatientHub.Appointments.Contracts;

namespace PatientHub.Appointments.Domain;

/// <summary>
/// What we take of an Appointment of the PAS. Reason, comment and description are not here: what is never stored can never reach a message or a calendar (A25).
/// </summary>
public sealed record PasFacts
{
    public required DateTimeOffset SourceVersion { get; init; }
    public required Guid PatientId { get; init; }
    public required Guid ClinicId { get; init; }
    public Guid? SiteId { get; init; }
    public required PasStatus Status { get; init; }

    /// <summary>FHIR lets only proposed and cancelled appointments be without one; then the known start stays.</summary>
    public DateTimeOffset? Start { get; init; }

    public DateTimeOffset? End { get; init; }
    public required AppointmentMedium Medium { get; init; }
    public string? Preparation { get; init; }

    /// <summary>"Not to parents" (A31).</summary>
    public bool NotToParents { get; init; }

    /// <summary>When it was booked in the PAS; null when the PAS does not say.</summary>
    public DateTimeOffset? Booked { get; init; }
}

/// <summary>What taking a resource did to an appointment, and so which event it needs.</summary>
public abstract record PasChange
{
    /// <summary>The same resource again: nothing happens and nothing is published.</summary>
    public sealed record None : PasChange;

    /// <summary>Stored, but of no interest to anyone else: not booked yet, or over before we heard of it.</summary>
    public sealed record Silent : PasChange;

    public sealed record Booked : PasChange;

    public sealed record Changed(bool RevisionRaised, DateTimeOffset? PreviousStart) : PasChange;

    public sealed record Cancelled(bool AskedByPatient) : PasChange;

    public sealed record Completed : PasChange;
}
