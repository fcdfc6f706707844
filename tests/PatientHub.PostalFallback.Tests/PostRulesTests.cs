using PatientHub.Appointments.Contracts;
using PatientHub.Letters.Contracts;
using PatientHub.PostalFallback.Domain;
using PatientHub.PostalFallback.Tests.Support;

namespace PatientHub.PostalFallback.Tests;

public sealed class PostRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 9, 0, 0, TimeSpan.Zero);
    private static readonly PostRules Rules = new(new LadderTimes(TimeSpan.FromHours(72), TimeSpan.FromHours(96)));
    private readonly PatientFacts _patient = Known(hasContact: true);

    [Fact] // R3, design: the deadline does not wait for letter or message
    public void Booking_sets_a_deadline_96_hours_later() => Deadline(Booked()).DueAt.ShouldBe(Now.AddHours(96));

    [Fact] // A1, R3
    public void First_invitation_moves_the_deadline_to_72_hours_after_it()
    {
        var deadline = Deadline(Booked());
        Look(Booked(), Ready(invitedAt: Now.AddMinutes(10)), deadline);
        deadline.DueAt.ShouldBe(Now.AddMinutes(10).AddHours(72));
        deadline.Reason.ShouldBe(DueReason.Invitation);
    }

    [Fact] // design: never later than it was
    public void Late_invitation_does_not_put_the_post_off()
    {
        var deadline = Deadline(Booked());
        Look(Booked(), Ready(invitedAt: Now.AddHours(30)), deadline);
        deadline.DueAt.ShouldBe(Now.AddHours(96));
    }

    [Fact] // A22
    public void Ladder_longer_than_the_time_left_is_shortened()
    {
        var appointment = Booked(start: new DateTimeOffset(2026, 5, 18, 9, 0, 0, TimeSpan.Zero)); // arrives Friday 15 May: 6 working days earlier is 7 May
        var deadline = Deadline(appointment);
        deadline.DueAt.ShouldBe(new DateTimeOffset(2026, 5, 7, 16, 30, 0, TimeSpan.Zero));
        deadline.Reason.ShouldBe(DueReason.LastSafePosting);
    }

    [Fact] // A3
    public void Only_the_current_version_opened_stops_the_post()
    {
        var deadline = Deadline(Booked());
        Look(Booked(), Ready(version: 2, openedVersion: 1), deadline);
        deadline.State.ShouldBe(DeadlineState.Waiting);
        Look(Booked(), Ready(version: 2, openedVersion: 2), deadline);
        deadline.State.ShouldBe(DeadlineState.Opened);
    }

    [Theory] // R9, R30, A17
    [InlineData(false, false, false)]
    [InlineData(true, true, false)]
    [InlineData(true, false, true)]
    public void Without_contact_or_opted_out_or_also_post_it_goes_now_whether_opened_or_not(bool hasContact, bool optedOut, bool alsoPost)
    {
        var patient = Known(hasContact);
        patient.Opt(optedOut, Now);
        patient.Prefer(alsoPost, Now);
        var deadline = Rules.Look(Booked(), null, [], patient, Now).Created!;
        Rules.Look(Booked(), Ready(openedVersion: 1), [deadline], patient, Now.AddMinutes(1));
        deadline.DueAt.ShouldBe(Now);
        deadline.State.ShouldBe(DeadlineState.Waiting);
    }

    [Fact] // A34: nothing is refused, nothing is posted early because Identity has not spoken yet
    public void Patient_still_unknown_keeps_the_ladder() =>
        Rules.Look(Booked(), null, [], new PatientFacts(Guid.CreateVersion7()), Now).Created!.DueAt.ShouldBe(Now.AddHours(96));

    [Fact] // A15
    public void New_revision_supersedes_and_starts_again()
    {
        var old = Deadline(Booked());
        var outcome = Look(Booked(version: 2, revision: 1), null, old);
        old.State.ShouldBe(DeadlineState.Superseded);
        outcome.Created!.Revision.ShouldBe(1);
    }

    [Fact] // A15: an opened letter that is replaced has a ladder again
    public void New_version_after_an_opened_one_starts_again()
    {
        var old = Deadline(Booked());
        Look(Booked(), Ready(openedVersion: 1), old);
        var again = Look(Booked(), Ready(version: 2, openedVersion: 1), old).Created.ShouldNotBeNull();
        again.LetterVersion.ShouldBe(2);
        Look(Booked(), Ready(version: 2, openedVersion: 1), old, again).Created.ShouldBeNull();
    }

    [Fact] // A28: one letter by the ladder for each version
    public void Posted_version_is_not_posted_again() => Posted(version: 1).ShouldBeNull();

    [Fact] // A15
    public void New_version_after_a_posted_one_starts_again() => Posted(version: 2).ShouldNotBeNull();

    [Fact] // A29, A15: the PAS's own letter comes after the template letter that stood in for it was posted
    public void Another_letter_of_the_same_revision_after_a_posted_one_has_a_ladder_of_its_own()
    {
        var posted = Deadline(Booked());
        Look(Booked(), Ready(), posted);
        typeof(Deadline).GetProperty(nameof(Domain.Deadline.State))!.SetValue(posted, DeadlineState.Posted);
        var other = new LetterFacts { LetterId = Guid.CreateVersion7() };
        other.Take(News(other, ladder: true) with { AppointmentId = AppointmentId, Revision = 0 });

        var own = Look(Booked(), other, posted).Created.ShouldNotBeNull();
        (own.LetterId, own.LetterVersion).ShouldBe((other.LetterId, 1));
        Look(Booked(), other, posted, own).Created.ShouldBeNull();
    }

    [Fact] // A3: an open request holds, withdrawn or kept releases
    public void Open_request_holds_the_post_until_it_is_released()
    {
        var deadline = Deadline(Booked());
        Look(Booked(version: 2, requestOpen: true), Ready(), deadline);
        deadline.Held.ShouldBeTrue();
        Look(Booked(version: 3), Ready(), deadline);
        deadline.Held.ShouldBeFalse();
        deadline.DueAt.ShouldBe(Now.AddHours(96));
    }

    [Fact] // A24
    public void Death_suspends_and_its_revocation_restarts()
    {
        var deadline = Deadline(Booked());
        _patient.Take(2, true, false, mayNotBeWrittenTo: true, false);
        Look(Booked(), Ready(), deadline);
        deadline.State.ShouldBe(DeadlineState.Suspended);
        _patient.Take(3, true, false, mayNotBeWrittenTo: false, false);
        Look(Booked(), Ready(), deadline);
        deadline.State.ShouldBe(DeadlineState.Waiting);
    }

    [Fact] // R10
    public void Braille_reader_gets_a_task_and_never_plain_print()
    {
        var deadline = Deadline(Booked());
        _patient.Take(2, true, false, false, needsAccessibleFormat: true);
        Look(Booked(), Ready(), deadline).NeedsAccessibleFormat.ShouldBe([deadline]);
        deadline.State.ShouldBe(DeadlineState.HandedToPeople);
        Look(Booked(), Ready(), deadline).NeedsAccessibleFormat.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(PasStatus.Cancelled), InlineData(PasStatus.Fulfilled), InlineData(PasStatus.NoShow), InlineData(PasStatus.EnteredInError)]
    public void Appointment_that_is_no_longer_booked_is_not_posted(PasStatus status)
    {
        var deadline = Deadline(Booked());
        Look(Booked(version: 2, status: status), Ready(), deadline);
        deadline.State.ShouldBe(DeadlineState.Withdrawn);
    }

    [Fact] // R1
    public void Clinic_that_does_not_invite_promises_nothing() => Look(Booked(invites: false), Ready()).Created.ShouldBeNull();

    [Fact] // A31: Appointments takes a promise back (R1 keeps it otherwise) when the appointment is not to be told through the parents
    public void Letter_that_may_not_go_to_the_parents_any_more_is_withdrawn()
    {
        var deadline = Deadline(Booked());
        Look(Booked(version: 2, invites: false), Ready(), deadline);
        deadline.State.ShouldBe(DeadlineState.Withdrawn);
    }

    [Fact] // R10
    public void Letter_without_an_appointment_has_the_ladder_too()
    {
        var letter = new LetterFacts { LetterId = Guid.CreateVersion7() };
        letter.Take(News(letter, ladder: true));
        Rules.Look(letter, [], _patient, Now).Created!.DueAt.ShouldBe(Now.AddHours(96));
    }

    [Fact] // design "Letters": a first load of old documents must not post thousands
    public void Old_letter_without_a_ladder_is_not_posted()
    {
        var letter = new LetterFacts { LetterId = Guid.CreateVersion7() };
        letter.Take(News(letter));
        Rules.Look(letter, [], _patient, Now).Created.ShouldBeNull();
    }

    [Theory] // A15
    [InlineData(60, 50, true)] // earlier
    [InlineData(60, 61, false)]
    [InlineData(60, 60, false)] // another place
    [InlineData(6, 60, true)] // comes this week, for nothing
    [InlineData(6, 6, true)]
    [InlineData(60, 6, true)]
    public void Patient_with_the_old_time_on_paper_is_telephoned_when_the_new_letter_may_come_too_late(int daysBefore, int daysAfter, bool telephoned)
    {
        var before = Deadline(Booked(start: Now.AddDays(daysBefore)));
        var after = Booked(version: 2, revision: 1, start: Now.AddDays(daysAfter));
        Look(after, null, before).Telephone.ShouldBeNull("nothing had gone by post");
        typeof(Deadline).GetProperty(nameof(Domain.Deadline.State))!.SetValue(before, DeadlineState.Posted);
        var outcome = Look(after, null, before);
        outcome.Telephone.ShouldBe(telephoned ? outcome.Created.ShouldNotBeNull() : null);
        Look(after, null, before, outcome.Created!).Telephone.ShouldBeNull("once");
    }

    [Theory] // A23, A22: so long is waited for a message to tell the same
    [InlineData(60, 96.0, DueReason.Booking)]
    [InlineData(11, 0.0, DueReason.LastSafePosting)]
    public void Letter_about_a_cancellation_waits_for_a_message_at_most_until_post_would_come_too_late(int days, double hours, DueReason reason)
    {
        var (about, letter) = (Booked(version: 2, status: PasStatus.Cancelled, start: Now.AddDays(days)), Notice(PostRule.UnlessTold));
        var deadline = Rules.Look(letter, [], _patient, Now, about).Created!;
        deadline.Reason.ShouldBe(reason);
        deadline.DueAt.ShouldBe(hours > 0 ? Now.AddHours(hours) : LastSafePosting.For(about.Start, 0, Postage.Standard));
        deadline.Start.ShouldBe(about.Start, "the class of post is chosen by it");
        Rules.Look(letter, [deadline], _patient, Now, about, Told(news => news.Fail(Now))).Touched.ShouldBe([deadline]);
        (deadline.DueAt, deadline.Reason).ShouldBe((Now, DueReason.Undeliverable));
    }

    [Fact] // A23
    public void Letter_about_a_cancellation_that_a_message_told_is_not_posted()
    {
        var letter = Notice(PostRule.UnlessTold);
        var deadline = Rules.Look(letter, [], _patient, Now, Booked()).Created!;
        Rules.Look(letter, [deadline], _patient, Now, Booked(), Told(news => news.Tell(Now)));
        deadline.State.ShouldBe(DeadlineState.Withdrawn);
        Rules.Look(letter, [deadline], _patient, Now, Booked(), Told(news => news.Tell(Now))).Created.ShouldBeNull("nor later");
    }

    [Fact] // R9, R30: to these everything goes by post
    public void Letter_about_a_cancellation_goes_at_once_to_who_gets_letters_only_whatever_was_told()
    {
        var letter = Notice(PostRule.UnlessTold);
        var deadline = Rules.Look(letter, [], Known(hasContact: false), Now, Booked(), Told(news => news.Tell(Now))).Created!;
        (deadline.State, deadline.DueAt, deadline.Reason).ShouldBe((DeadlineState.Waiting, Now, DueReason.NoContact));
    }

    [Fact] // A3: read in the hub, it is told
    public void Letter_about_a_cancellation_that_was_opened_is_not_posted()
    {
        var letter = Notice(PostRule.UnlessTold);
        letter.Open(1);
        Rules.Look(letter, [], _patient, Now, Booked()).Created!.State.ShouldBe(DeadlineState.Opened);
    }

    [Fact] // A9, A31: a parent may have opened it
    public void News_that_always_goes_by_post_goes_at_once_though_it_was_opened()
    {
        var letter = Notice(PostRule.Always);
        letter.Open(1);
        var deadline = Rules.Look(letter, [], _patient, Now).Created!;
        (deadline.State, deadline.DueAt, deadline.Reason, deadline.GoesOpenedOrNot).ShouldBe((DeadlineState.Waiting, Now, DueReason.Notice, true));
        letter.Withdraw(1);
        Rules.Look(letter, [deadline], _patient, Now);
        deadline.State.ShouldBe(DeadlineState.Withdrawn, "what is not so any more is recalled");
    }

    [Fact] // A30: announced anew to the patient whose it is after all
    public void Letter_that_is_another_patients_by_now_is_not_posted_to_the_one_before()
    {
        var (letter, owner) = (new LetterFacts { LetterId = LetterId, PatientId = Guid.CreateVersion7() }, Guid.CreateVersion7());
        letter.Take(News(letter, ladder: true));
        var deadline = Rules.Look(letter, [], _patient, Now).Created!;
        letter.Take(News(letter, ladder: true, version: 2) with { PatientId = owner });
        Rules.Look(letter, [deadline], _patient, Now);
        (deadline.PatientId, deadline.LetterVersion, deadline.DueAt).ShouldBe((owner, 2, Now.AddHours(96)));
    }

    [Fact]
    public void Older_state_of_an_appointment_changes_nothing()
    {
        var facts = Booked(version: 5, requestOpen: true);
        facts.Take(Post.Appointment(facts.PatientId, version: 4, id: facts.AppointmentId)).ShouldBeFalse();
        facts.RequestOpen.ShouldBeTrue();
    }

    private static readonly Guid AppointmentId = Guid.CreateVersion7();
    private static readonly Guid LetterId = Guid.CreateVersion7();

    private Deadline? Posted(int version)
    {
        var deadline = Deadline(Booked());
        Look(Booked(), Ready(), deadline);
        typeof(Deadline).GetProperty(nameof(Domain.Deadline.State))!.SetValue(deadline, DeadlineState.Posted);
        return Look(Booked(), Ready(version: version), deadline).Created;
    }

    private PostOutcome Look(AppointmentFacts appointment, LetterFacts? letter, params Deadline[] deadlines) => Rules.Look(appointment, letter, deadlines, _patient, Now);

    private Deadline Deadline(AppointmentFacts appointment) => Look(appointment, null).Created!;

    private static PatientFacts Known(bool hasContact)
    {
        var patient = new PatientFacts(Guid.CreateVersion7());
        patient.Take(1, hasContact, false, false, false);
        return patient;
    }

    private static AppointmentFacts Booked(int version = 1, int revision = 0, DateTimeOffset? start = null, bool requestOpen = false, PasStatus status = PasStatus.Booked, bool invites = true)
    {
        var facts = new AppointmentFacts { AppointmentId = AppointmentId };
        facts.Take(Post.Appointment(Guid.CreateVersion7(), version, revision, requestOpen: requestOpen, id: AppointmentId, status: status, invites: invites) with { Start = start ?? Now.AddDays(60), BookedAt = Now });
        return facts;
    }

    private static LetterReady News(LetterFacts letter, bool ladder = false, int version = 1) =>
        new() { LetterId = letter.LetterId, PatientId = letter.PatientId, LetterVersion = version, Ladder = ladder, LetterDate = DateOnly.FromDateTime(Now.UtcDateTime), OccurredAt = Now };

    private static LetterFacts Notice(PostRule post)
    {
        var letter = new LetterFacts { LetterId = LetterId, PatientId = Guid.CreateVersion7() };
        letter.Take(News(letter) with { Post = post, AboutAppointmentId = post == PostRule.UnlessTold ? AppointmentId : null, AboutRevision = post == PostRule.UnlessTold ? 0 : null });
        return letter;
    }

    private static CancellationNews Told(Action<CancellationNews> take)
    {
        var news = new CancellationNews(AppointmentId, 0);
        take(news);
        return news;
    }

    private static LetterFacts Ready(int version = 1, int openedVersion = 0, DateTimeOffset? invitedAt = null)
    {
        var letter = new LetterFacts { LetterId = LetterId };
        letter.Take(News(letter, ladder: true, version: version) with { AppointmentId = AppointmentId, Revision = 0 });
        letter.Open(openedVersion);
        if (invitedAt is { } at)
            letter.Invite(version, at);
        return letter;
    }
}
