using System.Globalization;
using PatientHub.Testing;

namespace PatientHub.Proving.Rig;

/// <summary>The times between an invitation and the post (R5-R8).</summary>
public sealed record Ladder(TimeSpan FirstReminder, TimeSpan SecondReminder, TimeSpan PostAfterInvitation, TimeSpan PostAfterBooking)
{
    /// <summary>As <c>--demo</c>.</summary>
    public static Ladder Demo { get; } = OfSeconds(12, 24, 40, 60);

    /// <summary>As in production.</summary>
    public static Ladder Real { get; } = new(TimeSpan.FromHours(24), TimeSpan.FromHours(48), TimeSpan.FromHours(72), TimeSpan.FromHours(96));

    public static Ladder OfSeconds(double firstReminder, double secondReminder, double postAfterInvitation, double postAfterBooking) =>
        new(TimeSpan.FromSeconds(firstReminder), TimeSpan.FromSeconds(secondReminder), TimeSpan.FromSeconds(postAfterInvitation), TimeSpan.FromSeconds(postAfterBooking));

    internal IEnumerable<string> Settings() => new[]
    {
        ("FirstReminderAfter", FirstReminder), ("SecondReminderAfter", SecondReminder), ("PostAfterInvitation", PostAfterInvitation), ("PostAfterBooking", PostAfterBooking),
    }.Select(time => string.Create(CultureInfo.InvariantCulture, $"*:Ladder__{time.Item1}={time.Item2:c}"));
}

/// <summary>How a hub is started for a run.</summary>
public sealed record HubOptions
{
    public Ladder Ladder { get; init; } = Ladder.Demo;

    /// <summary>Who gets a <see cref="TcpProxy"/> before it: postgres, redis, rabbitmq, one database (identitydb, …), a service, simulators, gateway, gateway/machine.</summary>
    public IReadOnlyList<string> Proxied { get; init; } = [];

    /// <summary>As Local's <c>--set</c>: <c>notifications:Clock__Offset=01:00:00</c>, <c>*:Variable=value</c>.</summary>
    public IReadOnlyList<string> Sets { get; init; } = [];

    /// <summary>Processes of ours whose wall clock can be moved while they run: <see cref="HubUnderTest.Clocks"/>.</summary>
    public IReadOnlyList<string> ShiftableClocks { get; init; } = [];

    /// <summary>Folders can be put on small disks that fill up: <see cref="HubUnderTest.Disks"/>. Root only.</summary>
    public bool SmallDisks { get; init; }

    /// <summary>Messages only from 8am to 8pm, print batches at 5:30pm.</summary>
    public bool RealHours { get; init; }

    /// <summary>Where telemetry goes (OTLP over HTTP); null: nowhere.</summary>
    public Uri? Otlp { get; init; }

    /// <summary>A file that keeps what every process wrote to its console, after the end too; null: only while it runs.</summary>
    public string? ConsoleFile { get; init; }

    /// <summary>Of the proxies' jitter and corruption.</summary>
    public int Seed { get; init; } = 1;
}
