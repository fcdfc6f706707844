using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Appointments.Domain;

namespace PatientHub.Appointments.Tests.Domain;

/// <summary>Checklist 128: each appointment that was fed has exactly one end, or is open.</summary>
public sealed class CountedAppointmentTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 3, 0, 0, TimeSpan.Zero);

    private static CountedAppointment Fed(
        PasStatus status = PasStatus.Booked, int startsInDays = 20, bool announced = true, bool promised = true, bool answered = false, bool hasTask = false, bool merged = false) =>
        new(Guid.CreateVersion7(), Guid.CreateVersion7(), 3, 1, status, Now.AddDays(startsInDays), announced, promised, answered, hasTask, merged);

    private static KnownAppointment Known(TellingProgress telling = TellingProgress.None, int version = 3, int revision = 1, PasStatus status = PasStatus.Booked) =>
        new() { AppointmentId = Guid.Empty, Version = version, Revision = revision, PasStatus = status, Telling = telling };

    [Theory]
    [InlineData(TellingProgress.None, TellingProgress.None, AppointmentEnd.Lost)]
    [InlineData(TellingProgress.Waiting, TellingProgress.None, AppointmentEnd.Open)]
    [InlineData(TellingProgress.None, TellingProgress.Waiting, AppointmentEnd.Open)]
    [InlineData(TellingProgress.Invited, TellingProgress.Waiting, AppointmentEnd.Invited)]
    [InlineData(TellingProgress.Invited, TellingProgress.Posted, AppointmentEnd.Posted)]
    [InlineData(TellingProgress.Invited, TellingProgress.Opened, AppointmentEnd.Opened)]
    [InlineData(TellingProgress.None, TellingProgress.WithPeople, AppointmentEnd.WithPeople)]
    [InlineData(TellingProgress.None, TellingProgress.Stopped, AppointmentEnd.Stopped)]
    [InlineData(TellingProgress.Invited, TellingProgress.Late, AppointmentEnd.Lost)] // the letter was promised, too
    [InlineData(TellingProgress.Invited, TellingProgress.None, AppointmentEnd.Invited)]
    public void A_promised_appointment_ends_where_its_patient_was_told(TellingProgress message, TellingProgress post, AppointmentEnd expected) =>
        Fed().End([Known(message), Known(post)], Now).ShouldBe(expected);

    [Fact]
    public void What_was_told_of_an_older_revision_is_no_end() =>
        Fed().End([Known(TellingProgress.Invited, revision: 0), Known(TellingProgress.Posted, revision: 0)], Now).ShouldBe(AppointmentEnd.Lost);

    [Fact]
    public void The_first_end_that_is_true_counts()
    {
        var posted = Known(TellingProgress.Posted);
        Fed(announced: false).End([], Now).ShouldBe(AppointmentEnd.NotPromised);
        Fed(promised: false, answered: true).End([posted], Now).ShouldBe(AppointmentEnd.NotPromised);
        Fed(PasStatus.Cancelled, answered: true).End([posted], Now).ShouldBe(AppointmentEnd.EndedByHospital);
        Fed(PasStatus.NoShow).End([], Now).ShouldBe(AppointmentEnd.EndedByHospital);
        Fed(answered: true, hasTask: true).End([posted], Now).ShouldBe(AppointmentEnd.Answered);
        Fed(hasTask: true).End([Known()], Now).ShouldBe(AppointmentEnd.WithPeople);
        Fed(startsInDays: -3).End([], Now).ShouldBe(AppointmentEnd.Past);
        Fed(startsInDays: -1).End([Known()], Now).ShouldBe(AppointmentEnd.Lost, "nobody was told, and it was only yesterday");
    }

    [Fact]
    public void Whoever_does_not_know_it_as_it_stands_is_behind()
    {
        Fed().IsStale(null, true, Now).ShouldBeTrue();
        Fed().IsStale(Known(), true, Now).ShouldBeFalse();
        Fed().IsStale(Known(version: 2), true, Now).ShouldBeTrue("it missed an answer");
        Fed().IsStale(Known(version: 2), false, Now).ShouldBeFalse("Letters hears of no answers");
        Fed(merged: true).IsStale(Known(version: 2), true, Now).ShouldBeFalse("a merge is applied by every service for itself (A30)");
        Fed().IsStale(Known(version: 2, revision: 0), false, Now).ShouldBeTrue("it missed a change");
        Fed(PasStatus.Cancelled).IsStale(Known(version: 2), false, Now).ShouldBeTrue("it missed the cancellation");
        Fed().IsStale(Known(version: 4, status: PasStatus.Cancelled), true, Now).ShouldBeFalse("it heard of what came since");
        Fed(announced: false).IsStale(null, true, Now).ShouldBeFalse();
        Fed(startsInDays: -3).IsStale(null, true, Now).ShouldBeFalse();
    }
}
