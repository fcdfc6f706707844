using PatientHub.Calendar;
using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Domain;

namespace PatientHub.Notifications.Workers;

/// <summary>What happens to a due step now.</summary>
internal abstract record StepDecision
{
    /// <summary>It goes out on this channel.</summary>
    public sealed record Send(Channel Channel) : StepDecision;

    /// <summary>It cannot be decided yet, and is looked at again.</summary>
    public sealed record Wait(DateTimeOffset Until) : StepDecision;

    /// <summary>It waits for the end of the quiet hours.</summary>
    public sealed record Hold(DateTimeOffset Until) : StepDecision;

    /// <summary>It is over.</summary>
    public sealed record Close(StepState State, string Reason) : StepDecision;

    /// <summary>Everything a decision depends on besides the owners' answers.</summary>
    public sealed record Circumstances
    {
        public required DateTimeOffset Now { get; init; }
        public required QuietHours QuietHours { get; init; }
        public required TimeSpan LookAgainAfter { get; init; }
        public bool LetterPosted { get; init; }
        public bool OptedOut { get; init; }
        public Channel? Preferred { get; init; }

        /// <summary>Channels on which this step has failed, or does not go (A31).</summary>
        public IReadOnlyCollection<Channel> Failed { get; init; } = [];
    }

    public static StepDecision Of(JourneyStep step, Look look, Circumstances circumstances)
    {
        var now = circumstances.Now;
        if (JourneyRules.IsTooLate(step, now)) return new Close(StepState.Lapsed, StopReasons.TooLate);

        // No reply, or an owner who does not know the id yet: reminders wait and lapse at the letter's time; invitations wait.
        if (!look.Covers(step)) return new Wait(now + circumstances.LookAgainAfter);

        var facts = look.Facts(step, circumstances.LetterPosted, circumstances.OptedOut);
        if (JourneyRules.StopReason(step, facts, now) is { } reason) return new Close(StepState.Stopped, reason);

        // A31: the young person's own contact, or the birthday is over.
        var contact = look.Contacts![step.PatientId];
        if (step.Kind == JourneyKind.ContactsEnd && !contact.ThroughParent) return new Close(StepState.Lapsed, StopReasons.TooLate);

        // A5
        var allowed = circumstances.QuietHours.NextAllowed(now);
        if (allowed > now && !JourneyRules.MayDisturbAtNight(step, facts.Start, allowed))
        {
            return step.LapsesAt <= allowed ? new Close(StepState.Lapsed, StopReasons.TooLate) : new Hold(allowed);
        }

        return ChannelChoice.Of(circumstances.Preferred, contact.Mobile is not null, contact.Email is not null, circumstances.Failed) is { } channel
            ? new Send(channel)
            : new Close(StepState.Undeliverable, StopReasons.NoChannel);
    }
}
