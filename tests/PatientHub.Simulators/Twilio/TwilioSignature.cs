using System.Security.Cryptography;
using System.Text;

namespace PatientHub.Simulators.Twilio;

/// <summary>X-Twilio-Signature of a form post: base64(HMAC-SHA1(auth token, address + every name and value, sorted by name)).</summary>
public static class TwilioSignature
{
    /// <summary>The header's value. <paramref name="url"/> is the address exactly as the hub gave it, query included.</summary>
    public static string Of(string authToken, string url, IEnumerable<KeyValuePair<string, string>> form)
    {
        var signed = new StringBuilder(url);
        foreach (var (name, value) in form.OrderBy(field => field.Key, StringComparer.Ordinal))
            signed.Append(name).Append(value);
        // SHA-1 is what Twilio's protocol asks for; as an HMAC it still holds.
        return Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(authToken), Encoding.UTF8.GetBytes(signed.ToString())));
    }
}
