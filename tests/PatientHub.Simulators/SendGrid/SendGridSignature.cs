using System.Security.Cryptography;
using System.Text;

namespace PatientHub.Simulators.SendGrid;

/// <summary>Signs event webhook calls: ECDSA P-256 with SHA-256 over the timestamp's characters and the raw body, DER, base64.</summary>
public sealed class SendGridSignature : IDisposable
{
    private readonly ECDsa key = ECDsa.Create();

    /// <summary>The key as base64 PKCS8.</summary>
    public SendGridSignature(string privateKey)
    {
        try
        {
            key.ImportPkcs8PrivateKey(Convert.FromBase64String(privateKey), out _);
        }
        catch (Exception unusable) when (unusable is FormatException or CryptographicException)
        {
            throw new SimulatorsRefusedException("SendGrid:WebhookPrivateKey is not a base64 PKCS8 private key.");
        }
    }

    /// <summary>Value of X-Twilio-Email-Event-Webhook-Signature.</summary>
    public string Of(string timestamp, byte[] body)
    {
        lock (key)
            return Convert.ToBase64String(
                key.SignData([.. Encoding.UTF8.GetBytes(timestamp), .. body], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
    }

    /// <inheritdoc />
    public void Dispose() => key.Dispose();
}
