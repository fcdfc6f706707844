using System.Text.Json;

namespace PatientHub.Calendar;

/// <summary>
/// Bank holidays of England from <c>bank-holidays-england.json</c> (its <c>source</c> names where they are published). No library is used: the days are proclaimed,
/// not computed. A test of this project is red when fewer than twelve months are left, and services log a warning when fewer than six are.
/// </summary>
public static class BankHolidays
{
    private static readonly DataFile Data = Load();

    /// <summary>The first day the data speaks about.</summary>
    public static DateOnly CoversFrom => Data.CoversFrom;

    /// <summary>The last day the data speaks about. Later days count as working days unless they are at a weekend.</summary>
    public static DateOnly CoversUntil => Data.CoversUntil;

    /// <summary>Every bank holiday in the data, in order.</summary>
    public static IReadOnlyCollection<DateOnly> Days => Data.Days;

    /// <summary>Whether this is a bank holiday of England.</summary>
    public static bool IsBankHoliday(DateOnly day) => Data.Days.Contains(day);

    /// <summary>Whether the data ends within so many months of <paramref name="today"/>: time to fetch the next years.</summary>
    public static bool RunOutWithin(int months, DateOnly today) => today.AddMonths(months) > Data.CoversUntil;

    private static DataFile Load()
    {
        using var stream = typeof(BankHolidays).Assembly.GetManifestResourceStream("bank-holidays-england.json")!;
        return JsonSerializer.Deserialize<DataFile>(stream, JsonSerializerOptions.Web)!;
    }

    private sealed record DataFile(string Source, DateOnly CoversFrom, DateOnly CoversUntil, SortedSet<DateOnly> Days);
}
