using PatientHub.Appointments.Contracts;

namespace PatientHub.Appointments.Domain;

/// <summary>
/// One appointment. What the PAS says (<see cref="PasStatus"/>) and what the patient asked (<see cref="PatientRequest"/>) are two fields (A8): a patient's wish never
/// changes the hospital's word. <see cref="Version"/> rises with every change, <see cref="Revision"/> only with a change in the sense of A15.
/// </summary>
public sealed class Appointment
{
    private Appointment()
    {
    }

    private Appointment(Guid id, string sourceSystem, string sourceId, PasFacts facts)
    {
        (Id, SourceSystem, SourceId, Version) = (id, sourceSystem, sourceId, 1);
        PatientId = facts.PatientId;
        Assign(facts, facts.Status);
    }

    public Guid Id { get; private set; }
    public string SourceSystem { get; private set; } = "";
    public string SourceId { get; private set; } = "";
    public DateTimeOffset SourceVersion { get; private set; }
    public Guid PatientId { get; private set; }
    public Guid ClinicId { get; private set; }
    public Guid? SiteId { get; private set; }
    public PasStatus PasStatus { get; private set; }
    public DateTimeOffset Start { get; private set; }
    public DateTimeOffset? End { get; private set; }
    public AppointmentMedium Medium { get; private set; }
    public string? Preparation { get; private set; }

    /// <summary>
    /// "Not to parents" (A31). Only Identity knows who reads through a parent, and a letter lies open on a table: so the hub neither shows nor sends it to anybody, and people tell by the safe route.
    /// </summary>
    public bool NotToParents { get; private set; }

    /// <summary>When the current revision was taken in: "booking" in "booking + 96 h".</summary>
    public DateTimeOffset BookedAt { get; private set; }

    /// <summary>What R1 compares with the clinic's start: when the PAS booked the current revision, else when it arrived.</summary>
    public DateTimeOffset BookedInSource { get; private set; }

    /// <summary>AppointmentBooked was published: from then on every change is.</summary>
    public bool Announced { get; private set; }

    /// <summary>R1, for the current revision. Once true it stays: switching a clinic's mode never drops a letter already promised.</summary>
    public bool Promised { get; private set; }

    public PatientRequest PatientRequest { get; private set; }
    public DateTimeOffset? PatientRequestAt { get; private set; }
    public bool RequestOpen { get; private set; }

    /// <summary>The desk has agreed ("done"); the request closes when the PAS sends the new time or the cancellation (R23).</summary>
    public bool RequestAgreed { get; private set; }

    public bool MovedSinceRequest { get; private set; }

    /// <summary>A28: the newest revision to which the patient gave an answer, also one that was withdrawn or closed as "kept" since.</summary>
    public int? AnsweredRevision { get; private set; }

    /// <summary>The booking centre's task of the open request.</summary>
    public Guid? TaskId { get; private set; }

    public Guid? AcceptedLetterId { get; private set; }
    public int? AcceptedLetterVersion { get; private set; }

    /// <summary>The last answer was a withdrawal: the same again is a repeat, not a mistake.</summary>
    public bool Withdrawn { get; private set; }

    public int Version { get; private set; }
    public int Revision { get; private set; }

    /// <summary>A first resource of this id; it must have a start.</summary>
    public static (Appointment Appointment, PasChange Change) Take(Guid id, string sourceSystem, string sourceId, PasFacts facts, Clinic clinic, DateTimeOffset now)
    {
        var appointment = new Appointment(id, sourceSystem, sourceId, facts);
        appointment.BookedAt = now;
        appointment.BookedInSource = facts.Booked ?? now;
        return (appointment, appointment.Announce(clinic, now));
    }

    /// <summary>A further resource of this id, not older than the stored one (A34) and for the same patient.</summary>
    public PasChange Take(PasFacts facts, Clinic clinic, DateTimeOffset now)
    {
        // A booked appointment that goes back to a waiting list does not take place: for the patient it is cancelled.
        var status = facts.Status == PasStatus.Proposed && Announced ? PasStatus.Cancelled : facts.Status;
        var (was, previousStart) = (PasStatus, Start);
        facts = facts with { Start = facts.Start ?? Start, End = facts.Start is null ? End : facts.End };
        var changedA15 = (Start, SiteId, Medium, ClinicId, Preparation) != (facts.Start, facts.SiteId, facts.Medium, facts.ClinicId, facts.Preparation);
        SourceVersion = facts.SourceVersion;
        var hides = facts.NotToParents && !NotToParents;
        if (!changedA15 && was == status && End == facts.End && NotToParents == facts.NotToParents) return new PasChange.None();

        Version++;
        Assign(facts, status);
        if (hides) Promised = false;
        if (!Announced)
        {
            (BookedAt, BookedInSource) = (now, facts.Booked ?? now);
            return Announce(clinic, now);
        }

        return status switch
        {
            PasStatus.Booked => TakeBooked(was, previousStart, changedA15, clinic, now),
            PasStatus.Cancelled when was != PasStatus.Cancelled => CancelledByHospital(),
            PasStatus.Fulfilled or PasStatus.NoShow or PasStatus.EnteredInError when was != status => Complete(),
            _ => new PasChange.Changed(RevisionRaised: false, PreviousStart: null),
        };
    }

