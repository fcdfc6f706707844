using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;

namespace PatientHub.Appointments.Domain;

/// <summary>One appointment in the nightly count: what stands here, and what the other services say.</summary>
/// <param name="HasTask">Somebody has, or had, a task about this revision.</param>
/// <param name="Merged">It came from a record that was merged (A30): every service applies that by itself, so its version rose here alone.</param>
public sealed record CountedAppointment(
    Guid Id, Guid ClinicId, int Version, int Revision, PasStatus PasStatus, DateTimeOffset Start, bool Announced, bool Promised, bool Answered, bool HasTask, bool Merged)
{
    /// <summary>So long after its start the others are still asked.</summary>
    public static readonly TimeSpan AskedAfterStart = TimeSpan.FromDays(2);

    /// <summary>Somebody knows an older revision: the change itself was missed (A15), not only its newest state.</summary>
    public bool BehindRevision { get; init; }

    /// <summary>For the log: its end, and who does not know it as it stands.</summary>
    public string Finding { get; init; } = "";

    /// <summary>The others were told of it, and it matters still.</summary>
    public bool IsToBeKnown(DateTimeOffset now) => Announced && Start > now - AskedAfterStart;

    /// <summary>The first end that is true.</summary>
    public AppointmentEnd End(IReadOnlyCollection<KnownAppointment> known, DateTimeOffset now)
    {
        if (!Announced || !Promised) return AppointmentEnd.NotPromised;
        if (PasStatus != PasStatus.Booked) return AppointmentEnd.EndedByHospital;
        if (Answered) return AppointmentEnd.Answered;
        if (HasTask) return AppointmentEnd.WithPeople;
        if (!IsToBeKnown(now)) return AppointmentEnd.Past;
        var telling = known.Where(k => k.Revision == Revision).Select(k => k.Telling).ToHashSet();
        // Late post is a fault even when the patient was invited: the letter was promised too (R3).
        return telling.Contains(TellingProgress.Late) ? AppointmentEnd.Lost : telling.DefaultIfEmpty().Max() switch
        {
            TellingProgress.Posted => AppointmentEnd.Posted,
            TellingProgress.Opened => AppointmentEnd.Opened,
            TellingProgress.Invited => AppointmentEnd.Invited,
            TellingProgress.WithPeople => AppointmentEnd.WithPeople,
            TellingProgress.Stopped => AppointmentEnd.Stopped,
            TellingProgress.Waiting => AppointmentEnd.Open,
            _ => AppointmentEnd.Lost,
        };
    }

    /// <summary>Another service has not heard of it as it stands: its message was lost (a queue that was purged, checklist 16), or is still on its way.</summary>
    public bool IsStale(KnownAppointment? known, bool hearsOfAnswers, DateTimeOffset now) =>
        IsToBeKnown(now) && (known is null || known.Revision < Revision || (hearsOfAnswers && !Merged && known.Version < Version) || (known.Version <= Version && known.PasStatus != PasStatus));
}
