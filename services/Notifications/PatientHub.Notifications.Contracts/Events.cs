using System.Text.Json.Serialization;

namespace PatientHub.Notifications.Contracts;

/// <summary>Channel of a message.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Channel>))]
public enum Channel
{
    /// <summary>Text message.</summary>
    Sms,
    /// <summary>Email.</summary>
    Email,
}

/// <summary>The invitation to a letter was accepted by the provider for the first time: T0 of the ladder (A1, A2). Public name <c>uk.nhs.patienthub.invitation.sent.v1</c>.</summary>
public sealed record InvitationSent
{
    /// <summary>The letter.</summary>
    public required Guid LetterId { get; init; }
    /// <summary>The letter's version.</summary>
    public required int LetterVersion { get; init; }
    /// <summary>The patient.</summary>
    public required Guid PatientId { get; init; }
    /// <summary>The appointment, if any.</summary>
    public Guid? AppointmentId { get; init; }
    /// <summary>The appointment's revision, if any.</summary>
    public int? Revision { get; init; }
    /// <summary>T0 (UTC, database time).</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>A provider reports a message as delivered. Public name <c>uk.nhs.patienthub.notification.delivered.v1</c>.</summary>
public sealed record NotificationDelivered
{
    /// <summary>The message.</summary>
    public required Guid MessageId { get; init; }
    /// <summary>The patient.</summary>
    public required Guid PatientId { get; init; }
    /// <summary>The channel.</summary>
    public required Channel Channel { get; init; }
    /// <summary>When (UTC).</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>A message that the hospital cancelled the appointment was delivered (A23): the letter that says the same is not posted. Public name <c>uk.nhs.patienthub.cancellation.told.v1</c>.</summary>
public sealed record CancellationTold
{
    /// <summary>The patient.</summary>
    public required Guid PatientId { get; init; }
    /// <summary>The appointment.</summary>
    public required Guid AppointmentId { get; init; }
    /// <summary>The appointment's revision that was cancelled.</summary>
    public required int Revision { get; init; }
    /// <summary>When the provider reported it as delivered (UTC, database time).</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>
/// A channel has permanently failed for a patient. When <see cref="AllChannelsFailed"/>, post at once (A18). Identity marks the contact as failed (R14).
/// Public name <c>uk.nhs.patienthub.notification.undeliverable.v1</c>.
/// </summary>
public sealed record NotificationUndeliverable
{
    /// <summary>The patient.</summary>
    public required Guid PatientId { get; init; }
    /// <summary>The channel that failed; null when there was none to try.</summary>
    public Channel? Channel { get; init; }
    /// <summary>True when the contact itself is dead (landline, unknown number, hard bounce, STOP), not just this message.</summary>
    public required bool ContactFailed { get; init; }
    /// <summary>True when no channel is left for this patient.</summary>
    public required bool AllChannelsFailed { get; init; }
    /// <summary>The letter it was about, if any.</summary>
    public Guid? LetterId { get; init; }
    /// <summary>The appointment it was about, if any.</summary>
    public Guid? AppointmentId { get; init; }
    /// <summary>The appointment's revision, if any.</summary>
    public int? Revision { get; init; }
    /// <summary>When the message that failed was on its way (UTC); a contact that came later is another one. Null: not known, as <see cref="OccurredAt"/>.</summary>
    public DateTimeOffset? SentAt { get; init; }
    /// <summary>When (UTC).</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>The patient opted out (R30): pending letters go now (A17). Public name <c>uk.nhs.patienthub.patient.opted-out.v1</c>.</summary>
public sealed record PatientOptedOut
{
    /// <summary>The patient.</summary>
    public required Guid PatientId { get; init; }
    /// <summary>When (UTC).</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>The patient opted in again (R30). Public name <c>uk.nhs.patienthub.patient.opted-in.v1</c>.</summary>
public sealed record PatientOptedIn
{
    /// <summary>The patient.</summary>
    public required Guid PatientId { get; init; }
    /// <summary>When (UTC).</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>Preferences changed (R28, A17). Public name <c>uk.nhs.patienthub.preferences.changed.v1</c>.</summary>
public sealed record PreferencesChanged
{
    /// <summary>The patient.</summary>
    public required Guid PatientId { get; init; }
    /// <summary>Preferred channel; null for the default (text, else email).</summary>
    public Channel? PreferredChannel { get; init; }
    /// <summary>Every letter also by post (A17).</summary>
    public required bool AlsoPost { get; init; }
    /// <summary>When (UTC).</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>
/// Command, consumed by Notifications on an endpoint of its own: collect the code with this id from Identity and send it, unless it is dead.
/// Carries neither code nor destination. Public name <c>uk.nhs.patienthub.sign-in-code.send.v1</c>.
/// </summary>
public sealed record SendSignInCode
{
    /// <summary>Id to collect by.</summary>
    public required Guid CodeId { get; init; }
    /// <summary>When the code dies (UTC); a later command is dropped.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
