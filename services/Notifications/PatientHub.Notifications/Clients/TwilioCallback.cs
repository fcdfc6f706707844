using System.Security.Cryptography;
using System.Text;

namespace PatientHub.Notifications.Clients;

/// <summary>Where Twilio reports, and how its signature is checked: over the address that we gave it, never over what the request says of itself.</summary>
internal static class TwilioCallback
{
    public static string Address(Uri publicBaseUrl, Guid attemptId) => $"{publicBaseUrl.ToString().TrimEnd('/')}/webhooks/twilio/{attemptId}";

    /// <summary>Where texts to the trust's number come; set in Twilio's console.</summary>
    public static string InboundAddress(Uri publicBaseUrl) => $"{publicBaseUrl.ToString().TrimEnd('/')}/webhooks/twilio/inbound";

    /// <summary>X-Twilio-Signature: base64 of HMAC-SHA1 over the address and every name and value, sorted by name.</summary>
    public static bool IsSigned(string authToken, string address, IEnumerable<KeyValuePair<string, string>> form, string? signature)
    {
        if (string.IsNullOrEmpty(signature)) return false;
        var signed = new StringBuilder(address);
        foreach (var (name, value) in form.OrderBy(field => field.Key, StringComparer.Ordinal)) signed.Append(name).Append(value);
        // SHA-1 is what Twilio's protocol asks for; as an HMAC it still holds.
        var expected = HMACSHA1.HashData(Encoding.UTF8.GetBytes(authToken), Encoding.UTF8.GetBytes(signed.ToString()));
        Span<byte> given = stackalloc byte[64];
        return Convert.TryFromBase64String(signature, given, out var length) && CryptographicOperations.FixedTimeEquals(expected, given[..length]);
    }
}