    private PasChange Announce(Clinic clinic, DateTimeOffset now)
    {
        if (PasStatus != PasStatus.Booked || Start <= now) return new PasChange.Silent();
        Announced = true;
        Promised = !NotToParents && clinic.InvitesFor(BookedInSource);
        return new PasChange.Booked();
    }

    private PasChange.Changed TakeBooked(PasStatus was, DateTimeOffset previousStart, bool changedA15, Clinic clinic, DateTimeOffset now)
    {
        // A cancellation that is taken back is a new booking: the patient was told not to come.
        var revived = was is PasStatus.Cancelled or PasStatus.EnteredInError;
        if (!changedA15 && !revived) return new PasChange.Changed(RevisionRaised: false, PreviousStart: null);

        // The calendar's SEQUENCE of a cancellation is Revision + 1, so a revival must be above that.
        Revision += revived ? 2 : 1;
        (BookedAt, BookedInSource) = (now, now);
        Promised = !NotToParents && Start > now && clinic.InvitesFor(now);
        if (RequestOpen && RequestAgreed && PatientRequest == PatientRequest.RebookRequested)
        {
            CloseRequest(); // The new time the desk had agreed with the patient (R22).
        }
        else if (RequestOpen)
        {
            MovedSinceRequest = true; // A15: a cancel request is kept ("moved since"), a rebook request is marked "new time".
        }
        else
        {
            ClearAnswer(); // A15: a change clears an acceptance.
        }

        return new PasChange.Changed(RevisionRaised: true, PreviousStart: Start == previousStart ? null : previousStart);
    }

    private PasChange.Cancelled CancelledByHospital()
    {
        var asked = PatientRequest == PatientRequest.CancellationRequested;
        RequestOpen = false;
        return new PasChange.Cancelled(asked);
    }

    private PasChange.Completed Complete()
    {
        RequestOpen = false;
        return new PasChange.Completed();
    }

    private void Assign(PasFacts facts, PasStatus status)
    {
        SourceVersion = facts.SourceVersion;
        PasStatus = status;
        (ClinicId, SiteId, Start, End, Medium, Preparation, NotToParents) = (facts.ClinicId, facts.SiteId, facts.Start!.Value, facts.End, facts.Medium, facts.Preparation, facts.NotToParents);
    }

    /// <summary>R1: the clinic's settings came or changed after the booking. True when the appointment invites now and did not before; never the other way.</summary>
    public bool PromiseUnder(Clinic clinic, DateTimeOffset now)
    {
        if (Promised || NotToParents || !Announced || PasStatus != PasStatus.Booked || Start <= now || !clinic.InvitesFor(BookedInSource)) return false;
        Promised = true;
        Version++;
        return true;
    }

    public bool CanAccept(Clinic clinic, AppointmentLetter? letter, DateTimeOffset now) =>
        PatientRequest != PatientRequest.Accepted && letter?.IsFor(this) == true && WhyNotAccept(clinic, now) is null;

    public bool CanChange(Clinic clinic, DateTimeOffset now) => !RequestOpen && WhyNotChange(clinic, now) is null;

    public bool CanWithdraw(DeskTask? task) => RequestOpen && !RequestAgreed && task?.Status == DeskTaskStatus.Requested;

    /// <summary>A3, A7, A21: accepts the letter that the page showed. False without a refusal: it was accepted before.</summary>
    public Answer Accept(int revision, int? version, Guid letterId, int letterVersion, Clinic clinic, AppointmentLetter? letter, DateTimeOffset now)
    {
        if (revision == Revision && PatientRequest == PatientRequest.Accepted && AcceptedLetterId == letterId && AcceptedLetterVersion == letterVersion) return Answer.Repeated;
        if (IsStale(revision, version)) return Refusal.Superseded;
        if (WhyNotAccept(clinic, now) is { } refusal) return refusal;
        if (letter?.IsFor(this) != true || letter.LetterId != letterId || letter.LetterVersion != letterVersion) return Refusal.LetterChanged;

        Answered(PatientRequest.Accepted, open: false, taskId: null, now);
        (AcceptedLetterId, AcceptedLetterVersion) = (letterId, letterVersion);
        return Answer.Given;
    }

    /// <summary>R19, R20, R22.</summary>
    public Answer AskToRebook(int revision, int? version, Guid taskId, Clinic clinic, DateTimeOffset now) =>
        Ask(PatientRequest.RebookRequested, revision, version, taskId, clinic, now);

