using CsCheck;

namespace PatientHub.Calendar.Tests;

public sealed class QuietHoursTests
{
    [Theory] // A5
    [InlineData("2026-06-10T06:59:59Z", "2026-06-10T07:00Z")] // summer: 8:00 is 07:00 UTC
    [InlineData("2026-06-10T07:00Z", "2026-06-10T07:00Z")]
    [InlineData("2026-06-10T18:59:59Z", "2026-06-10T18:59:59Z")]
    [InlineData("2026-06-10T19:00Z", "2026-06-11T07:00Z")]
    [InlineData("2026-12-10T23:30Z", "2026-12-11T08:00Z")]
    [InlineData("2026-03-28T21:00Z", "2026-03-29T07:00Z")] // over the spring change
    [InlineData("2026-10-24T20:00Z", "2026-10-25T08:00Z")] // over the autumn change
    public void Next_allowed_minute(string instant, string next) => QuietHours.Default.NextAllowed(DateTimeOffset.Parse(instant)).ShouldBe(DateTimeOffset.Parse(next));

    [Fact]
    public void Next_allowed_is_allowed_not_before_and_within_a_night() =>
        Gen.Int[0, 366 * 86_400].Select(s => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(s)).Sample(instant =>
        {
            var next = QuietHours.Default.NextAllowed(instant);
            QuietHours.Default.IsAllowed(next).ShouldBeTrue();
            (next - instant).ShouldBeInRange(TimeSpan.Zero, TimeSpan.FromHours(13));
            if (QuietHours.Default.IsAllowed(instant)) next.ShouldBe(instant);
        });

    [Fact]
    public void Switched_off_allows_everything()
    {
        var night = DateTimeOffset.Parse("2026-12-10T03:00Z");
        (QuietHours.Default with { Enabled = false }).NextAllowed(night).ShouldBe(night);
    }
}

public sealed class TwentyFourMonthsTests
{
    [Theory] // R26, A16: kept on the last day, over on the next
    [InlineData("2024-05-10", "2026-05-10T22:59:59Z", false)]
    [InlineData("2024-05-10", "2026-05-10T23:00:00Z", true)] // midnight in London
    [InlineData("2024-12-10", "2026-12-10T23:59:59Z", false)]
    [InlineData("2024-12-10", "2026-12-11T00:00:00Z", true)]
    [InlineData("2024-02-29", "2026-02-28T12:00:00Z", false)]
    [InlineData("2024-02-29", "2026-03-01T00:00:00Z", true)]
    [InlineData("2022-03-11", "2026-11-23T12:00:00Z", true)] // the UK Core example
    public void Are_over(string date, string now, bool over) => TwentyFourMonths.AreOver(DateOnly.Parse(date), DateTimeOffset.Parse(now)).ShouldBe(over);

    [Fact] // The query's bound and the rule are one rule.
    public void Oldest_start_agrees() =>
        Gen.Select(Gen.Int[0, 1500], Gen.Int[700, 760], Gen.Int[0, 86_399]).Sample((d, ago, second) =>
        {
            var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddDays(d).AddSeconds(second);
            var start = now.AddDays(-ago);
            TwentyFourMonths.AreOver(start, now).ShouldBe(start < TwentyFourMonths.OldestStart(now));
        });
}
