using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Calendar;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Letters.Contracts.Http;
using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Domain;
using PatientHub.Notifications.Workers;

namespace PatientHub.Notifications.Tests;

/// <summary>The last look's verdict, as a table.</summary>
public sealed class StepDecisionTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 11, 0, 0, TimeSpan.Zero); // midday in London
    private static readonly DateTimeOffset Night = new(2026, 5, 4, 22, 0, 0, TimeSpan.Zero); // 11pm
    private readonly Guid _patient = Guid.CreateVersion7();
    private readonly Guid _letter = Guid.CreateVersion7();
    private readonly Guid _appointment = Guid.CreateVersion7();

    [Fact]
    public void Sends_by_text_when_all_is_well() => Decide(Step()).ShouldBe(new StepDecision.Send(Channel.Sms));

    [Theory]
    [InlineData(true, true, Channel.Email, Channel.Email)] // R28
    [InlineData(true, false, Channel.Email, Channel.Sms)]
    [InlineData(false, true, null, Channel.Email)]
    [InlineData(true, true, null, Channel.Sms)]
    public void The_channel_is_the_preferred_one_else_text_else_email(bool mobile, bool email, Channel? preferred, Channel expected) =>
        Decide(Step(), contact: c => c with { Mobile = mobile ? c.Mobile : null, Email = email ? c.Email : null }, circumstances: c => c with { Preferred = preferred }).ShouldBe(new StepDecision.Send(expected));

    [Fact]
    public void A_failed_channel_leaves_the_other_and_then_none()
    {
        // A18
        Decide(Step(), circumstances: c => c with { Failed = [Channel.Sms] }).ShouldBe(new StepDecision.Send(Channel.Email));
        Decide(Step(), circumstances: c => c with { Failed = [Channel.Sms, Channel.Email] }).ShouldBe(new StepDecision.Close(StepState.Undeliverable, StopReasons.NoChannel));
    }

    [Fact]
    public void Who_may_not_be_written_to_is_not()
    {
        Decide(Step(), contact: c => c with { MaySend = false }).ShouldBe(Stopped(StopReasons.MayNotSend)); // A24
        Decide(Step(), contact: c => c with { LettersOnly = true }).ShouldBe(Stopped(StopReasons.LettersOnly)); // R9
        Decide(Step(), circumstances: c => c with { OptedOut = true }).ShouldBe(Stopped(StopReasons.OptedOut)); // R30
        Decide(Step(), appointment: a => a with { ClinicMode = ClinicMode.Hidden }).ShouldBe(Stopped(StopReasons.Hidden)); // R1
    }

    [Fact]
    public void A_mode_that_was_switched_drops_nothing_promised() => // R1
        Decide(Step(), appointment: a => a with { ClinicMode = ClinicMode.ViewOnly, Invites = false }).ShouldBeOfType<StepDecision.Send>();

    [Theory]
    [InlineData(PatientRequest.Accepted, 0, false)]
    [InlineData(PatientRequest.Accepted, 1, false)]
    [InlineData(PatientRequest.RebookRequested, 0, true)] // A15: the new letter is announced, nobody is reminded
    [InlineData(PatientRequest.RebookRequested, 1, false)]
    [InlineData(PatientRequest.CancellationRequested, 2, false)]
    public void Nobody_is_reminded_of_what_he_answered(PatientRequest request, int step, bool goes) =>
        (Decide(Step(step: step), appointment: a => a with { PatientRequest = request }) is StepDecision.Send).ShouldBe(goes);

    [Theory]
    [InlineData(PatientRequest.Accepted)]
    [InlineData(PatientRequest.CancellationRequested)]
    public void Appointment_reminders_go_to_everyone_booked(PatientRequest request) => // A28
        Decide(Step(JourneyKind.AppointmentReminder, 7), appointment: a => a with { PatientRequest = request }).ShouldBeOfType<StepDecision.Send>();

    [Fact]
    public void Opened_posted_withdrawn_replaced_moved_cancelled_and_started_stop()
    {
        Decide(Step(step: 1), letter: l => l with { Opened = true }).ShouldBe(Stopped(StopReasons.Opened));
        Decide(Step(step: 1), circumstances: c => c with { LetterPosted = true }).ShouldBe(Stopped(StopReasons.Posted));
        Decide(Step(), letter: l => l with { Withdrawn = true }).ShouldBe(Stopped(StopReasons.Superseded));
        Decide(Step(), letter: l => l with { LetterVersion = 2 }).ShouldBe(Stopped(StopReasons.Superseded));
        Decide(Step(), appointment: a => a with { Revision = 1 }).ShouldBe(Stopped(StopReasons.Superseded));
        Decide(Step(), appointment: a => a with { PasStatus = PasStatus.Cancelled }).ShouldBe(Stopped(StopReasons.NotBooked));
        Decide(Step(), appointment: a => a with { Start = Noon }).ShouldBe(Stopped(StopReasons.Started));
        Decide(Step(JourneyKind.Cancelled), appointment: a => a with { PasStatus = PasStatus.Cancelled }).ShouldBeOfType<StepDecision.Send>();
        Decide(Step(JourneyKind.Cancelled)).ShouldBe(Stopped(StopReasons.Superseded)); // booked again meanwhile
    }

    [Fact]
    public void An_answer_to_an_older_revision_does_not_stop_a_newer_one() =>
        Decide(Step(revision: 1), appointment: a => a with { Revision = 0, PatientRequest = PatientRequest.Accepted }).ShouldBeOfType<StepDecision.Send>();

    [Fact] // A31, A5
    public void That_contacts_end_is_told_through_a_parent_and_by_day_alone()
    {
        var step = Step(JourneyKind.ContactsEnd);
        Decide(step, contact: c => c with { ThroughParent = true }).ShouldBe(new StepDecision.Send(Channel.Sms));
        Decide(step, contact: c => c with { ThroughParent = true }, at: Night).ShouldBeOfType<StepDecision.Hold>();
        Decide(step).ShouldBe(new StepDecision.Close(StepState.Lapsed, StopReasons.TooLate));
    }

    [Fact]
    public void Without_a_reply_it_waits_until_it_is_too_late()
    {
        var blind = new Look(null, null, null);
        StepDecision.Of(Step(lapsesAt: Noon.AddHours(1)), blind, Circumstances(Noon)).ShouldBe(new StepDecision.Wait(Noon.AddSeconds(10)));
        StepDecision.Of(Step(lapsesAt: Noon), blind, Circumstances(Noon)).ShouldBe(new StepDecision.Close(StepState.Lapsed, StopReasons.TooLate));
        var unknownPatient = new Look(new Dictionary<Guid, PatientContact>(), new Dictionary<Guid, AppointmentStanding>(), new Dictionary<Guid, LetterStanding>());
        StepDecision.Of(Step(), unknownPatient, Circumstances(Noon)).ShouldBeOfType<StepDecision.Wait>(); // A34
    }

    [Fact]
    public void At_night_it_waits_for_eight_but_never_past_the_letters_time()
    {
        // A5
        var eight = new DateTimeOffset(2026, 5, 5, 7, 0, 0, TimeSpan.Zero);
        Decide(Step(step: 1, lapsesAt: eight.AddMinutes(1)), at: Night).ShouldBe(new StepDecision.Hold(eight));
        Decide(Step(step: 1, lapsesAt: eight), at: Night).ShouldBe(new StepDecision.Close(StepState.Lapsed, StopReasons.TooLate));
        Decide(Step(), at: Night, circumstances: c => c with { QuietHours = QuietHours.Default with { Enabled = false } }).ShouldBeOfType<StepDecision.Send>();
    }

    [Fact]
    public void News_about_tomorrow_morning_may_wake_people()
    {
        // A5: old or new start within 12 h of the next allowed minute.
        var eight = new DateTimeOffset(2026, 5, 5, 7, 0, 0, TimeSpan.Zero);
        AppointmentState Cancelled(AppointmentState a, DateTimeOffset start) => a with { PasStatus = PasStatus.Cancelled, Start = start };
        Decide(Step(JourneyKind.Cancelled), at: Night, appointment: a => Cancelled(a, eight.AddHours(12))).ShouldBeOfType<StepDecision.Send>();
        Decide(Step(JourneyKind.Cancelled), at: Night, appointment: a => Cancelled(a, eight.AddHours(13))).ShouldBe(new StepDecision.Hold(eight));
        Decide(Step(JourneyKind.Moved, previousStart: eight.AddHours(2)), at: Night).ShouldBeOfType<StepDecision.Send>();
        Decide(Step(), at: Night, appointment: a => a with { Start = eight.AddHours(2) }).ShouldBe(new StepDecision.Hold(eight)); // an invitation never
    }

    [Fact]
    public void Reminder_days_are_Londons_days()
    {
        // A4: across 25 October 2026 the wall clock stays, the instant moves.
        AppointmentReminder.DueAt(new DateTimeOffset(2026, 10, 27, 9, 30, 0, TimeSpan.Zero), 7).ShouldBe(new DateTimeOffset(2026, 10, 20, 8, 30, 0, TimeSpan.Zero));
        AppointmentReminder.DueAt(new DateTimeOffset(2026, 3, 30, 8, 30, 0, TimeSpan.Zero), 2).ShouldBe(new DateTimeOffset(2026, 3, 28, 9, 30, 0, TimeSpan.Zero));
    }

    private static StepDecision.Close Stopped(string reason) => new(StepState.Stopped, reason);

    private StepDecision Decide(
        JourneyStep step, Func<PatientContact, PatientContact>? contact = null, Func<AppointmentState, AppointmentState>? appointment = null, Func<LetterStanding, LetterStanding>? letter = null,
        Func<StepDecision.Circumstances, StepDecision.Circumstances>? circumstances = null, DateTimeOffset? at = null)
    {
        var known = new PatientContact
        {
            PatientId = _patient,
            MaySend = true,
            LettersOnly = false,
            FirstName = "Ford",
            ThroughParent = false,
            Mobile = "+447700900001",
            Email = "f@zaphod.example",
            Language = "en",
            LinkToken = "t",
        };
        var state = new AppointmentState
        {
            AppointmentId = _appointment,
            PatientId = _patient,
            ClinicId = Guid.CreateVersion7(),
            SourceSystem = "pas",
            SourceId = "A1",
            PasStatus = PasStatus.Booked,
            PatientRequest = PatientRequest.None,
            RequestOpen = false,
            Start = Noon.AddDays(20),
            Medium = AppointmentMedium.FaceToFace,
            ClinicMode = ClinicMode.Full,
            Invites = true,
            LetterSource = LetterSource.Template,
            PostalNoticeDays = 0,
            BookedAt = Noon,
            Version = 1,
            Revision = 0,
        };
        var standing = new LetterStanding { LetterId = _letter, PatientId = _patient, LetterVersion = 1, Opened = false, Withdrawn = false, AppointmentId = _appointment, Revision = 0 };
        var look = new Look(
            new Dictionary<Guid, PatientContact> { [_patient] = (contact ?? (c => c))(known) },
            new Dictionary<Guid, AppointmentStanding>
            {
                [_appointment] = new() { Appointment = (appointment ?? (a => a))(state), SiteAddress = [], ClinicName = "x", ClinicPhone = "x", OffersChanges = true },
            },
            new Dictionary<Guid, LetterStanding> { [_letter] = (letter ?? (l => l))(standing) });
        return StepDecision.Of(step, look, (circumstances ?? (c => c))(Circumstances(at ?? Noon)));
    }

    private static StepDecision.Circumstances Circumstances(DateTimeOffset now) => new() { Now = now, QuietHours = QuietHours.Default, LookAgainAfter = TimeSpan.FromSeconds(10) };

    private JourneyStep Step(JourneyKind kind = JourneyKind.Invitation, int step = 0, int revision = 0, DateTimeOffset? lapsesAt = null, DateTimeOffset? previousStart = null) => new()
    {
        Id = Guid.CreateVersion7(),
        Kind = kind,
        Step = step,
        PatientId = _patient,
        SubjectId = _letter,
        SubjectVersion = 1,
        LetterId = kind == JourneyKind.Invitation ? _letter : null,
        LetterVersion = 1,
        AppointmentId = _appointment,
        Revision = revision,
        DueAt = Noon,
        NextAt = Noon,
        LapsesAt = lapsesAt,
        CreatedAt = Noon,
        PreviousStart = previousStart,
    };
}
