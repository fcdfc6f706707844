using System.ComponentModel.DataAnnotations;

namespace PatientHub.Identity.Features.Tokens;

/// <summary>Settings of the token server.</summary>
public sealed class TokensOptions
{
    public const string Section = "Tokens";

    /// <summary>EC P-256 private key, PKCS#8, base64. The same for all replicas, so that each validates what the others signed.</summary>
    [Required, Base64String]
    public string SigningKey { get; init; } = "";

    /// <summary>Life of a machine's token.</summary>
    public TimeSpan MachineTokenLife { get; init; } = TimeSpan.FromMinutes(10);
}
