using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Appointments.Domain;

namespace PatientHub.Appointments.Tests.Domain;

public sealed class AppointmentTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Start = Now.AddDays(30);
    private static readonly Guid Patient = Guid.Parse("00000000-0000-8000-8000-000000000001");
    private static readonly Guid LetterId = Guid.Parse("00000000-0000-8000-8000-0000000000aa");
    private static readonly Guid TaskId = Guid.Parse("00000000-0000-8000-8000-0000000000bb");

    private static Clinic ClinicOf(ClinicMode mode, bool desk = true, DateTimeOffset? since = null)
    {
        var clinic = new Clinic(Guid.Parse("00000000-0000-8000-8000-0000000000cc"), "pas", "c", "Clinic");
        clinic.Configure(new ClinicSettings { DisplayName = "Clinic", Mode = mode, ModeSince = since ?? Now.AddDays(-1), Phone = "0113 496 0000", DeskConfigured = desk });
        return clinic;
    }

    private static PasFacts Facts(PasStatus status = PasStatus.Booked) => new()
    {
        SourceVersion = Now,
        PatientId = Patient,
        ClinicId = Guid.Parse("00000000-0000-8000-8000-0000000000cc"),
        SiteId = Guid.Parse("00000000-0000-8000-8000-0000000000dd"),
        Status = status,
        Start = Start,
        Medium = AppointmentMedium.FaceToFace,
    };

    private static Appointment Booked(Clinic? clinic = null, PasFacts? facts = null) => Appointment.Take(Guid.CreateVersion7(), "pas", "a", facts ?? Facts(), clinic ?? ClinicOf(ClinicMode.Full), Now).Appointment;

    private static AppointmentLetter LetterOf(Appointment appointment, int version = 1)
    {
        var letter = new AppointmentLetter(appointment.Id);
        letter.Ready(LetterId, version, appointment.Revision);
        return letter;
    }

    private static Answer Accept(Appointment a, Clinic? clinic = null, DateTimeOffset? now = null, int letterVersion = 1, int? version = null) =>
        a.Accept(a.Revision, version, LetterId, letterVersion, clinic ?? ClinicOf(ClinicMode.Full), LetterOf(a), now ?? Now);

    [Theory] // R1: who invites
    [InlineData(ClinicMode.Full, true)]
    [InlineData(ClinicMode.AcceptOnly, true)]
    [InlineData(ClinicMode.ViewOnly, false)]
    [InlineData(ClinicMode.Hidden, false)]
    public void Only_full_and_accept_only_clinics_invite(ClinicMode mode, bool invites) => Booked(ClinicOf(mode)).Promised.ShouldBe(invites);

    [Fact] // R1
    public void Booked_before_the_clinics_start_does_not_invite()
    {
        Booked(ClinicOf(ClinicMode.Full, since: Now.AddSeconds(1))).Promised.ShouldBeFalse();
        Booked(ClinicOf(ClinicMode.Full, since: Now)).Promised.ShouldBeTrue();
        Booked(ClinicOf(ClinicMode.Full), Facts() with { Booked = Now.AddDays(-2) }).Promised.ShouldBeFalse();
    }

    [Fact] // R1: settings that come after the booking; a promise is never taken back
    public void Settings_later_promise_and_never_take_back()
    {
        var appointment = Booked(new Clinic(Guid.CreateVersion7(), "pas", "c", "Unknown"));
        appointment.Promised.ShouldBeFalse();
        appointment.PromiseUnder(ClinicOf(ClinicMode.Full), Now).ShouldBeTrue();
        appointment.PromiseUnder(ClinicOf(ClinicMode.ViewOnly), Now).ShouldBeFalse();
        appointment.Promised.ShouldBeTrue();
        appointment.Version.ShouldBe(2);
        appointment.Revision.ShouldBe(0);
    }

    [Fact]
    public void The_same_resource_again_changes_nothing()
    {
        var appointment = Booked();
        appointment.Take(Facts() with { SourceVersion = Now.AddMinutes(1) }, ClinicOf(ClinicMode.Full), Now.AddMinutes(1)).ShouldBeOfType<PasChange.None>();
        appointment.Version.ShouldBe(1);
        appointment.SourceVersion.ShouldBe(Now.AddMinutes(1));
    }

    public static TheoryData<string, bool> Edits() => new()
    {
        { "start", true }, { "place", true }, { "medium", true }, { "clinic", true }, { "preparation", true }, { "end", false },
    };

    [Theory, MemberData(nameof(Edits))] // A15
    public void Only_start_place_medium_clinic_and_preparation_raise_the_revision(string edit, bool raised)
    {
        var appointment = Booked();
        Accept(appointment).Changed.ShouldBeTrue();
        var facts = edit switch
        {
            "start" => Facts() with { Start = Start.AddHours(1) },
            "place" => Facts() with { SiteId = Guid.CreateVersion7() },
            "medium" => Facts() with { Medium = AppointmentMedium.Video },
            "clinic" => Facts() with { ClinicId = Guid.CreateVersion7() },
            "preparation" => Facts() with { Preparation = "Do not eat." },
            _ => Facts() with { End = Start.AddHours(1) },
        };
        var change = appointment.Take(facts, ClinicOf(ClinicMode.Full), Now.AddHours(1)).ShouldBeOfType<PasChange.Changed>();
        change.RevisionRaised.ShouldBe(raised);
        change.PreviousStart.ShouldBe(edit == "start" ? Start : null);
        appointment.Revision.ShouldBe(raised ? 1 : 0);
        appointment.Version.ShouldBe(3);
        appointment.PatientRequest.ShouldBe(raised ? PatientRequest.None : PatientRequest.Accepted); // a change clears an acceptance
        appointment.BookedAt.ShouldBe(raised ? Now.AddHours(1) : Now);
    }

    [Theory] // A15: a cancel request is kept ("moved since"), a rebook request is marked "new time"
    [InlineData(PatientRequest.CancellationRequested)]
    [InlineData(PatientRequest.RebookRequested)]
    public void An_open_request_survives_a_change_and_is_marked(PatientRequest request)
    {
        var appointment = Booked();
        Ask(appointment, request).Changed.ShouldBeTrue();
        appointment.Take(Facts() with { Start = Start.AddDays(1) }, ClinicOf(ClinicMode.Full), Now);
        (appointment.PatientRequest, appointment.RequestOpen, appointment.MovedSinceRequest).ShouldBe((request, true, true));
    }

    [Theory] // FHIR status
    [InlineData(PasStatus.Proposed)]
    [InlineData(PasStatus.Cancelled)]
    [InlineData(PasStatus.Fulfilled)]
    [InlineData(PasStatus.EnteredInError)]
    public void What_was_never_booked_is_announced_to_nobody(PasStatus status)
    {
        var (appointment, change) = Appointment.Take(Guid.CreateVersion7(), "pas", "a", Facts(status), ClinicOf(ClinicMode.Full), Now);
        change.ShouldBeOfType<PasChange.Silent>();
        appointment.Take(Facts(), ClinicOf(ClinicMode.Full), Now).ShouldBeOfType<PasChange.Booked>();
    }

    [Fact] // R26: a first load of old appointments is history, not news
    public void A_past_appointment_is_announced_to_nobody() =>
        Appointment.Take(Guid.CreateVersion7(), "pas", "a", Facts() with { Start = Now }, ClinicOf(ClinicMode.Full), Now).Change.ShouldBeOfType<PasChange.Silent>();

    [Fact]
    public void Back_to_the_waiting_list_is_a_cancellation_and_taking_it_again_is_nothing()
    {
        var appointment = Booked();
        appointment.Take(Facts(PasStatus.Proposed) with { Start = null }, ClinicOf(ClinicMode.Full), Now).ShouldBeOfType<PasChange.Cancelled>();
        appointment.PasStatus.ShouldBe(PasStatus.Cancelled);
        appointment.Start.ShouldBe(Start);
        appointment.Take(Facts(PasStatus.Proposed) with { Start = null }, ClinicOf(ClinicMode.Full), Now).ShouldBeOfType<PasChange.None>();
    }

    [Fact] // A23: the cancelled entry has SEQUENCE Revision + 1; the revival must be above it
    public void A_cancellation_taken_back_is_a_new_journey()
    {
        var appointment = Booked();
        appointment.Take(Facts(PasStatus.Cancelled), ClinicOf(ClinicMode.Full), Now);
        appointment.Take(Facts(), ClinicOf(ClinicMode.Full), Now).ShouldBe(new PasChange.Changed(true, null));
        appointment.Revision.ShouldBe(2);
        appointment.Promised.ShouldBeTrue();
    }

    [Fact] // A8
    public void Asking_to_cancel_never_changes_what_the_PAS_says()
    {
        var appointment = Booked();
        Ask(appointment, PatientRequest.CancellationRequested).Changed.ShouldBeTrue();
        appointment.PasStatus.ShouldBe(PasStatus.Booked);
        appointment.RequestOpen.ShouldBeTrue();
        appointment.Take(Facts(PasStatus.Cancelled), ClinicOf(ClinicMode.Full), Now).ShouldBe(new PasChange.Cancelled(AskedByPatient: true));
        appointment.RequestOpen.ShouldBeFalse();
    }

    [Fact] // A7
    public void Accept_is_possible_until_the_start()
    {
        Accept(Booked(), now: Start.AddTicks(-1)).Changed.ShouldBeTrue();
        Accept(Booked(), now: Start).Refused.ShouldBe(Refusal.Started);
    }

    [Theory] // R1
    [InlineData(ClinicMode.Full, null, null)]
    [InlineData(ClinicMode.AcceptOnly, null, "not-offered")]
    [InlineData(ClinicMode.ViewOnly, "not-offered", "not-offered")]
    public void Modes_decide_what_is_offered(ClinicMode mode, string? accept, string? change)
    {
        var clinic = ClinicOf(mode);
        Accept(Booked(clinic), clinic).Refused?.Code.ShouldBe(accept);
        Booked(clinic).CanAccept(clinic, LetterOf(Booked(clinic)), Now).ShouldBe(accept is null);
        foreach (var request in new[] { PatientRequest.RebookRequested, PatientRequest.CancellationRequested })
            (Ask(Booked(clinic), request, clinic).Refused?.Code).ShouldBe(change);
        Booked(clinic).CanChange(clinic, Now).ShouldBe(change is null);
    }

    [Fact] // A10
    public void Without_a_desk_rebook_and_cancel_are_not_offered()
    {
        var clinic = ClinicOf(ClinicMode.Full, desk: false);
        Ask(Booked(clinic), PatientRequest.RebookRequested, clinic).Refused.ShouldBe(Refusal.NotOffered);
        Accept(Booked(clinic), clinic).Changed.ShouldBeTrue();
    }

    [Theory] // R21, A6
    [InlineData(PatientRequest.RebookRequested)]
    [InlineData(PatientRequest.CancellationRequested)]
    public void Rebook_and_cancel_inside_five_days_are_refused(PatientRequest request)
    {
        var cutOff = ChangeCutOff.Of(Start);
        Ask(Booked(), request, now: cutOff).Changed.ShouldBeTrue();
        Ask(Booked(), request, now: cutOff.AddTicks(1)).Refused!.Code.ShouldBe("inside-five-days");
    }

    [Fact] // A3: accept names the letter's version that was shown
    public void Accepting_another_letter_version_is_refused()
    {
        Accept(Booked(), letterVersion: 2).Refused.ShouldBe(Refusal.LetterChanged);
        var appointment = Booked();
        appointment.Accept(0, null, LetterId, 1, ClinicOf(ClinicMode.Full), null, Now).Refused.ShouldBe(Refusal.LetterChanged); // not ready yet
        var old = LetterOf(appointment);
        appointment.Take(Facts() with { Start = Start.AddDays(1) }, ClinicOf(ClinicMode.Full), Now);
        appointment.Accept(1, null, LetterId, 1, ClinicOf(ClinicMode.Full), old, Now).Refused.ShouldBe(Refusal.LetterChanged); // of the old time
        appointment.Accept(0, null, LetterId, 1, ClinicOf(ClinicMode.Full), old, Now).Refused.ShouldBe(Refusal.Superseded);
    }

    [Fact] // checklist 106: one decision each version; the same decision again is a success that changes nothing
    public void A_repeat_is_a_success_and_a_stale_page_is_refused()
    {
        var appointment = Booked();
        Accept(appointment, version: 1).ShouldBe(Answer.Given);
        Accept(appointment, version: 1).ShouldBe(Answer.Repeated);
        appointment.Version.ShouldBe(2);
        appointment.AskToCancel(0, 1, TaskId, ClinicOf(ClinicMode.Full), Now).Refused.ShouldBe(Refusal.Superseded);
        appointment.AskToCancel(0, 2, TaskId, ClinicOf(ClinicMode.Full), Now).ShouldBe(Answer.Given); // R20: after accepting
        appointment.AskToCancel(0, 2, Guid.CreateVersion7(), ClinicOf(ClinicMode.Full), Now).ShouldBe(Answer.Repeated);
        appointment.TaskId.ShouldBe(TaskId);
        appointment.AskToRebook(0, null, Guid.CreateVersion7(), ClinicOf(ClinicMode.Full), Now).Refused.ShouldBe(Refusal.RequestOpen);
        Accept(appointment).Refused.ShouldBe(Refusal.RequestOpen);
    }

    [Fact] // A15: the new time answers the rebook request
    public void A_new_time_may_be_accepted_while_the_rebook_request_is_open()
    {
        var appointment = Booked();
        Ask(appointment, PatientRequest.RebookRequested);
        appointment.Take(Facts() with { Start = Start.AddDays(1) }, ClinicOf(ClinicMode.Full), Now);
        Accept(appointment).ShouldBe(Answer.Given);
        (appointment.RequestOpen, appointment.PatientRequest).ShouldBe((false, PatientRequest.Accepted));
    }

    [Fact] // A10
    public void A_request_is_withdrawn_until_an_agent_has_claimed_it()
    {
        var appointment = Booked();
        Ask(appointment, PatientRequest.CancellationRequested);
        var task = new DeskTask(TaskId, "cancel", Patient, "", Now);
        appointment.CanWithdraw(task).ShouldBeTrue();
        task.Claim("booking-centre", Now).ShouldBeTrue();
        appointment.Withdraw(0, null, task).Refused.ShouldBe(Refusal.Claimed);
        var other = Booked();
        Ask(other, PatientRequest.RebookRequested);
        other.Withdraw(0, null, new DeskTask(TaskId, "rebook", Patient, "", Now)).ShouldBe(Answer.Given);
        other.PatientRequest.ShouldBe(PatientRequest.None);
        other.Withdraw(0, 2, null).ShouldBe(Answer.Repeated);
        Booked().Withdraw(0, null, null).Refused.ShouldBe(Refusal.NoRequest);
    }

    [Theory] // A9, R23
    [InlineData(PatientRequest.CancellationRequested, TaskOutcome.Done, true)]
    [InlineData(PatientRequest.CancellationRequested, TaskOutcome.NotReached, true)] // done as asked
    [InlineData(PatientRequest.CancellationRequested, TaskOutcome.Kept, false)]
    [InlineData(PatientRequest.RebookRequested, TaskOutcome.Done, true)] // open until the new time comes
    [InlineData(PatientRequest.RebookRequested, TaskOutcome.NotReached, false)] // stays booked
    [InlineData(PatientRequest.RebookRequested, TaskOutcome.Kept, false)]
    public void Closing_the_task_ends_the_request_or_waits_for_the_PAS(PatientRequest request, TaskOutcome outcome, bool open)
    {
        var appointment = Booked();
        Ask(appointment, request);
        appointment.TaskWasClosed(TaskId, outcome);
        appointment.RequestOpen.ShouldBe(open);
        appointment.PatientRequest.ShouldBe(open ? request : PatientRequest.None);
        appointment.CanWithdraw(null).ShouldBeFalse();
        appointment.AnsweredRevision.ShouldBe(0, "A28: it was an answer, whatever became of it");
        if (!open || request != PatientRequest.RebookRequested) return;
        appointment.Take(Facts() with { Start = Start.AddDays(1) }, ClinicOf(ClinicMode.Full), Now);
        (appointment.RequestOpen, appointment.PatientRequest).ShouldBe((false, PatientRequest.None));
    }

    [Theory] // checklist 110
    [InlineData(PasStatus.Cancelled)]
    [InlineData(PasStatus.Fulfilled)]
    [InlineData(PasStatus.NoShow)]
    public void Nothing_can_be_answered_when_it_is_not_booked_any_more(PasStatus status)
    {
        var appointment = Booked();
        appointment.Take(Facts(status), ClinicOf(ClinicMode.Full), Now);
        Accept(appointment).Refused.ShouldBe(Refusal.NotBooked);
        Ask(appointment, PatientRequest.RebookRequested).Refused.ShouldBe(Refusal.NotBooked);
        Ask(appointment, PatientRequest.CancellationRequested).Refused.ShouldBe(Refusal.NotBooked);
    }

    [Fact] // A9: two working days, England's bank holidays known
    public void Call_back_is_promised_within_two_working_days()
    {
        new DeskTask(TaskId, "rebook", null, "", DateTimeOffset.Parse("2026-12-23T15:00Z")).CallBackBy.ShouldBe(new DateOnly(2026, 12, 29));
    }

    [Fact]
    public void Letter_news_come_in_any_order()
    {
        var letter = new AppointmentLetter(Guid.CreateVersion7());
        letter.Opened(LetterId, 2, 1, Now); // before "ready"
        letter.Ready(LetterId, 2, 1);
        letter.OpenedAt.ShouldBe(Now);
        letter.Ready(LetterId, 1, 0); // overtaken
        letter.LetterVersion.ShouldBe(2);
        letter.Opened(LetterId, 1, 0, Now.AddHours(1));
        letter.OpenedAt.ShouldBe(Now);
        letter.Ready(LetterId, 3, 2);
        letter.OpenedAt.ShouldBeNull();
    }

    private static Answer Ask(Appointment a, PatientRequest request, Clinic? clinic = null, DateTimeOffset? now = null) =>
        request == PatientRequest.RebookRequested
            ? a.AskToRebook(a.Revision, null, TaskId, clinic ?? ClinicOf(ClinicMode.Full), now ?? Now)
            : a.AskToCancel(a.Revision, null, TaskId, clinic ?? ClinicOf(ClinicMode.Full), now ?? Now);
}