    /// <summary>R19, R20, R23: a request, until the hospital has confirmed it.</summary>
    public Answer AskToCancel(int revision, int? version, Guid taskId, Clinic clinic, DateTimeOffset now) =>
        Ask(PatientRequest.CancellationRequested, revision, version, taskId, clinic, now);

    private Answer Ask(PatientRequest request, int revision, int? version, Guid taskId, Clinic clinic, DateTimeOffset now)
    {
        if (revision == Revision && RequestOpen && PatientRequest == request) return Answer.Repeated;
        if (IsStale(revision, version)) return Refusal.Superseded;
        if (WhyNotChange(clinic, now) is { } refusal) return refusal;
        if (RequestOpen) return Refusal.RequestOpen;
        Answered(request, open: true, taskId, now);
        return Answer.Given;
    }

    /// <summary>A10: until an agent has claimed it.</summary>
    public Answer Withdraw(int revision, int? version, DeskTask? task)
    {
        if (revision == Revision && Withdrawn) return Answer.Repeated;
        if (IsStale(revision, version)) return Refusal.Superseded;
        if (!RequestOpen) return Refusal.NoRequest;
        if (!CanWithdraw(task)) return Refusal.Claimed;
        CloseRequest();
        Withdrawn = true;
        Version++;
        return Answer.Given;
    }

    /// <summary>A9: the desk closed the task of the open request. "Done" stays open until the PAS sends what was agreed (R23); the others end it.</summary>
    public void TaskWasClosed(Guid taskId, TaskOutcome outcome)
    {
        if (TaskId != taskId || !RequestOpen) return;
        Version++;
        var asAsked = outcome == TaskOutcome.Done || (outcome == TaskOutcome.NotReached && PatientRequest == PatientRequest.CancellationRequested);
        if (asAsked && !(MovedSinceRequest && PatientRequest == PatientRequest.RebookRequested)) RequestAgreed = true;
        else CloseRequest();
    }

    /// <summary>A30: whose it was before the first merge; null when it never moved.</summary>
    public Guid? MergedFrom { get; private set; }

    /// <summary>A30: everything of the old record belongs to the survivor.</summary>
    public void BelongsTo(Guid patientId)
    {
        MergedFrom ??= PatientId;
        PatientId = patientId;
        Version++;
    }

    /// <summary>A30: the merge was taken back.</summary>
    public void GoesBack()
    {
        if (MergedFrom is not { } own) return;
        (PatientId, MergedFrom) = (own, null);
        Version++;
    }

    // Whatever was answered or changed since the page was shown, the patient must see before deciding again (checklist 106, 110).
    private bool IsStale(int revision, int? version) => revision != Revision || (version is { } shown && shown != Version);

    private Refusal? WhyNotAccept(Clinic clinic, DateTimeOffset now)
    {
        if (PasStatus != PasStatus.Booked) return Refusal.NotBooked;
        if (now >= Start) return Refusal.Started; // A7
        if (!clinic.OffersAccept) return Refusal.NotOffered; // R1
        // A new time that came after a rebook request may be accepted: that ends the request. A cancel request is withdrawn first.
        return RequestOpen && !(MovedSinceRequest && PatientRequest == PatientRequest.RebookRequested) ? Refusal.RequestOpen : null;
    }

    private Refusal? WhyNotChange(Clinic clinic, DateTimeOffset now)
    {
        if (PasStatus != PasStatus.Booked) return Refusal.NotBooked;
        if (!clinic.OffersChanges) return Refusal.NotOffered; // R1, A10
        return ChangeCutOff.Allows(Start, now) ? null : Refusal.InsideFiveDays(Start); // R21, A6
    }

    private void Answered(PatientRequest request, bool open, Guid? taskId, DateTimeOffset now)
    {
        ClearAnswer();
        (PatientRequest, PatientRequestAt, RequestOpen, TaskId) = (request, now, open, taskId);
        AnsweredRevision = Revision;
        Version++;
    }

    private void CloseRequest() => ClearAnswer();

    private void ClearAnswer()
    {
        (PatientRequest, PatientRequestAt, RequestOpen, RequestAgreed) = (PatientRequest.None, null, false, false);
        (MovedSinceRequest, TaskId, AcceptedLetterId, AcceptedLetterVersion, Withdrawn) = (false, null, null, null, false);
    }
}

/// <summary>What became of a patient's answer: given now, given before (a repeat changes nothing), or refused.</summary>
public readonly record struct Answer(bool Changed, Refusal? Refused)
{
    public static readonly Answer Given = new(true, null);
    public static readonly Answer Repeated = new(false, null);

    public static implicit operator Answer(Refusal refusal) => new(false, refusal);
}
