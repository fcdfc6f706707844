using System.Text.Json.Serialization;

namespace PatientHub.Appointments.Contracts.Http;

/// <summary>
/// The nightly count asks what another service knows: <c>POST /internal/appointments/known</c> of Letters, Notifications and PostalFallback, scope <c>standing.read</c>, at most 500 ids. Appointments owns
/// question and answer; unknown ids are left out of the answer (a list of <see cref="KnownAppointment"/>).
/// </summary>
public sealed record KnownAppointmentsQuery
{
    /// <summary>Appointments to look at.</summary>
    public required IReadOnlyList<Guid> AppointmentIds { get; init; }
}

/// <summary>What a service knows of one appointment, and how its part in telling the patient stands.</summary>
public sealed record KnownAppointment
{
    /// <summary>The appointment.</summary>
    public required Guid AppointmentId { get; init; }
    /// <summary>Newest version that it has heard of. Letters hears only of bookings, changes and ends.</summary>
    public required int Version { get; init; }
    /// <summary>Newest revision that it has heard of (A15).</summary>
    public required int Revision { get; init; }
    /// <summary>What the PAS says, as it has heard.</summary>
    public required PasStatus PasStatus { get; init; }
    /// <summary>How far it has come with that revision; Letters says nothing here.</summary>
    public TellingProgress Telling { get; init; }
}

/// <summary>How far a service has come with telling a patient of one revision. When it has several things to say, the last in this order counts.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TellingProgress>))]
public enum TellingProgress
{
    /// <summary>It does nothing about it.</summary>
    None,
    /// <summary>It will, and its time has not come.</summary>
    Waiting,
    /// <summary>It is late, and nobody was alarmed.</summary>
    Late,
    /// <summary>Nothing may be sent to this patient (A24).</summary>
    Stopped,
    /// <summary>People were told to do it.</summary>
    WithPeople,
    /// <summary>A provider has taken the invitation.</summary>
    Invited,
    /// <summary>The patient has opened the letter.</summary>
    Opened,
    /// <summary>The letter was handed to the print house.</summary>
    Posted,
}
