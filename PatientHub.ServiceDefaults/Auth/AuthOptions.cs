namespace PatientHub.ServiceDefaults.Auth;

/// <summary>How tokens are validated and obtained.</summary>
public sealed class AuthOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Auth";

    /// <summary>Audience of every token of this system.</summary>
    public const string Audience = "patienthub";

    /// <summary>
    /// Base address of the token service, where its discovery document and keys are read.
    /// Default: the address of the service <c>identity</c> (<c>services:identity:http:0</c>).
    /// </summary>
    public Uri? Authority { get; set; }

    /// <summary>Issuer written in the tokens; default <c>https://patienthub.example/identity/</c>: a name, not an address.</summary>
    public string Issuer { get; set; } = "https://patienthub.example/identity/";

    /// <summary>This process's own client id for calls to other services; null when it makes none.</summary>
    public string? ClientId { get; set; }

    /// <summary>Its secret.</summary>
    public string? ClientSecret { get; set; }
}
