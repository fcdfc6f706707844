using PatientHub.Calendar;

namespace PatientHub.Notifications.Domain;

/// <summary>What may share a message: several appointments that come at once are one text, not five.</summary>
public enum DigestKind
{
    /// <summary>Invitations and their reminders: "you have 3 hospital appointments".</summary>
    Letters,

    /// <summary>A2: appointment reminders, a list of dates.</summary>
    Reminders,

    /// <summary>"We have sent you 3 letters by post."</summary>
    Posted,
}

/// <summary>Settings of the digest.</summary>
public sealed class DigestOptions
{
    public const string Section = "Digest";

    /// <summary>A patient's first message goes at once; what comes within this time after it is gathered into one. Zero: nothing waits. At most a day.</summary>
    public TimeSpan Window { get; set; } = TimeSpan.FromHours(1);
}

/// <summary>
/// When a message may wait for others of the same patient. Never when waiting could cost the patient something: the letter's time or a reminder's end would come first, the
/// window would end in the quiet hours, the appointment is near, or a channel has just failed (A18: the other one at once). Moves and cancellations never wait.
/// </summary>
public static class Digest
{
    /// <summary>Nearer than this an hour may be the one that counts (A22).</summary>
    private static readonly TimeSpan Near = TimeSpan.FromDays(7);

    public static DigestKind? KindOf(JourneyStep step) => KindOf(step.Kind);

    public static DigestKind? KindOf(JourneyKind kind) => kind switch
    {
        JourneyKind.Invitation => DigestKind.Letters,
        JourneyKind.AppointmentReminder => DigestKind.Reminders,
        JourneyKind.Posted => DigestKind.Posted,
        _ => null,
    };

    /// <summary>A ladder of seconds gathers for less than a second: at most a 24th of the time to the first reminder.</summary>
    public static TimeSpan Window(DigestOptions options, LadderOptions ladder)
    {
        var most = ladder.FirstReminderAfter / 24;
        return options.Window < most ? options.Window : most;
    }

    /// <summary>Until when the step waits for others, or null: it goes now.</summary>
    /// <param name="start">The appointment's start, if there is one.</param>
    /// <param name="last">When the patient was sent a message of this kind.</param>
    /// <param name="failed">A channel has failed for this step.</param>
    public static DateTimeOffset? HoldUntil(JourneyStep step, DateTimeOffset? start, DateTimeOffset? last, TimeSpan window, QuietHours quiet, bool failed, DateTimeOffset now)
    {
        if (failed || KindOf(step) is null || last + window is not { } until || until <= now) return null;
        if (until >= step.LetterBy || until >= step.LapsesAt || quiet.NextAllowed(until) > until) return null;
        return step.Kind == JourneyKind.Invitation && start - until < Near ? null : until;
    }
}
