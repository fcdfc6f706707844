using System.Diagnostics;
using PatientHub.Letters.Contracts;

namespace PatientHub.PostalFallback.Domain;

/// <summary>
/// One letter that may need posting: the safety net under everything else. It is set when the appointment is booked, before any letter or message exists, and every
/// later fact only moves it forward, stops it or re-aims it. Exactly one of "opened" and "posted" wins: both are changes of <see cref="State"/> from
/// <see cref="DeadlineState.Waiting"/> on this one row.
/// </summary>
public sealed class Deadline
{
    public Guid DeadlineId { get; private init; } = Guid.CreateVersion7();
    public Guid PatientId { get; set; }
    public Guid? AppointmentId { get; private init; }
    public int? Revision { get; private init; }
    public Guid? LetterId { get; private set; }
    public int? LetterVersion { get; private set; }

    /// <summary>Start of the appointment; orders the post (A29: nearest first).</summary>
    public DateTimeOffset? Start { get; private init; }
    public int PostalNoticeDays { get; private init; }
    public DeadlineState State { get; private set; } = DeadlineState.Waiting;
    public DateTimeOffset DueAt { get; private set; }
    public DueReason Reason { get; private set; }

    /// <summary>A22: not even an open request of the patient holds the post beyond it (A3). Null without an appointment.</summary>
    public DateTimeOffset? LastSafeAt { get; private init; }

    /// <summary>An open rebook or cancel request holds the post (A3).</summary>
    public bool Held { get; private set; }
    public DateTimeOffset CreatedAt { get; private init; }

    /// <summary>When the patient asked for it by post (A17): from then on neither opening it nor an open request stops it.</summary>
    public DateTimeOffset? RequestedAt { get; private set; }

    /// <summary>A worker looks at it until then; nobody else does.</summary>
    public DateTimeOffset? LeaseUntil { get; private set; }
    public Guid? BatchId { get; private set; }
    public DateTimeOffset? PostedAt { get; private set; }

    /// <summary>What the print house says of it; null while it was not handed over.</summary>
    public PrintStatus? PrintStatus { get; private set; }
    public DateTimeOffset? PrintStatusAt { get; private set; }

    /// <summary>The print house's reason code for what went wrong.</summary>
    public string? PrintReason { get; private set; }

    /// <summary>Identity's name for the address that it went to; says nothing without Identity.</summary>
    public Guid? AddressId { get; private set; }

    /// <summary>When people were told that it is due and cannot go (A29).</summary>
    public DateTimeOffset? AlarmedAt { get; private set; }

    /// <summary>W3C trace context of the event that made the promise: printing it, days later, belongs to the same trace.</summary>
    public string? TraceParent { get; private init; } = Activity.Current?.Id;

    public bool IsOpen => State is DeadlineState.Waiting or DeadlineState.Suspended;

    /// <summary>Opening it does not stop it: its patient wants it on paper (A17), or it goes by post in any case (A9, A31).</summary>
    public bool GoesOpenedOrNot => RequestedAt is not null || Reason == DueReason.Notice;

    public static Deadline ForAppointment(AppointmentFacts appointment, LadderTimes ladder, DateTimeOffset from, DateTimeOffset now)
    {
        var lastSafe = LastSafePosting.For(appointment.Start, appointment.PostalNoticeDays, Postage.Standard);
        var byBooking = from + ladder.AfterBooking;
        return new Deadline
        {
            PatientId = appointment.PatientId,
            AppointmentId = appointment.AppointmentId,
            Revision = appointment.Revision,
            Start = appointment.Start,
            PostalNoticeDays = appointment.PostalNoticeDays,
            LastSafeAt = lastSafe,
            DueAt = byBooking <= lastSafe ? byBooking : lastSafe,
            Reason = byBooking <= lastSafe ? DueReason.Booking : DueReason.LastSafePosting,
            CreatedAt = now,
        };
    }

    public static Deadline ForLetter(LetterFacts letter, LadderTimes ladder, DateTimeOffset now) => new()
    {
        PatientId = letter.PatientId,
        LetterId = letter.LetterId,
        LetterVersion = letter.Version,
        DueAt = (letter.ReadyAt ?? now) + ladder.AfterBooking,
        Reason = DueReason.Booking,
        CreatedAt = now,
    };

    /// <summary>News without a ladder (A9, A23, A31).</summary>
    /// <param name="letter">The letter.</param>
    /// <param name="about">The appointment that it tells of, if we have heard of it: it decides how soon it must be there, and about the class of post.</param>
    /// <param name="ladder">What is waited for a message to tell the same.</param>
    /// <param name="now">Database time.</param>
    public static Deadline ForNotice(LetterFacts letter, AppointmentFacts? about, LadderTimes ladder, DateTimeOffset now)
    {
        var start = about?.Start > now ? about.Start : (DateTimeOffset?)null;
        var ready = letter.ReadyAt ?? now;
        DateTimeOffset? lastSafe = start is { } at ? LastSafePosting.For(at, about!.PostalNoticeDays, Postage.Standard) : null;
        var waits = ready + ladder.AfterBooking;
        return new Deadline
        {
            PatientId = letter.PatientId,
            LetterId = letter.LetterId,
            LetterVersion = letter.Version,
            Start = start,
            PostalNoticeDays = about?.PostalNoticeDays ?? 0,
            DueAt = letter.Post == PostRule.Always ? now : lastSafe < waits ? lastSafe.Value : waits,
            Reason = letter.Post == PostRule.Always ? DueReason.Notice : lastSafe < waits ? DueReason.LastSafePosting : DueReason.Booking,
            CreatedAt = now,
        };
    }

