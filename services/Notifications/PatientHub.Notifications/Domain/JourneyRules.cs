using PatientHub.Appointments.Contracts;

namespace PatientHub.Notifications.Domain;

/// <summary>What is known about a step's letter, appointment and patient: from events (early stop) or from their owners just before sending (last look). Null: not known.</summary>
public sealed record StepFacts
{
    /// <summary>The step's version of the letter is not current any more.</summary>
    public bool LetterEnded { get; init; }
    public bool LetterOpened { get; init; }
    public bool LetterPosted { get; init; }
    public int? Revision { get; init; }
    public PasStatus? PasStatus { get; init; }
    public PatientRequest? PatientRequest { get; init; }

    /// <summary>The patient has answered the step's revision, whatever became of the answer.</summary>
    public bool Answered { get; init; }
    public DateTimeOffset? Start { get; init; }
    public ClinicMode? ClinicMode { get; init; }
    public bool? MaySend { get; init; }
    public bool LettersOnly { get; init; }
    public bool OptedOut { get; init; }
}

/// <summary>Why a step ended without a message. Stored, counted, never shown.</summary>
public static class StopReasons
{
    public const string MayNotSend = "may-not-send";
    public const string OptedOut = "opted-out";
    public const string LettersOnly = "letters-only";
    public const string Hidden = "hidden";
    public const string Superseded = "superseded";
    public const string Opened = "opened";
    public const string Posted = "posted";
    public const string NotBooked = "not-booked";
    public const string Answered = "answered";
    public const string Started = "started";
    public const string TooLate = "too-late";
    public const string NoChannel = "no-channel";
    public const string FailedForNow = "failed-for-now";
}

/// <summary>When a step is not wanted any more. The same rules judge events and the last look, so the two cannot disagree.</summary>
public static class JourneyRules
{
    /// <summary>The reason to stop, or null to go on.</summary>
    public static string? StopReason(JourneyStep step, StepFacts facts, DateTimeOffset now)
    {
        if (facts.MaySend == false) return StopReasons.MayNotSend; // A24
        if (facts.OptedOut) return StopReasons.OptedOut; // R30
        if (facts.LettersOnly) return StopReasons.LettersOnly; // R9
        if (facts.ClinicMode == ClinicMode.Hidden) return StopReasons.Hidden; // R1
        if (facts.Revision > step.Revision) return StopReasons.Superseded; // A15: an answer or a change of an older revision never touches a newer one, nor the other way round
        if (step.Kind == JourneyKind.Cancelled)
        {
            if (facts.PasStatus == PasStatus.Booked) return StopReasons.Superseded;
        }
        else if (facts.PasStatus is { } status && status != PasStatus.Booked)
        {
            return StopReasons.NotBooked;
        }

        if (facts.Start <= now) return StopReasons.Started;
        if (step.Kind != JourneyKind.Invitation) return null;

        // A3, A28
        if (facts.LetterEnded) return StopReasons.Superseded;
        if (facts.LetterOpened) return StopReasons.Opened;
        if (facts.LetterPosted) return StopReasons.Posted;
        if (facts.PatientRequest == PatientRequest.Accepted) return StopReasons.Answered;
        // A28: withdrawn, or closed as "kept", it was an answer all the same. The post is another matter (A3).
        if (step.Step > 0 && facts.Answered) return StopReasons.Answered;
        // A15: an open request survives a change; the new letter is announced all the same, but nobody is reminded of what he has answered.
        if (step.Step > 0 && facts.PatientRequest is PatientRequest.RebookRequested or PatientRequest.CancellationRequested) return StopReasons.Answered;
        return null;
    }

    public static bool IsTooLate(JourneyStep step, DateTimeOffset now) => step.LapsesAt <= now;

    /// <summary>A5: moves and cancellations whose old or new start is within 12 h of the next allowed minute go out at night.</summary>
    public static bool MayDisturbAtNight(JourneyStep step, DateTimeOffset? start, DateTimeOffset nextAllowed)
    {
        var near = nextAllowed + TimeSpan.FromHours(12);
        return step.Kind is JourneyKind.Moved or JourneyKind.Cancelled && (start <= near || step.PreviousStart <= near);
    }
}
