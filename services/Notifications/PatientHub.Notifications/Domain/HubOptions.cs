using System.ComponentModel.DataAnnotations;

namespace PatientHub.Notifications.Domain;

/// <summary>Settings at the root of the configuration.</summary>
public sealed class HubOptions
{
    /// <summary>The hub's address as patients and providers see it; links and callbacks are built from it, never from a request (setting <c>PublicBaseUrl</c>).</summary>
    [Required]
    public Uri PublicBaseUrl { get; set; } = null!;
}
