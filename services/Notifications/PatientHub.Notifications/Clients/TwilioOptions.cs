using System.ComponentModel.DataAnnotations;

namespace PatientHub.Notifications.Clients;

public sealed class TwilioOptions
{
    public const string Section = "Twilio";

    /// <summary>Twilio's API, without path in production.</summary>
    [Required]
    public Uri BaseUrl { get; set; } = new("https://api.twilio.com");

    [Required, RegularExpression("^AC[0-9a-fA-F]{32}$")]
    public string AccountSid { get; set; } = "";

    /// <summary>Password of the requests and key of the callbacks' signatures.</summary>
    [Required]
    public string AuthToken { get; set; } = "";

    /// <summary>Sender; default: the trust's name (R2).</summary>
    public string? From { get; set; }

    /// <summary>After this the fate of a request is unclear.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>True for Twilio's own hosts: nothing else may be configured outside Development.</summary>
    public bool IsTwilio => BaseUrl.Scheme == "https" && BaseUrl.Host.EndsWith(".twilio.com", StringComparison.OrdinalIgnoreCase);
}

public sealed class SendGridOptions
{
    public const string Section = "SendGrid";

    /// <summary>SendGrid's API: https://api.sendgrid.com or https://api.eu.sendgrid.com.</summary>
    [Required]
    public Uri BaseUrl { get; set; } = new("https://api.eu.sendgrid.com");

    [Required]
    public string ApiKey { get; set; } = "";

    /// <summary>Base64 SubjectPublicKeyInfo (P-256) that verifies the events.</summary>
    [Required]
    public string WebhookPublicKey { get; set; } = "";

    /// <summary>Address that emails come from; default: the trust's.</summary>
    public string? From { get; set; }

    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);

    public bool IsSendGrid => BaseUrl.Scheme == "https" && BaseUrl.Host is "api.sendgrid.com" or "api.eu.sendgrid.com";
}
