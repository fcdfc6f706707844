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

    /// <summary>A16: how many months the evidence of a patient's answer is kept: what was decided, when and in which session, without the appointment itself. Default 72: six years, in which a claim may come (Limitation Act 1980).</summary>
    [Range(24, 1200)]
    public int AnswersKeptMonths { get; init; } = 72;

    /// <summary>JSON file with the first settings of clinics and sites, taken by <c>--migrate</c> for those that have none; null for no file.</summary>
    public string? SettingsFile { get; init; }
}
