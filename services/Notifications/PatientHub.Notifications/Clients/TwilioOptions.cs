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

    /// <summary>Sender of messages; default: the trust's name (R2), which nobody can answer.</summary>
    public string? From { get; set; }

    /// <summary>
    /// A number (E.164) that messages come from instead, and that patients can text to. At Twilio: its webhook for incoming messages is <c>{PublicBaseUrl}/webhooks/twilio/inbound</c>, and its
    /// opt-out words are set to STOP alone (the defaults include CANCEL and END: who texts CANCEL would be blocked and believe the appointment cancelled).
    /// </summary>
    [RegularExpression(@"^\+[1-9]\d{6,14}$")]
    public string? TwoWayNumber { get; set; }

    /// <summary>Sender of sign-in codes; default: the trust's name. Never the number that can be stopped.</summary>
    public string? CodesFrom { get; set; }

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
