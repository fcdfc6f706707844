using PatientHub.Calendar;

namespace PatientHub.Appointments.Workers;

/// <summary>A9 promises a call within two working days: says months ahead that the list of bank holidays ends.</summary>
internal sealed partial class BankHolidayWatch(TimeProvider time, ILogger<BankHolidayWatch> logger) : BackgroundService
{
    public const int MonthsAhead = 6;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var daily = new PeriodicTimer(TimeSpan.FromDays(1), time);
        do Look();
        while (await daily.WaitForNextTickAsync(stoppingToken));
    }

    internal void Look()
    {
        if (BankHolidays.RunOutWithin(MonthsAhead, LondonTime.DateOf(time.GetUtcNow()))) Log.RunningOut(logger, BankHolidays.CoversUntil);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The list of bank holidays ends on {Until}: add the next years to bank-holidays-england.json.")]
        public static partial void RunningOut(ILogger logger, DateOnly until);
    }
}
