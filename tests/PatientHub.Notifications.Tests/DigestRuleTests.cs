using PatientHub.Calendar;
using PatientHub.Notifications.Domain;

namespace PatientHub.Notifications.Tests;

/// <summary>When a message may wait for others.</summary>
public sealed class DigestRuleTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 11, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Theory]
    [InlineData(JourneyKind.Invitation, -20, 40)]
    [InlineData(JourneyKind.AppointmentReminder, -20, 40)]
    [InlineData(JourneyKind.Moved, -20, null)] // A23
    [InlineData(JourneyKind.Cancelled, -20, null)]
    [InlineData(JourneyKind.NotReached, -20, null)]
    [InlineData(JourneyKind.Invitation, -60, null)] // the window is over
    [InlineData(JourneyKind.Invitation, null, null)] // the first one
    public void Within_the_window_messages_wait(JourneyKind kind, int? lastMinutes, int? waitsMinutes) =>
        Digest.HoldUntil(Step(kind), Now.AddDays(30), lastMinutes is { } last ? Now.AddMinutes(last) : null, Hour, QuietHours.Default, failed: false, Now)
            .ShouldBe(waitsMinutes is { } minutes ? Now.AddMinutes(minutes) : null);

    [Fact]
    public void Nothing_waits_when_it_could_cost_the_patient_something()
    {
        var last = Now.AddMinutes(-20);
        var far = Now.AddDays(30);
        Digest.HoldUntil(Step(letterBy: Now.AddMinutes(30)), far, last, Hour, QuietHours.Default, false, Now).ShouldBeNull("the letter's time");
        Digest.HoldUntil(Step(lapsesAt: Now.AddMinutes(30)), far, last, Hour, QuietHours.Default, false, Now).ShouldBeNull("the reminder's end");
        Digest.HoldUntil(Step(), Now.AddDays(5), last, Hour, QuietHours.Default, false, Now).ShouldBeNull("a near appointment");
        Digest.HoldUntil(Step(), far, last, Hour, QuietHours.Default, failed: true, Now).ShouldBeNull("the other channel, at once (A18)");
        var evening = new DateTimeOffset(2026, 5, 4, 18, 45, 0, TimeSpan.Zero); // 19:45 in London
        Digest.HoldUntil(Step(), far, evening.AddMinutes(-5), Hour, QuietHours.Default, false, evening).ShouldBeNull("until the morning");
        Digest.HoldUntil(Step(), far, evening.AddMinutes(-5), Hour, QuietHours.Default with { Enabled = false }, false, evening).ShouldNotBeNull();
    }

    [Fact]
    public void A_ladder_of_seconds_gathers_for_less_than_a_second()
    {
        Digest.Window(new DigestOptions(), new LadderOptions()).ShouldBe(Hour);
        Digest.Window(new DigestOptions(), new LadderOptions { FirstReminderAfter = TimeSpan.FromSeconds(12) }).ShouldBe(TimeSpan.FromSeconds(0.5));
        Digest.Window(new DigestOptions { Window = TimeSpan.Zero }, new LadderOptions()).ShouldBe(TimeSpan.Zero);
    }

    private static JourneyStep Step(JourneyKind kind = JourneyKind.Invitation, DateTimeOffset? letterBy = null, DateTimeOffset? lapsesAt = null) => new()
    {
        Id = Guid.CreateVersion7(),
        Kind = kind,
        Step = 0,
        PatientId = Guid.CreateVersion7(),
        SubjectId = Guid.CreateVersion7(),
        SubjectVersion = 1,
        DueAt = Now,
        NextAt = Now,
        LetterBy = letterBy ?? Now.AddDays(4),
        LapsesAt = lapsesAt,
        CreatedAt = Now,
    };
}
