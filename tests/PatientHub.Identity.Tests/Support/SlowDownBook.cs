using System.Diagnostics;
using PatientHub.Identity.Domain;

namespace PatientHub.Identity.Tests.Support;

/// <summary>The system's clock, which counts the longest slow-downs of A26 that requests ask it for. Those are over at once: how long a machine takes is no proof of a wait.</summary>
public sealed class SlowDownBook : TimeProvider
{
    private int _count;

    public int Count => _count;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime != GuessLimits.LongestSlowDown || Activity.Current is not { Kind: ActivityKind.Server }) return base.CreateTimer(callback, state, dueTime, period);
        Interlocked.Increment(ref _count);
        return base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
