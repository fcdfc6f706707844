using System.ComponentModel.DataAnnotations;

namespace PatientHub.Gateway.Staff;

/// <summary>The hospital's own sign-in for staff (OpenID Connect), and how long a desk's session lasts. Without <see cref="Authority"/> there is no desk: its pages do not exist.</summary>
public sealed class StaffOptions
{
    public const string Section = "Staff";

    /// <summary>Address of the provider, where <c>/.well-known/openid-configuration</c> lies, as <c>https://login.microsoftonline.com/{tenant}/v2.0</c>. https, except on loopback.</summary>
    public Uri? Authority { get; set; }

    /// <summary>The desk's client there; its redirect address is <c>{PublicBaseUrl}/staff/signed-in</c>, its address after signing out <c>{PublicBaseUrl}/staff/signed-out</c>.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>Its secret.</summary>
    public string ClientSecret { get; set; } = "";

    /// <summary>Scopes that are asked for.</summary>
    public string[] Scopes { get; set; } = ["openid", "profile", "roles"];

    /// <summary>Claim with the person's name.</summary>
    public string NameClaim { get; set; } = "name";

    /// <summary>Claim with the person's roles.</summary>
    public string RoleClaim { get; set; } = "roles";

    /// <summary>Value of <see cref="RoleClaim"/> of those who may work at the desk.</summary>
    public string AgentRole { get; set; } = "agent";

    /// <summary>Value of <see cref="RoleClaim"/> of those who also see the audit trail and release others' tasks.</summary>
    public string SupervisorRole { get; set; } = "supervisor";

    /// <summary>Without a request for so long, the session is over.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "01:00:00")]
    public TimeSpan Idle { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>No session is longer.</summary>
    [Range(typeof(TimeSpan), "00:10:00", "12:00:00")]
    public TimeSpan Longest { get; set; } = TimeSpan.FromHours(10);
}
