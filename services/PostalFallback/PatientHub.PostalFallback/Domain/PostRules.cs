using PatientHub.Appointments.Contracts;
using PatientHub.Letters.Contracts;

namespace PatientHub.PostalFallback.Domain;

/// <summary>What came of looking at one appointment or letter again.</summary>
/// <param name="Created">A deadline that is new, if any.</param>
/// <param name="Touched">Deadlines whose public face (due instant, or that they ended) changed.</param>
/// <param name="NeedsAccessibleFormat">Deadlines that people must fulfil in another format (R10).</param>
public sealed record PostOutcome(Deadline? Created, IReadOnlyList<Deadline> Touched, IReadOnlyList<Deadline> NeedsAccessibleFormat)
{
    /// <summary>The new promise, when the patient has the old time on paper and is to be telephoned (A15).</summary>
    public Deadline? Telephone { get; init; }
}

/// <summary>
/// All rules of when a letter is posted, in one pure function of the facts. It is run after every event about a patient, so the order of events does not matter:
/// the same facts give the same deadlines.
/// </summary>
public sealed class PostRules(LadderTimes ladder)
{
    private static readonly TimeSpan NearForPost = TimeSpan.FromDays(7);

    /// <summary>Looks at an appointment again.</summary>
    /// <param name="appointment">Its newest state.</param>
    /// <param name="letter">Its letter for this revision, when one is ready.</param>
    /// <param name="deadlines">All deadlines of this appointment, oldest first.</param>
    /// <param name="patient">The patient's facts.</param>
    /// <param name="now">Database time.</param>
    public PostOutcome Look(AppointmentFacts appointment, LetterFacts? letter, IReadOnlyList<Deadline> deadlines, PatientFacts patient, DateTimeOffset now)
    {
        var touched = new HashSet<Deadline>();
        DateTimeOffset? requested = null;
        foreach (var old in deadlines.Where(deadline => deadline.Revision < appointment.Revision)) // A15
            if (old.End(DeadlineState.Superseded))
            {
                touched.Add(old);
                requested ??= old.RequestedAt;
            }

        var current = deadlines.LastOrDefault(deadline => deadline.Revision == appointment.Revision);
        // A31: a promise is only ever taken back for what must not be told through the parents any more.
        if (appointment.PasStatus != PasStatus.Booked || appointment.Start <= now || (current is not null && !appointment.Invites))
        {
            if (current?.End(DeadlineState.Withdrawn) == true)
                touched.Add(current);
            return new PostOutcome(null, [.. touched], []);
        }

        var ready = letter is { Ladder: true, Withdrawn: false, Version: > 0 } && letter.Revision == appointment.Revision ? letter : null;
        Deadline? created = null;
        if (current is null)
        {
            // R1: a mode that does not invite promises nothing; a promise once made stays.
            if (!appointment.Invites)
                return new PostOutcome(null, [.. touched], []);
            current = created = Deadline.ForAppointment(appointment, ladder, appointment.BookedAt, now);
        }
        else if (current.State is DeadlineState.Posted or DeadlineState.Opened or DeadlineState.HandedToPeople or DeadlineState.Rejected && ready is not null
            && (ready.LetterId != current.LetterId || ready.Version > current.LetterVersion))
        {
            // A new version after the old one was opened or posted is a new letter with a ladder of its own. So is the PAS's own letter that comes after the
            // template letter which stood in for it (A29): another letter, and its versions begin at 1 again.
            current = created = Deadline.ForAppointment(appointment, ladder, ready.ReadyAt ?? now, now);
        }

        if (created is not null)
            touched.Add(created);
        if (requested is not null && current.IsOpen) // A17: who asked for paper gets the letter that replaces the one asked for
        {
            current.Request(now);
            touched.Add(current);
        }

        if (letter is { Withdrawn: true } && current.IsOpen && current.LetterId == letter.LetterId)
            current.LoseLetter();
        if (current.Hold(appointment.RequestOpen)) // A3
            touched.Add(current);
        return Apply(current, created, ready, patient, now, touched) with { Telephone = created is not null && HasOtherTimeOnPaper(appointment, deadlines, now) ? created : null };
    }

    /// <summary>A15: an old letter was handed over, and its reader may come at the wrong time before the new one is there: the new time is earlier, or one of the two is less than seven days away.</summary>
    private static bool HasOtherTimeOnPaper(AppointmentFacts appointment, IReadOnlyList<Deadline> deadlines, DateTimeOffset now) =>
        deadlines.LastOrDefault(deadline => deadline.Revision < appointment.Revision && deadline.State == DeadlineState.Posted) is { Start: { } onPaper }
        && (appointment.Start < onPaper || appointment.Start < now + NearForPost || (onPaper > now && onPaper < now + NearForPost));

