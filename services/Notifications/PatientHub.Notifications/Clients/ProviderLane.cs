using System.Threading.RateLimiting;

namespace PatientHub.Notifications.Clients;

/// <summary>
/// The way to one provider for one kind of traffic: so many requests at once, so many a second, and a pause when the provider asks for one (429) or is in trouble.
/// Codes have lanes of their own: no campaign, no pause of a campaign, and no queue of a campaign can delay a code.
/// </summary>
internal sealed class ProviderLane : IDisposable
{
    private const int FailuresUntilPause = 5;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _atOnce;
    private readonly TokenBucketRateLimiter _perSecond;
    private readonly Lock _gate = new();
    private int _failures;
    private int _pauses;
    private DateTimeOffset _pausedUntil = DateTimeOffset.MinValue;

    public ProviderLane(int atOnce, int perSecond, TimeProvider time)
    {
        _time = time;
        AtOnce = atOnce;
        _atOnce = new SemaphoreSlim(atOnce);
        var (tokens, period) = Pace(perSecond);
        _perSecond = new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
        {
            TokenLimit = Math.Max(1, perSecond / 10),
            TokensPerPeriod = tokens,
            ReplenishmentPeriod = period,
            QueueLimit = int.MaxValue,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });
    }

    public int AtOnce { get; }

    /// <summary>Whole tokens, about every 50 ms, and the time that just so many take: what the provider permits is used to the full.</summary>
    internal static (int Tokens, TimeSpan Period) Pace(int perSecond)
    {
        var tokens = Math.Max(1, perSecond / 20);
        return (tokens, TimeSpan.FromSeconds((double)tokens / perSecond));
    }

    /// <summary>How long the lane is closed; zero when it is open.</summary>
    public TimeSpan Pause
    {
        get
        {
            lock (_gate)
            {
                var left = _pausedUntil - _time.GetUtcNow();
                return left > TimeSpan.Zero ? left : TimeSpan.Zero;
            }
        }
    }

    /// <summary>Sends, or answers "surely not taken" at once while the lane is closed.</summary>
    public async Task<SendResult> RunAsync(Func<CancellationToken, Task<SendResult>> send, CancellationToken ct)
    {
        await _atOnce.WaitAsync(ct);
        try
        {
            if (Pause is { Ticks: > 0 } closed) return SendResult.LaneClosed(closed);
            using var lease = await _perSecond.AcquireAsync(1, ct);
            var result = await send(ct);
            Note(result);
            return result;
        }
        finally
        {
            _atOnce.Release();
        }
    }

    private void Note(SendResult result)
    {
        lock (_gate)
        {
            if (!result.IsOutage)
            {
                (_failures, _pauses) = (0, 0);
                return;
            }

            var now = _time.GetUtcNow();
            if (result.RetryAfter is { } asked)
            {
                _pausedUntil = Later(_pausedUntil, now + asked);
                return;
            }

            if (now < _pausedUntil) return; // requests that were under way when it closed
            // A closed lane opens for one try after its pause; the next failure closes it again, for longer.
            if (++_failures < FailuresUntilPause && result.ErrorCode != "429") return;
            var pause = TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks << Math.Min(_pauses, 10)));
            _pauses++;
            // Jitter: replicas must not come back in step.
            _pausedUntil = Later(_pausedUntil, now + pause + (pause * (Random.Shared.NextDouble() / 4)));
        }
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    public void Dispose()
    {
        _atOnce.Dispose();
        _perSecond.Dispose();
    }
}

/// <summary>The four ways out.</summary>
internal sealed record ProviderLanes(ProviderLane Texts, ProviderLane Emails, ProviderLane CodeTexts, ProviderLane CodeEmails);
