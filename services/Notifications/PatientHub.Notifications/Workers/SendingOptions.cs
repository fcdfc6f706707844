using System.ComponentModel.DataAnnotations;

namespace PatientHub.Notifications.Workers;

/// <summary>How fast, how patiently and in what portions messages go out.</summary>
public sealed class SendingOptions
{
    public const string Section = "Sending";

    /// <summary>Steps per round; the last look asks for at most 500 ids.</summary>
    [Range(1, 500)]
    public int BatchSize { get; set; } = 200;

    /// <summary>Rounds at once in one process.</summary>
    [Range(1, 16)]
    public int Sweeps { get; set; } = 3;

    /// <summary>How often due work is looked for when nothing wakes the sweep.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a claimed step is left alone by other sweeps.</summary>
    public TimeSpan Claim { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>After an owner did not reply to the last look, or did not know the id.</summary>
    public TimeSpan LookAgainAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>An attempt that could not leave within this time after its commit does not leave any more.</summary>
    public TimeSpan LeavesWithin { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long after a request without an answer the provider is asked for it: it may still be at work on it.</summary>
    public TimeSpan UnclearSettle { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a callback may take to clear up an email's fate; then the other channel goes. (SendGrid cannot be asked.)</summary>
    public TimeSpan UnclearGiveUp { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>When a provider has been down for so long after a message was due, the other channel goes, if the patient has one.</summary>
    public TimeSpan SwitchChannelAfter { get; set; } = TimeSpan.FromHours(4);

    /// <summary>Pause before another try when the provider named none.</summary>
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>A16: how many months the evidence of sending is kept (ids, channel, times and fate; never words). Default 72: six years, in which a claim may come (Limitation Act 1980).</summary>
    [Range(24, 1200)]
    public int EvidenceKeptMonths { get; set; } = 72;

    [Range(1, 500)]
    public int TextsAtOnce { get; set; } = 32;

    [Range(1, 10_000)]
    public int TextsPerSecond { get; set; } = 500;

    [Range(1, 500)]
    public int EmailsAtOnce { get; set; } = 16;

    [Range(1, 10_000)]
    public int EmailsPerSecond { get; set; } = 500;

    [Range(1, 500)]
    public int CodesAtOnce { get; set; } = 16;

    [Range(1, 10_000)]
    public int CodesPerSecond { get; set; } = 100;
}
