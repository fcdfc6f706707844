using PatientHub.Notifications.Clients;

namespace PatientHub.Notifications.Workers;

/// <summary>
/// R14, R15: how long one code tries one channel. Three requests that the provider surely did not take, at most; a lane that was still closed is no request. All waits
/// together are bounded, so that a provider that is down counts as no mobile soon, and none lasts beyond the code's life.
/// </summary>
internal sealed class CodePatience(DateTimeOffset expiresAt, DateTimeOffset begunAt)
{
    private const int Requests = 3;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    // A timer may fire a little early and waits in whole milliseconds: a moment more than asked, else the door is not open yet.
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(50);

    private int _requests;

    /// <summary>How long to wait before the next try; null when there is none.</summary>
    public TimeSpan? PauseAfter(SendResult result, DateTimeOffset now)
    {
        if (!result.IsLaneClosed) _requests++;
        if (result.Outcome != SendOutcome.NotAccepted || _requests == Requests) return null;
        var asked = result.RetryAfter ?? TimeSpan.FromMilliseconds(500 * _requests);
        var next = now + asked + Moment;
        return asked <= LongestPause && next < expiresAt && next <= begunAt + Longest ? asked + Moment : null;
    }
}
