using Microsoft.Extensions.Options;
using PatientHub.Identity.Domain;
using PatientHub.Identity.Persistence;

namespace PatientHub.Identity.Features.SignIn;

/// <summary>
/// A26: above the system-wide budget of wrong codes every step of signing in waits, known pair or not, at most 5 s; not one that began at the patient's own link.
/// The sum is read from PostgreSQL at most once a second per process.
/// </summary>
public sealed partial class SlowDown(GuessCounters counters, IOptions<CodesOptions> options, TimeProvider time, ILogger<SlowDown> logger)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);
    private (DateTimeOffset At, int WrongTries) last = (DateTimeOffset.MinValue, 0);
    private DateTimeOffset nextAlarm = DateTimeOffset.MinValue;

    /// <returns>True when it waited: what was read before is old by now.</returns>
    public async Task<bool> WaitAsync(bool ownLink, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (now - last.At > Freshness) last = (now, await counters.WrongTriesOfTheHourAsync(ct));
        var budget = options.Value.WrongTriesPerHour;
        var delay = GuessLimits.SlowDown(last.WrongTries, budget);
        if (delay == TimeSpan.Zero) return false;
        SignInMetrics.SlowedDown.Add(1);
        if (now >= nextAlarm)
        {
            nextAlarm = now + TimeSpan.FromMinutes(1);
            Log.OverBudget(logger, last.WrongTries, budget);
        }

        if (ownLink) return false;
        await Task.Delay(delay, time, ct);
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Critical, "ALARM: {WrongTries} wrong sign-in codes in the last hour, the budget is {Budget}: possible spraying; sign-in is slowed down (A26).")]
        public static partial void OverBudget(ILogger logger, int wrongTries, int budget);
    }
}
