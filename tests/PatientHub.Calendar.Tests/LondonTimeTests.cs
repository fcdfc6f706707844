using CsCheck;

namespace PatientHub.Calendar.Tests;

public sealed class LondonTimeTests
{
    private static readonly DateTimeOffset Spring = new(2026, 3, 29, 1, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Autumn = new(2026, 10, 25, 1, 0, 0, TimeSpan.Zero);

    /// <summary>Instants of two days around both changes of 2026, to the second.</summary>
    private static readonly Gen<DateTimeOffset> AroundTheChanges =
        Gen.Select(Gen.Bool.Select(spring => spring ? Spring : Autumn), Gen.Int[-172_800, 172_800]).Select((change, seconds) => change.AddSeconds(seconds));

    [Fact]
    public void Wall_clock_leads_back_to_the_instant() => AroundTheChanges.Sample(instant =>
    {
        var (date, time) = (LondonTime.DateOf(instant), LondonTime.TimeOf(instant));
        var first = LondonTime.ToInstant(date, time);
        var second = LondonTime.ToInstant(date, time, RepeatedHour.Second);
        (first == instant || second == instant).ShouldBeTrue();
        (second - first).ShouldBe(instant >= Autumn.AddHours(-1) && instant < Autumn.AddHours(1) ? TimeSpan.FromHours(1) : TimeSpan.Zero);
        first.Offset.ShouldBe(TimeSpan.Zero);
    });

    [Fact]
    public void Later_on_the_wall_is_never_earlier_in_time() =>
        Gen.Select(Gen.Bool.Select(spring => spring ? new DateTime(2026, 3, 28) : new DateTime(2026, 10, 24)), Gen.Int[0, 2 * 1440], Gen.Int[0, 2 * 1440]).Sample((day, a, b) =>
        {
            var (x, y) = (day.AddMinutes(Math.Min(a, b)), day.AddMinutes(Math.Max(a, b)));
            // A time in the hour that is left out in March means one as far behind it.
            if (x >= new DateTime(2026, 3, 29, 1, 0, 0) && x < new DateTime(2026, 3, 29, 2, 0, 0)) return;
            LondonTime.ToInstant(DateOnly.FromDateTime(y), TimeOnly.FromDateTime(y), RepeatedHour.Second)
                .ShouldBeGreaterThanOrEqualTo(LondonTime.ToInstant(DateOnly.FromDateTime(x), TimeOnly.FromDateTime(x)));
        });

    [Theory]
    [InlineData("2026-03-29", "00:59", "2026-03-29T00:59Z")]
    [InlineData("2026-03-29", "01:30", "2026-03-29T01:30Z")] // jumped over: 2:30 in summer time
    [InlineData("2026-03-29", "02:00", "2026-03-29T01:00Z")]
    [InlineData("2026-10-25", "00:59", "2026-10-24T23:59Z")]
    [InlineData("2026-10-25", "01:30", "2026-10-25T00:30Z")]
    [InlineData("2026-10-25", "02:00", "2026-10-25T02:00Z")]
    [InlineData("2026-07-01", "10:00", "2026-07-01T09:00Z")]
    public void Instant_of_a_wall_clock_time(string date, string time, string instant) =>
        LondonTime.ToInstant(DateOnly.Parse(date), TimeOnly.Parse(time)).ShouldBe(DateTimeOffset.Parse(instant));

    [Fact]
    public void Repeated_time_comes_twice() =>
        LondonTime.ToInstant(new(2026, 10, 25), new(1, 30), RepeatedHour.Second).ShouldBe(DateTimeOffset.Parse("2026-10-25T01:30Z"));

    [Theory]
    [InlineData("2026-08-06T16:30Z", "Thursday 6 August 2026 at 5:30pm")]
    [InlineData("2026-12-09T14:30Z", "Wednesday 9 December 2026 at 2:30pm")]
    [InlineData("2026-12-09T09:00Z", "Wednesday 9 December 2026 at 9am")]
    [InlineData("2026-12-09T12:00Z", "Wednesday 9 December 2026 at midday")]
    [InlineData("2026-12-09T00:00Z", "Wednesday 9 December 2026 at midnight")]
    [InlineData("2026-12-09T00:05Z", "Wednesday 9 December 2026 at 12:05am")]
    [InlineData("2026-06-30T23:30Z", "Wednesday 1 July 2026 at 12:30am")]
    public void Dates_and_times_read_as_the_service_manual_says(string instant, string text) =>
        LondonTime.FormatDateAtTime(DateTimeOffset.Parse(instant)).ShouldBe(text);

    [Fact] // A6's own example
    public void Time_on_date() => LondonTime.FormatTimeOnDate(DateTimeOffset.Parse("2026-05-15T09:30Z")).ShouldBe("10:30am on Friday 15 May 2026");
}
