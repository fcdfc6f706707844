using PatientHub.Appointments.Contracts;
using PatientHub.Notifications.Contracts;

namespace PatientHub.Notifications.Domain;

/// <summary>What this service knows of an appointment from its events: the newest version it has seen.</summary>
public sealed class AppointmentCopy
{
    public required Guid AppointmentId { get; init; }
    public required Guid PatientId { get; init; }
    public required int Version { get; init; }
    public required int Revision { get; init; }
    public required PasStatus PasStatus { get; init; }
    public required PatientRequest PatientRequest { get; init; }
    public required bool RequestOpen { get; init; }
    public required bool Answered { get; init; }
    public required DateTimeOffset Start { get; init; }
    public required ClinicMode ClinicMode { get; init; }
    public required bool Invites { get; init; }
    public required DateTimeOffset BookedAt { get; init; }
}

/// <summary>What this service knows of a letter from its events. Each number only rises, so the order of the events does not matter.</summary>
public sealed class LetterCopy
{
    public required Guid LetterId { get; init; }
    public required Guid PatientId { get; init; }
    public Guid? AppointmentId { get; init; }
    public int? Revision { get; init; }

    /// <summary>Newest version that is ready; 0 before the first.</summary>
    public required int ReadyVersion { get; init; }
    public required bool Ladder { get; init; }

    /// <summary>Newest version that ended (replaced, withdrawn); 0: none.</summary>
    public required int EndedVersion { get; init; }
    public required int OpenedVersion { get; init; }
    public required int PostedVersion { get; init; }
    public DateTimeOffset? ReadyAt { get; init; }
}

/// <summary>Identity's flags of a patient: no name, no contact.</summary>
public sealed class PatientFlags
{
    public required Guid PatientId { get; init; }
    public required int Version { get; init; }
    public required bool HasMobile { get; init; }
    public required bool HasEmail { get; init; }
    public required bool LettersOnly { get; init; }
    public required bool Deceased { get; init; }
    public required bool Restricted { get; init; }
    public required bool Active { get; init; }
}

/// <summary>R28, R30, A17.</summary>
public sealed class PatientPreferences
{
    public required Guid PatientId { get; init; }
    public Channel? PreferredChannel { get; set; }
    public bool AlsoPost { get; set; }
    public bool OptedOut { get; set; }
    public required DateTimeOffset ChangedAt { get; set; }
}

/// <summary>One report of a provider; the key drops repeats.</summary>
public sealed class ProviderReport
{
    /// <summary>SendGrid's event id; for Twilio the attempt with its state, since Twilio numbers nothing.</summary>
    public required string EventId { get; init; }
    public required Guid AttemptId { get; init; }
    public required string Status { get; init; }
    public string? ErrorCode { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
}
