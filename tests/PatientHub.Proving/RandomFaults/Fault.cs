using PatientHub.Proving.Rig;
using PatientHub.Testing;

namespace PatientHub.Proving.RandomFaults;

/// <summary>Something that goes wrong, for a while, and is then over.</summary>
/// <param name="Name">As the report says it.</param>
/// <param name="Begin">Makes it go wrong.</param>
/// <param name="End">Makes it right again; a killed process comes back by itself.</param>
internal sealed record Fault(string Name, Func<HubUnderTest, Task> Begin, Func<HubUnderTest, Task> End);

/// <summary>
/// Draws faults from a seed: the same seed gives the same ones in the same order, with the same lengths. Bytes are never changed or sent twice here: under these connections there
/// would be TLS, which sees it, and a number that arrives as another one is no fault of the hub (<see cref="LineFaults"/> can do both, for single scenarios).
/// </summary>
internal sealed class FaultDie(int seed)
{
    private static readonly string[] Services = ["identity", "appointments", "letters", "notifications", "postal", "gateway"];
    private static readonly string[] Stores = ["postgres", "redis", "rabbitmq"];
    private static readonly string[] Lines = ["postgres", "redis", "rabbitmq", "simulators", "gateway", "gateway/machine"];
    private static readonly string[] Channels = ["texts", "emails"];

    private static readonly string[] Behaviours =
        ["TooManyRequests", "ServerError", "AcceptsThenTimesOut", "AcceptsThenServerError", "TimesOut", "Resets", "AcceptsThenResets", "Drips", "Garbage", "DuplicateCallbacks", "OutOfOrderCallbacks", "NoCallbacks", "LateCallbacks"];

    private readonly Random _random = new(seed);

    /// <summary>The next fault, and how long it lasts.</summary>
    public (Fault Fault, TimeSpan For) Next() => (_random.Next(10) switch
    {
        0 or 1 => Killed(Pick(Services)),
        2 => Killed(Pick(Stores)),
        3 => Terminated(Pick(Services)),
        4 => Paused(Pick([.. Services, .. Stores])),
        5 => Line(Pick(Lines), "is cut once", proxy => proxy.CutAll()),
        6 => Line(Pick(Lines), "is away", proxy => { proxy.Refuse(); proxy.CutAll(); }),
        7 => Slow(Pick(Lines), _random.Next(5)),
        _ => Provider(Pick(Channels), Pick(Behaviours)),
    }, TimeSpan.FromSeconds(2 + (13 * _random.NextDouble())));

    private T Pick<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];

    private static Fault Killed(string resource) => new($"kill -9 {resource}", hub => hub.Processes.KillAsync(resource), _ => Task.CompletedTask);

    private static Fault Terminated(string resource) => new($"SIGTERM {resource}", hub => hub.Processes.TerminateAsync(resource), _ => Task.CompletedTask);

    private static Fault Paused(string resource) => new($"SIGSTOP {resource}", Do(hub => hub.Processes.Pause(resource)), Do(hub => hub.Processes.Resume(resource)));

    private static Fault Line(string name, string what, Action<TcpProxy> begin) => new($"line to {name} {what}", Do(hub => begin(hub.Proxies[name])), Do(hub => hub.Proxies[name].Heal()));

    private static Fault Slow(string name, int how) => how switch
    {
        0 => Line(name, "500 ms late", proxy => proxy.ToClient.Delay = TimeSpan.FromMilliseconds(500)),
        1 => Line(name, "up to 300 ms late both ways", proxy => proxy.ToServer.Jitter = proxy.ToClient.Jitter = TimeSpan.FromMilliseconds(300)),
        2 => Line(name, "at 20 kB a second", proxy => proxy.ToClient.BytesPerSecond = 20_000),
        3 => Line(name, "stalled: answers do not come", proxy => proxy.ToClient.Stalled = true),
        _ => Line(name, "half closed", proxy => proxy.HalfCloseAll(towardsServer: true)),
    };

    private static Fault Provider(string channel, string behaves) => new($"{channel}: {behaves}", hub => hub.BehaveAsync(channel, behaves), hub => hub.BehaveWellAsync(channel));

    private static Func<HubUnderTest, Task> Do(Action<HubUnderTest> act) => hub =>
    {
        act(hub);
        return Task.CompletedTask;
    };
}