    /// <summary>Looks at a letter without an appointment again.</summary>
    /// <param name="letter">The letter.</param>
    /// <param name="deadlines">Its deadlines, oldest first.</param>
    /// <param name="patient">The patient's facts.</param>
    /// <param name="now">Database time.</param>
    /// <param name="about">The appointment that it tells of, if it brings such news.</param>
    /// <param name="news">Whether a message told the same.</param>
    public PostOutcome Look(LetterFacts letter, IReadOnlyList<Deadline> deadlines, PatientFacts patient, DateTimeOffset now, AppointmentFacts? about = null, CancellationNews? news = null)
    {
        var touched = new HashSet<Deadline>();
        var current = deadlines.LastOrDefault();
        if (letter.Withdrawn || letter.Version == 0)
        {
            if (letter.Withdrawn && current?.End(DeadlineState.Withdrawn) == true)
                touched.Add(current);
            return new PostOutcome(null, [.. touched], []);
        }

        Deadline? created = null;
        if ((letter.Ladder || letter.Post is not null) && (current is null || (!current.IsOpen && current.State != DeadlineState.Printing && current.LetterVersion < letter.Version)))
        {
            current = created = letter.Ladder ? Deadline.ForLetter(letter, ladder, now) : Deadline.ForNotice(letter, about, ladder, now);
            touched.Add(created);
        }

        // A30: whose it is by now. What is being printed for somebody else is taken back by the look before the hand-over.
        if (current is { IsOpen: true } or { State: DeadlineState.Printing })
            current.PatientId = letter.PatientId;
        if (letter.Post == PostRule.UnlessTold && current is { RequestedAt: null } && !GoesByPostAnyway(patient)) // A23
        {
            if (news?.ToldAt is not null ? current.End(DeadlineState.Withdrawn) : news?.UntoldAt is not null && current.BringForward(now, DueReason.Undeliverable))
                touched.Add(current);
        }

        return current is null ? new PostOutcome(null, [], []) : Apply(current, created, letter, patient, now, touched);
    }

    /// <summary>Looks again at a letter that goes beside the ladder because its patient asked for it (A17).</summary>
    public PostOutcome LookAtRequested(LetterFacts letter, Deadline requested, PatientFacts patient, DateTimeOffset now) => letter.Withdrawn
        ? new PostOutcome(null, requested.End(DeadlineState.Withdrawn) ? [requested] : [], [])
        : Apply(requested, null, letter.Version > 0 ? letter : null, patient, now, []);

    /// <summary>R9, R30, A17: everything goes by post to this patient, opened or not.</summary>
    public static bool GoesByPostAnyway(PatientFacts patient) =>
        patient.OptedOut || patient.AlsoPost || (patient.Version > 0 && (!patient.HasContact || patient.LettersOnly));

    private PostOutcome Apply(Deadline deadline, Deadline? created, LetterFacts? ready, PatientFacts patient, DateTimeOffset now, HashSet<Deadline> touched)
    {
        void Note(bool changed)
        {
            if (changed)
                touched.Add(deadline);
        }

        if (ready is not null)
            Note(deadline.AimAt(ready.LetterId, ready.Version));
        Note(deadline.Suspend(patient.MayNotBeWrittenTo)); // A24

        if (ready is { IsOpened: true } && !deadline.GoesOpenedOrNot && !GoesByPostAnyway(patient)) // A3: only the current version, only opened
            Note(deadline.End(DeadlineState.Opened));
        if (ready?.Invited is { } invited) // R3, A1
            Note(deadline.BringForward(invited + ladder.AfterInvitation, DueReason.Invitation));
        if (ready?.UndeliverableAt is not null) // A18
            Note(deadline.BringForward(now, DueReason.Undeliverable));
        if (patient.Version > 0 && (!patient.HasContact || patient.LettersOnly)) // R9
            Note(deadline.BringForward(now, DueReason.NoContact));
        if (patient.OptedOut) // A17
            Note(deadline.BringForward(now, DueReason.OptedOut));
        else if (patient.AlsoPost) // A17
            Note(deadline.BringForward(now, DueReason.AlsoPost));

        var people = new List<Deadline>();
        if (patient.NeedsAccessibleFormat && ready is not null && !patient.MayNotBeWrittenTo && deadline.End(DeadlineState.HandedToPeople)) // R10
        {
            touched.Add(deadline);
            people.Add(deadline);
        }

        return new PostOutcome(created, [.. touched], people);
    }
}
