using PatientHub.Calendar;

namespace PatientHub.Notifications.Domain;

/// <summary>A5, settings.</summary>
public sealed class QuietHoursOptions
{
    public const string Section = "QuietHours";

    /// <summary>Off in local runs and tests, so that a whole ladder runs at any hour of the night.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>First minute of London's day at which messages go out.</summary>
    public TimeOnly From { get; set; } = QuietHours.Default.From;

    /// <summary>First minute that is quiet again.</summary>
    public TimeOnly Until { get; set; } = QuietHours.Default.Until;

    public QuietHours ToQuietHours() => new(Enabled, From, Until);
}