    /// <summary>A letter beside the ladder, because its patient asked for it (A17). It belongs to no appointment here: nothing that happens to one takes it back.</summary>
    public static Deadline ForRequest(Guid letterId, int version, Guid patientId, AppointmentFacts? appointment, DateTimeOffset now) => new()
    {
        PatientId = patientId,
        LetterId = letterId,
        LetterVersion = version,
        Start = appointment?.Start > now ? appointment.Start : null,
        PostalNoticeDays = appointment?.PostalNoticeDays ?? 0,
        DueAt = now,
        Reason = DueReason.Requested,
        CreatedAt = now,
    };

    /// <summary>The patient wants it on paper, now.</summary>
    public void Request(DateTimeOffset now)
    {
        RequestedAt ??= now;
        BringForward(now, DueReason.Requested);
    }

    /// <summary>A15: what is posted is the version that is current when it is printed.</summary>
    public bool AimAt(Guid letterId, int version)
    {
        if (!IsOpen || (LetterId == letterId && LetterVersion >= version))
            return false;
        (LetterId, LetterVersion) = (letterId, version);
        return true;
    }

    /// <summary>The letter was withdrawn while the appointment stands: the next version or the template letter takes its place.</summary>
    public void LoseLetter() => (LetterId, LetterVersion) = (null, null);

    /// <summary>Never later than it was.</summary>
    public bool BringForward(DateTimeOffset to, DueReason reason)
    {
        if (!IsOpen || to >= DueAt)
            return false;
        (DueAt, Reason) = (to, reason);
        return true;
    }

    public bool Hold(bool held)
    {
        if (!IsOpen || Held == held)
            return false;
        Held = held;
        return true;
    }

    public bool Suspend(bool suspended)
    {
        var wanted = suspended ? DeadlineState.Suspended : DeadlineState.Waiting;
        if (!IsOpen || State == wanted)
            return false;
        State = wanted;
        return true;
    }

    /// <summary>Ends an open deadline; one that is being printed, or has ended, stays as it is.</summary>
    public bool End(DeadlineState state)
    {
        if (!IsOpen)
            return false;
        State = state;
        return true;
    }

    /// <summary>Handed over; only what was decided can be.</summary>
    /// <param name="at">When.</param>
    /// <param name="addressId">Identity's name for the address.</param>
    public void Post(DateTimeOffset at, Guid? addressId = null)
    {
        if (State != DeadlineState.Printing)
            throw new InvalidOperationException("Only a letter whose printing was decided can have been posted.");
        (State, PostedAt, LeaseUntil) = (DeadlineState.Posted, at, null);
        (PrintStatus, PrintStatusAt, AddressId) = (Domain.PrintStatus.Pending, at, addressId);
    }

    /// <summary>Takes an answer of the print house. False when it is no news: repeated, late, or overtaken.</summary>
    public bool Answer(PrintStatus status, string? reason, DateTimeOffset at)
    {
        if (PrintStatus is not { } now || !PrintProgress.CanFollow(now, status))
            return false;
        (PrintStatus, PrintStatusAt, PrintReason) = (status, at, status > Domain.PrintStatus.Delivered ? reason : null);
        if (status.WentWrong() && State == DeadlineState.Posted)
            State = DeadlineState.Rejected;
        return true;
    }

    /// <summary>Whether this was printed because the print house could not send it the first time.</summary>
    public bool IsPrintedAgain => Reason == DueReason.PrintAgain;

    /// <summary>The same letter once more, at once, because the print house could not send it. Opening it stops this one too, unless it was asked for.</summary>
    public Deadline Again(DateTimeOffset now) => new()
    {
        PatientId = PatientId,
        AppointmentId = AppointmentId,
        Revision = Revision,
        LetterId = LetterId,
        LetterVersion = LetterVersion,
        Start = Start,
        PostalNoticeDays = PostalNoticeDays,
        LastSafeAt = LastSafeAt,
        RequestedAt = RequestedAt,
        DueAt = now,
        Reason = DueReason.PrintAgain,
        CreatedAt = now,
    };

    /// <summary>Could not be printed now: it waits again, and everything that happened meanwhile counts.</summary>
    public void WaitAgain(DateTimeOffset restUntil)
    {
        if (State == DeadlineState.Printing)
            (State, BatchId, LeaseUntil) = (DeadlineState.Waiting, null, restUntil);
    }

    /// <summary>Cannot be printed as it is: a person has to.</summary>
    public void HandToPeople()
    {
        if (State == DeadlineState.Printing)
            (State, BatchId) = (DeadlineState.HandedToPeople, null);
    }
}
