using System.ComponentModel.DataAnnotations;

namespace PatientHub.Gateway.Edge;

/// <summary>
/// Limits of one replica. Per address they are roomy: thousands share one address in a mobile network or on a hospital's Wi-Fi. What stops guessing is counted in
/// Identity per person and destination (A12); these only keep one source from using up the machine.
/// </summary>
public sealed class LimitOptions
{
    public const string Section = "Limits";

    /// <summary>Requests a second from one address, and the burst allowed on top.</summary>
    [Range(1, 1_000_000)] public int PerAddress { get; set; } = 200;
    [Range(1, 1_000_000)] public int PerAddressBurst { get; set; } = 2_000;

    /// <summary>Posted sign-in forms a second from one address.</summary>
    [Range(1, 1_000_000)] public int SignInPerAddress { get; set; } = 20;
    [Range(1, 1_000_000)] public int SignInPerAddressBurst { get; set; } = 300;

    /// <summary>Posted sign-in forms a second altogether: open sessions keep their share of the machine in a rush.</summary>
    [Range(1, 1_000_000)] public int SignIn { get; set; } = 200;
    [Range(1, 1_000_000)] public int SignInBurst { get; set; } = 1_000;

    /// <summary>Calendar feeds fetched a second from one address: a calendar company fetches those of many patients from few addresses, and never in a hurry.</summary>
    [Range(1, 1_000_000)] public int FeedPerAddress { get; set; } = 20;
    [Range(1, 1_000_000)] public int FeedPerAddressBurst { get; set; } = 100;

    /// <summary>Requests a second of one session.</summary>
    [Range(1, 1_000_000)] public int PerSession { get; set; } = 10;
    [Range(1, 1_000_000)] public int PerSessionBurst { get; set; } = 120;
}
