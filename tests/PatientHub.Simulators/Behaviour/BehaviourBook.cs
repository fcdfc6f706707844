using PatientHub.Simulators.Messages;

namespace PatientHub.Simulators.Behaviour;

/// <summary>A script for one number or address.</summary>
public sealed record Script
{
    /// <summary>What happens.</summary>
    public required Behaves Behaves { get; init; }

    /// <summary>For how many requests; then the address behaves well again. Null: until changed.</summary>
    public int? Times { get; init; }

    /// <summary>Seconds in the Retry-After of <see cref="Behaves.TooManyRequests"/>.</summary>
    public int RetryAfter { get; init; } = 1;

    /// <summary>How long the provider takes to answer, on top of everything else.</summary>
    public TimeSpan Slowness { get; init; }
}

/// <summary>
/// Scripts by number or address. The words `texts` and `emails` stand for every one of a channel that has no script of its own:
/// `texts` with <see cref="Behaves.ServerError"/> is a day without Twilio.
/// </summary>
public sealed class BehaviourBook
{
    private static readonly Script Good = new() { Behaves = Behaves.Delivers };

    private readonly Lock gate = new();
    private readonly Dictionary<string, Script> scripts = new(StringComparer.Ordinal);

    /// <summary>Scripts a number or address (any spelling), `texts` or `emails`.</summary>
    public void Set(string destination, Script script)
    {
        lock (gate)
            scripts[Destination.Normalise(destination)] = script;
    }

    /// <summary>Scripts it with nothing but a behaviour.</summary>
    public void Set(string destination, Behaves behaves, int? times = null) => Set(destination, new Script { Behaves = behaves, Times = times });

    /// <summary>It behaves well again.</summary>
    public void Clear(string destination)
    {
        lock (gate)
            scripts.Remove(Destination.Normalise(destination));
    }

    /// <summary>Everything behaves well again.</summary>
    public void Clear()
    {
        lock (gate)
            scripts.Clear();
    }

    /// <summary>The scripts as they stand.</summary>
    public IReadOnlyDictionary<string, Script> All()
    {
        lock (gate)
            return scripts.ToDictionary();
    }

    internal Script Take(Channel channel, string destination)
    {
        lock (gate)
        {
            var key = scripts.ContainsKey(destination) ? destination : channel == Channel.Text ? "texts" : "emails";
            if (!scripts.TryGetValue(key, out var script))
                return Good;
            if (script.Times is { } times)
            {
                if (times <= 1)
                    scripts.Remove(key);
                else
                    scripts[key] = script with { Times = times - 1 };
            }

            return script;
        }
    }
}
