using PatientHub.Notifications.Contracts;

namespace PatientHub.Notifications.Domain;

/// <summary>What a journey tells the patient. Invitations with their reminders and appointment reminders are different kinds (A2).</summary>
public enum JourneyKind
{
    /// <summary>R2, R6: "there is a letter for you", step 0, and its two reminders, steps 1 and 2.</summary>
    Invitation,

    /// <summary>A2: so many days before the appointment; the step is the number of days.</summary>
    AppointmentReminder,

    /// <summary>A23: the hospital moved the appointment.</summary>
    Moved,

    /// <summary>A23: the hospital cancelled the appointment.</summary>
    Cancelled,

    /// <summary>A9: nobody answered the booking centre's calls; the appointment stays booked.</summary>
    NotReached,

    /// <summary>The letter went out by post.</summary>
    Posted,

    /// <summary>A31: at 16 the contacts on record stop. One may be a parent's and the other the young person's, so each is told, once: step 0 by text, step 1 by email.</summary>
    ContactsEnd,
}

/// <summary>Where a step stands. Only <see cref="Open"/> rows are in the index of due work.</summary>
public enum StepState
{
    /// <summary>Waits for its time, or for another try.</summary>
    Open,

    /// <summary>An attempt is under way; its outcome decides.</summary>
    Sending,

    /// <summary>A provider has taken it.</summary>
    Sent,

    /// <summary>Not wanted any more; <see cref="JourneyStep.Reason"/> says why.</summary>
    Stopped,

    /// <summary>Its time is over.</summary>
    Lapsed,

    /// <summary>No channel was left.</summary>
    Undeliverable,
}

/// <summary>One message that is due to a patient: a step of the journey of a letter's version or of an appointment's revision.</summary>
public sealed class JourneyStep
{
    public required Guid Id { get; init; }
    public required JourneyKind Kind { get; init; }
    public required int Step { get; init; }
    public required Guid PatientId { get; set; }

    /// <summary>The letter or the appointment; with <see cref="SubjectVersion"/>, kind and step it is unique, so no event can start a journey twice.</summary>
    public required Guid SubjectId { get; init; }
    public required int SubjectVersion { get; init; }
    public Guid? LetterId { get; init; }
    public int? LetterVersion { get; init; }
    public Guid? AppointmentId { get; init; }
    public int? Revision { get; init; }

    /// <summary>The promise (database time).</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>When the sweep looks at it next: the promise, or the end of a wait.</summary>
    public required DateTimeOffset NextAt { get; set; }

    /// <summary>A sweep has it until then. In no index, so that a claim rewrites none.</summary>
    public DateTimeOffset? ClaimedUntil { get; private set; }

    /// <summary>It was decided to wait until then (quiet hours, digest): no delay that alarms anybody (A29).</summary>
    public DateTimeOffset? HeldUntil { get; private set; }

    /// <summary>After this it is not sent any more; null: never too late.</summary>
    public DateTimeOffset? LapsesAt { get; init; }

    /// <summary>Invitations: when the letter goes at the latest (booking + 96 h; without an appointment: ready + 96 h). No reminder after it.</summary>
    public DateTimeOffset? LetterBy { get; init; }

    public StepState State { get; private set; } = StepState.Open;
    public string? Reason { get; private set; }

    /// <summary>The provider's first acceptance; of step 0 of an invitation it is T0 (A1).</summary>
    public DateTimeOffset? AcceptedAt { get; private set; }

    /// <summary>Moved: the start before, when the time moved.</summary>
    public DateTimeOffset? PreviousStart { get; init; }

    /// <summary>Cancelled: the patient had asked for it.</summary>
    public bool AskedByPatient { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>A23: a move or a cancellation.</summary>
    public bool IsHospitalNews => Kind is JourneyKind.Moved or JourneyKind.Cancelled;

    /// <summary>Channels on which it does not go: where it has failed, and all but its own if it has one.</summary>
    public IReadOnlyCollection<Channel> ClosedChannels(IReadOnlyCollection<Channel> failed) =>
        Kind == JourneyKind.ContactsEnd ? [.. failed, Step == 0 ? Channel.Email : Channel.Sms] : failed;

    public void BeginSending() => State = StepState.Sending;

    /// <summary>Another try: the provider did not take it, or the channel failed.</summary>
    public void TryAgain(DateTimeOffset at)
    {
        if (State is StepState.Stopped or StepState.Lapsed or StepState.Undeliverable) return;
        State = StepState.Open;
        NextAt = at;
        ClaimedUntil = null;
    }

    /// <summary>It waits because that was decided.</summary>
    public void Hold(DateTimeOffset until)
    {
        TryAgain(until);
        HeldUntil = until;
    }

    /// <summary>True when this is the first acceptance of the step.</summary>
    public bool Accept(DateTimeOffset at)
    {
        if (State is StepState.Open or StepState.Sending) State = StepState.Sent;
        if (AcceptedAt is not null) return false;
        AcceptedAt = at;
        return true;
    }

    public void Close(StepState state, string reason)
    {
        State = state;
        Reason = reason;
    }
}
