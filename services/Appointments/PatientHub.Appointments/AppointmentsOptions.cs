using System.ComponentModel.DataAnnotations;

namespace PatientHub.Appointments;

/// <summary>Settings of the service.</summary>
public sealed class AppointmentsOptions
{
    public const string Section = "Appointments";

    /// <summary>The source system whose clinics and sites the settings API and the settings file mean.</summary>
    [Required]
    public string SourceSystem { get; init; } = "pas";

    /// <summary>A34: how long a booked appointment may wait for its patient before it is a task.</summary>
    public TimeSpan UnknownPatientAfter { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How often overdue patients are looked for.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>JSON file with the first settings of clinics and sites, taken by <c>--migrate</c> for those that have none; null for no file.</summary>
    public string? SettingsFile { get; init; }
}
