namespace PatientHub.Calendar;

/// <summary>Monday to Friday without the bank holidays of England (A9, A22).</summary>
public static class WorkingDays
{
    /// <summary>Whether people work on this day.</summary>
    public static bool IsWorkingDay(DateOnly day) =>
        day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !BankHolidays.IsBankHoliday(day);

    /// <summary>
    /// The working day that is so many working days after (negative: before) <paramref name="day"/>. Zero gives the day itself, or the next working day when it is none.
    /// </summary>
    public static DateOnly Add(DateOnly day, int workingDays)
    {
        if (workingDays == 0)
        {
            while (!IsWorkingDay(day)) day = day.AddDays(1);
            return day;
        }

        var step = Math.Sign(workingDays);
        for (var left = Math.Abs(workingDays); left > 0;)
        {
            day = day.AddDays(step);
            if (IsWorkingDay(day)) left--;
        }

        return day;
    }

    /// <summary>Working days after <paramref name="from"/> up to and including <paramref name="to"/>; 0 when <paramref name="to"/> is not later.</summary>
    public static int Between(DateOnly from, DateOnly to)
    {
        var count = 0;
        for (var day = from.AddDays(1); day <= to; day = day.AddDays(1))
            if (IsWorkingDay(day)) count++;
        return count;
    }
}
