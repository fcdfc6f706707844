namespace PatientHub.Identity.Domain;

/// <summary>The numbers that stop guessing (R15, A12, A14, A26). Constants, not settings.</summary>
public static class GuessLimits
{
    /// <summary>R15: a code lives this long, by its key's TTL.</summary>
    public static readonly TimeSpan CodeLife = TimeSpan.FromSeconds(150);

    /// <summary>A13: an attempt lives this long.</summary>
    public static readonly TimeSpan AttemptLife = TimeSpan.FromMinutes(15);

    /// <summary>A12: the 5th wrong try burns the code; A14: the 5th wrong UVC ends the attempt.</summary>
    public const int TriesPerCode = 5;

    /// <summary>A12: new codes of one sign-in before the wait.</summary>
    public const int NewCodesAtOnce = 3;

    /// <summary>A12: wait between further new codes of one sign-in.</summary>
    public static readonly TimeSpan NewCodeWait = TimeSpan.FromSeconds(60);

    /// <summary>A12: per destination in ten minutes.</summary>
    public const int CodesPerTenMinutes = 8;

    /// <summary>A12: per destination in 24 hours.</summary>
    public const int CodesPerDay = 20;

    /// <summary>A12: wait after the first burnt code.</summary>
    public static readonly TimeSpan FirstBackOff = TimeSpan.FromSeconds(30);

    /// <summary>A12: the wait doubles up to this.</summary>
    public static readonly TimeSpan LongestBackOff = TimeSpan.FromHours(1);

    /// <summary>Counters without a wrong try for so long begin again.</summary>
    public static readonly TimeSpan Forgotten = TimeSpan.FromHours(24);

    /// <summary>A33: so many failed sign-ins of a known pair post the pending letters.</summary>
    public const int FailedSignIns = 3;

    /// <summary>A26: sign-in never slows down by more than this.</summary>
    public static readonly TimeSpan LongestSlowDown = TimeSpan.FromSeconds(5);

    /// <summary>A12: the wait after the <paramref name="wrongTries"/>-th wrong try since the last success. Every fifth is as good as a burnt code, spread over codes or
    /// not: four tries at each of many codes must not go unnoticed. The same rule stands in the counters' SQL.</summary>
    public static TimeSpan? BackOffAfter(int wrongTries)
    {
        if (wrongTries == 0 || wrongTries % TriesPerCode != 0) return null;
        var doublings = Math.Min((wrongTries / TriesPerCode) - 1, 20);
        var wait = FirstBackOff * Math.Pow(2, doublings);
        return wait < LongestBackOff ? wait : LongestBackOff;
    }

    /// <summary>A26: the delay of each step of signing in when <paramref name="wrongTries"/> of the last hour exceed <paramref name="budget"/>: 1 s at once, 5 s at
    /// twice the budget.</summary>
    public static TimeSpan SlowDown(int wrongTries, int budget)
    {
        if (wrongTries <= budget) return TimeSpan.Zero;
        var excess = Math.Min((wrongTries - budget) / (double)Math.Max(budget, 1), 1);
        return TimeSpan.FromSeconds(1) + ((LongestSlowDown - TimeSpan.FromSeconds(1)) * excess);
    }
}
