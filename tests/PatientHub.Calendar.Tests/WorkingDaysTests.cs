using CsCheck;

namespace PatientHub.Calendar.Tests;

public sealed class WorkingDaysTests
{
    private static readonly Gen<DateOnly> Day = Gen.Int[0, 4 * 365].Select(d => new DateOnly(2025, 1, 1).AddDays(d));

    [Fact] // A9, A22
    public void Add_lands_on_a_working_day_and_counts_them() => Gen.Select(Day, Gen.Int[1, 30]).Sample((day, count) =>
    {
        var later = WorkingDays.Add(day, count);
        WorkingDays.IsWorkingDay(later).ShouldBeTrue();
        WorkingDays.Between(day, later).ShouldBe(count);
        var earlier = WorkingDays.Add(day, -count);
        WorkingDays.IsWorkingDay(earlier).ShouldBeTrue();
        WorkingDays.Between(earlier, day.AddDays(-1)).ShouldBe(count - 1);
    });

    [Theory]
    [InlineData("2026-12-23", 2, "2026-12-29")] // 25th a holiday, 26th a Saturday, 28th its substitute
    [InlineData("2026-04-02", 1, "2026-04-07")] // Easter
    [InlineData("2026-11-20", 1, "2026-11-23")] // a weekend
    [InlineData("2026-11-22", 0, "2026-11-23")]
    [InlineData("2026-11-23", 0, "2026-11-23")]
    [InlineData("2027-01-04", -2, "2026-12-30")]
    public void Add_working_days(string from, int days, string to) => WorkingDays.Add(DateOnly.Parse(from), days).ShouldBe(DateOnly.Parse(to));

    [Fact] // The proclaimed days against the rules that they usually follow: a wrong digit in the file shows.
    public void Bank_holidays_follow_the_usual_rules()
    {
        for (var year = BankHolidays.CoversFrom.Year; year <= BankHolidays.CoversUntil.Year; year++)
        {
            var easter = EasterSunday(year);
            var expected = new List<DateOnly>
            {
                easter.AddDays(-2), easter.AddDays(1), Monday(new(year, 5, 1), 1), Monday(new(year, 5, 31), -1), Monday(new(year, 8, 31), -1), Substitute(new(year, 1, 1)),
            };
            var christmas = new DateOnly(year, 12, 25);
            expected.AddRange(christmas.DayOfWeek switch
            {
                DayOfWeek.Friday => [christmas, christmas.AddDays(3)],
                DayOfWeek.Saturday => [christmas.AddDays(2), christmas.AddDays(3)],
                DayOfWeek.Sunday => [christmas.AddDays(1), christmas.AddDays(2)],
                _ => [christmas, christmas.AddDays(1)],
            });
            BankHolidays.Days.Where(d => d.Year == year).ShouldBe(expected.Order());
        }

        static DateOnly Monday(DateOnly day, int step)
        {
            while (day.DayOfWeek != DayOfWeek.Monday) day = day.AddDays(step);
            return day;
        }

        static DateOnly Substitute(DateOnly day) => day.DayOfWeek switch
        {
            DayOfWeek.Saturday => day.AddDays(2),
            DayOfWeek.Sunday => day.AddDays(1),
            _ => day,
        };
    }

    [Fact] // Red a year ahead: then fetch the next years from the source that the file names.
    public void Bank_holidays_last_for_another_year() => BankHolidays.RunOutWithin(12, LondonTime.DateOf(TimeProvider.System.GetUtcNow())).ShouldBeFalse(
        $"bank-holidays-england.json ends on {BankHolidays.CoversUntil}");

    [Fact]
    public void Running_out_is_noticed()
    {
        BankHolidays.RunOutWithin(6, BankHolidays.CoversUntil.AddMonths(-6)).ShouldBeFalse();
        BankHolidays.RunOutWithin(6, BankHolidays.CoversUntil.AddMonths(-5)).ShouldBeTrue();
    }

    // Anonymous Gregorian algorithm.
    private static DateOnly EasterSunday(int year)
    {
        int a = year % 19, b = year / 100, c = year % 100, d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
        int h = ((19 * a) + b - d - g + 15) % 30, i = c / 4, k = c % 4, l = (32 + (2 * e) + (2 * i) - h - k) % 7, m = (a + (11 * h) + (22 * l)) / 451;
        return new DateOnly(year, (h + l - (7 * m) + 114) / 31, ((h + l - (7 * m) + 114) % 31) + 1);
    }
}
