using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace PatientHub.Notifications.Clients;

/// <summary>SendGrid's signed events: ECDSA P-256 and SHA-256 over timestamp and raw body. The five minutes are ours: SendGrid asks for none.</summary>
internal sealed class SendGridSignature : IDisposable
{
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private readonly ECDsa _key = ECDsa.Create();
    private readonly Lock _gate = new();

    public SendGridSignature(IOptions<SendGridOptions> options) => _key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(options.Value.WebhookPublicKey), out _);

    public bool IsSigned(string? timestamp, ReadOnlySpan<byte> body, string? signature, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(signature) || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return false;
        if (seconds > 253_402_300_799 || (now - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() > Tolerance) return false;
        Span<byte> given = stackalloc byte[128];
        if (!Convert.TryFromBase64String(signature, given, out var length)) return false;
        byte[] signed = [.. Encoding.ASCII.GetBytes(timestamp), .. body];
        lock (_gate) return _key.VerifyData(signed, given[..length], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    public void Dispose() => _key.Dispose();
}
