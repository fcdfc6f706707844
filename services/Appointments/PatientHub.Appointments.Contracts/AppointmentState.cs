using System.Text.Json.Serialization;

namespace PatientHub.Appointments.Contracts;

/// <summary>What the hospital's system (PAS) says of an appointment (A8). FHIR R4 <c>Appointment.status</c>, reduced to what a portal may show.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PasStatus>))]
public enum PasStatus
{
    /// <summary>Confirmed to go ahead.</summary>
    Booked,
    /// <summary>The patient attended (FHIR arrived, checked-in or fulfilled).</summary>
    Fulfilled,
    /// <summary>Cancelled by the hospital, or by the hospital at the patient's request.</summary>
    Cancelled,
    /// <summary>The patient did not attend.</summary>
    NoShow,
    /// <summary>Entered in error: never shown, never acted upon.</summary>
    EnteredInError,
    /// <summary>Not booked yet (FHIR proposed, pending, waitlist): never shown, and never in an event.</summary>
    Proposed,
}

/// <summary>What the patient asked for (A8). It never changes <see cref="PasStatus"/>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PatientRequest>))]
public enum PatientRequest
{
    /// <summary>No answer yet, or the answer was withdrawn.</summary>
    None,
    /// <summary>Accepted (R19, A21).</summary>
    Accepted,
    /// <summary>Asked for another time; open until the booking centre closes it (R22).</summary>
    RebookRequested,
    /// <summary>Asked to cancel; open until the hospital has confirmed it (R23).</summary>
    CancellationRequested,
}

/// <summary>How the appointment takes place.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AppointmentMedium>))]
public enum AppointmentMedium
{
    /// <summary>At the hospital.</summary>
    FaceToFace,
    /// <summary>By telephone: the hospital rings the patient.</summary>
    Telephone,
    /// <summary>By video.</summary>
    Video,
}

/// <summary>How much of a clinic is on the hub (R1).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ClinicMode>))]
public enum ClinicMode
{
    /// <summary>Shown; accept, rebook and cancel.</summary>
    Full,
    /// <summary>Shown; accept only, changes by telephone.</summary>
    AcceptOnly,
    /// <summary>Shown without actions, with the telephone number.</summary>
    ViewOnly,
    /// <summary>Never shown.</summary>
    Hidden,
}

/// <summary>Who makes the appointment's letter.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LetterSource>))]
public enum LetterSource
{
    /// <summary>Letters makes it from the clinic's template.</summary>
    Template,
    /// <summary>The PAS delivers it as a DocumentReference.</summary>
    Pas,
}

/// <summary>
/// The whole public state of an appointment. Every appointment event carries it, so that any later event replaces a missed or overtaken one:
/// a consumer upserts by <see cref="AppointmentId"/> and ignores a <see cref="Version"/> that is not newer than its own.
/// </summary>
public sealed record AppointmentState
{
    /// <summary>Derived from source system and source id (RFC 9562 version 8).</summary>
    public required Guid AppointmentId { get; init; }

    /// <summary>The patient; may still be unknown to Identity (A34).</summary>
    public required Guid PatientId { get; init; }

    /// <summary>The clinic (FHIR HealthcareService).</summary>
    public required Guid ClinicId { get; init; }

    /// <summary>The site (FHIR Location); null for telephone and video appointments without one.</summary>
    public Guid? SiteId { get; init; }

    /// <summary>Name of the system that booked it, as the integrators know it.</summary>
    public required string SourceSystem { get; init; }

    /// <summary>The appointment's logical id in that system.</summary>
    public required string SourceId { get; init; }

    /// <summary>What the PAS says.</summary>
    public required PasStatus PasStatus { get; init; }

    /// <summary>What the patient asked for.</summary>
    public required PatientRequest PatientRequest { get; init; }

    /// <summary>True while the patient's rebook or cancel request waits for the booking centre; an open request holds the post (A3).</summary>
    public required bool RequestOpen { get; init; }

    /// <summary>True when the patient has answered this revision, also when the answer was withdrawn or its request closed as "kept" since: no invitation reminder after an answer (A28).</summary>
    public bool Answered { get; init; }

    /// <summary>Start, UTC.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>How it takes place.</summary>
    public required AppointmentMedium Medium { get; init; }

    /// <summary>The clinic's mode when the event was written.</summary>
    public required ClinicMode ClinicMode { get; init; }

    /// <summary>
    /// True when R1 lets this appointment invite: booked, in the future, clinic Full or AcceptOnly, booked after the mode's start instant. Once true it stays for its revision,
    /// whatever becomes of the clinic's mode, unless the appointment must not be told through the parents any more (A31): then its letter must not be posted either.
    /// </summary>
    public required bool Invites { get; init; }

    /// <summary>Who makes the letter.</summary>
    public required LetterSource LetterSource { get; init; }

    /// <summary>Days of notice the clinic requires between the letter's arrival and the appointment; 0 or more (A22).</summary>
    public required int PostalNoticeDays { get; init; }

    /// <summary>When the current revision was taken in (UTC, database time): "booking" in "booking + 96 h".</summary>
    public required DateTimeOffset BookedAt { get; init; }

    /// <summary>Rises with every change of the aggregate; first is 1.</summary>
    public required int Version { get; init; }

    /// <summary>Rises only with a new start, place, medium, clinic or preparation (A15); first is 0. Equals the letter's and the calendar's SEQUENCE.</summary>
    public required int Revision { get; init; }
}
