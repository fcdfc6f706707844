using System.ComponentModel.DataAnnotations;

namespace PatientHub.Appointments;

/// <summary>The nightly count (checklist 128).</summary>
public sealed class ReconciliationOptions
{
    public const string Section = "Reconciliation";

    /// <summary>From when on in London; after the hour that a change of the clock repeats or leaves out. A night that was missed is counted as soon as the service is up again.</summary>
    public TimeOnly At { get; init; } = new(3, 0);

    /// <summary>What does not add up is looked at again after this long: it may have been on its way.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "02:00:00")]
    public TimeSpan LookAgainAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How often a process looks whether the night has to be counted.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(1);
}
