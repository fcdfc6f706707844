using CsCheck;
using PatientHub.Appointments.Domain;
using PatientHub.Calendar;

namespace PatientHub.Appointments.Tests.Domain;

public sealed class ChangeCutOffTests
{
    [Theory] // R21, A6
    [InlineData("2026-05-20T09:30Z", "2026-05-15T09:30Z")] // A6's example: 10:30am on Friday 15 May
    [InlineData("2026-04-01T09:00Z", "2026-03-27T10:00Z")] // 10am in summer time; five days earlier 10am is in winter time
    [InlineData("2026-10-28T10:00Z", "2026-10-23T09:00Z")] // 10am in winter time; five days earlier 10am is in summer time
    [InlineData("2026-04-03T00:30Z", "2026-03-29T01:30Z")] // 1:30am does not exist on 29 March: an hour later
    [InlineData("2026-10-30T01:30Z", "2026-10-25T01:30Z")] // 1:30am comes twice on 25 October: the later one
    [InlineData("2028-03-05T10:00Z", "2028-02-29T10:00Z")]
    public void Cut_off_is_the_same_wall_clock_time_five_days_before(string start, string cutOff) =>
        ChangeCutOff.Of(DateTimeOffset.Parse(start)).ShouldBe(DateTimeOffset.Parse(cutOff));

    [Fact] // checklist 75: around both clock changes, for every second
    public void Exactly_at_the_cut_off_is_allowed_and_a_tick_later_is_not() =>
        Gen.Select(Gen.Bool, Gen.Int[-8 * 86_400, 8 * 86_400]).Sample((spring, seconds) =>
        {
            var start = (spring ? new DateTimeOffset(2026, 3, 29, 1, 0, 0, TimeSpan.Zero) : new DateTimeOffset(2026, 10, 25, 1, 0, 0, TimeSpan.Zero)).AddSeconds(seconds);
            var cutOff = ChangeCutOff.Of(start);
            ChangeCutOff.Allows(start, cutOff).ShouldBeTrue();
            ChangeCutOff.Allows(start, cutOff.AddTicks(-1)).ShouldBeTrue();
            ChangeCutOff.Allows(start, cutOff.AddTicks(1)).ShouldBeFalse();
            // Never off by more than the clock change, and on the wall exactly five days unless that time does not exist.
            (start - cutOff).ShouldBeInRange(TimeSpan.FromHours((24 * 5) - 1), TimeSpan.FromHours((24 * 5) + 1));
            LondonTime.DateOf(cutOff).ShouldBe(LondonTime.DateOf(start).AddDays(-5));
            var wall = LondonTime.TimeOf(cutOff);
            if (wall != LondonTime.TimeOf(start)) LondonTime.DateOf(cutOff).ShouldBe(new DateOnly(2026, 3, 29));
        });

    [Fact]
    public void Sentence_names_the_instant() =>
        ChangeCutOff.ClosedSentence(DateTimeOffset.Parse("2026-05-20T09:30Z")).ShouldStartWith("You could change this online until 10:30am on Friday 15 May 2026.");
}
