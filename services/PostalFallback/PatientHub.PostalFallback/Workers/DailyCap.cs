using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using Npgsql;
using PatientHub.Calendar;

namespace PatientHub.PostalFallback.Workers;

/// <summary>
/// Checklist 60: a print house takes so many letters a day. Those with the nearest appointments go, the others rest until London's next day; one alarm says how many, not a task for each. Workers beside each other may go over it by a
/// batch each: the setting leaves room for that.
/// </summary>
internal sealed partial class DailyCap(NpgsqlDataSource database, DueDeadlines deadlines, IOptions<BatchOptions> options, IMeterFactory meters, ILogger<DailyCap> logger)
{
    private readonly Counter<long> _resting = meters.Create("PatientHub.PostalFallback").CreateCounter<long>("patienthub.letters.capped", "{letter}", "Letters that were due and rest until the next day, because the print house takes no more today (alarm above 0)");

    /// <summary>Until when letters rest that the print house does not take today.</summary>
    public static DateTimeOffset NextDay(DateTimeOffset now) => LondonTime.ToInstant(LondonTime.DateOf(now).AddDays(1), TimeOnly.MinValue);

    /// <summary>The letters that may go today, nearest appointment first.</summary>
    /// <param name="due">Leased.</param>
    /// <param name="now">The database's time.</param>
    public async Task<List<DueLetter>> AdmitAsync(List<DueLetter> due, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (due.Count == 0)
            return due;
        var room = Math.Max(0, options.Value.MostLettersADay - await TodayAsync(now, cancellationToken));
        if (due.Count <= room)
            return due;
        var byAppointment = due.OrderBy(letter => letter.Start ?? DateTimeOffset.MaxValue).ThenBy(letter => letter.DueAt).ToList();
        var resting = byAppointment.Skip((int)room).Select(letter => letter.DeadlineId).ToList();
        await deadlines.RestAsync(resting, NextDay(now), cancellationToken);
        _resting.Add(resting.Count);
        Log.Capped(logger, resting.Count, options.Value.MostLettersADay);
        return byAppointment[..(int)room];
    }

    private async Task<long> TodayAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        // A batch that is being written has no number yet: its letters are counted one by one.
        await using var command = database.CreateCommand("""
            select (select coalesce(sum(letters), 0) from batch where coalesce(handed_over_at, created_at) >= $1 and state in ('Written', 'HandedOver'))
                 + (select count(*) from batch b join deadline d on d.batch_id = b.batch_id where b.state = 'Open' and d.state = 'Printing')
            """);
        command.Parameters.AddWithValue(LondonTime.ToInstant(LondonTime.DateOf(now), TimeOnly.MinValue).UtcDateTime);
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Alarm: {Count} letters are due and rest until tomorrow: the print house takes {Most} a day (Batches:MostLettersADay)")]
        public static partial void Capped(ILogger logger, int count, int most);
    }
}
