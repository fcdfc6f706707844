using System.ComponentModel.DataAnnotations;

namespace PatientHub.Appointments;

/// <summary>Settings of the service.</summary>
public sealed class AppointmentsOptions
{
    public const string Section = "Appointments";

    /// <summary>The source system whose clinics and sites the settings API and the settings file mean.</summary>
    [Required]
    public string SourceSystem { get; init; } = "pas";

    /// <summary>JSON file with the first settings of clinics and sites, taken by <c>--migrate</c> for those that have none; null for no file.</summary>
    public string? SettingsFile { get; init; }
}
