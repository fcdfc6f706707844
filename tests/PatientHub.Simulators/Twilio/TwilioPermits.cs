namespace PatientHub.Simulators.Twilio;

/// <summary>What an account may send: so many a minute, evenly, and never more than a second's worth at once.</summary>
internal sealed class TwilioPermits(SimulatorsOptions options, TimeProvider time)
{
    private readonly double _perSecond = options.TextsPerMinute / 60.0;
    private readonly Lock _gate = new();
    private double _left = Math.Max(1, options.TextsPerMinute / 60.0);
    private long _at = time.GetTimestamp();

    /// <summary>False: too many.</summary>
    public bool Take()
    {
        if (_perSecond <= 0)
            return true;
        lock (_gate)
        {
            var now = time.GetTimestamp();
            _left = Math.Min(Math.Max(1, _perSecond), _left + (time.GetElapsedTime(_at, now).TotalSeconds * _perSecond));
            _at = now;
            if (_left < 1)
                return false;
            _left--;
            return true;
        }
    }
}
