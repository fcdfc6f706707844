using System.Security.Cryptography;

namespace PatientHub.PostalFallback.Domain;

/// <summary>The same cause gives the same task (RFC 9562 version 8), so that raising it again changes nothing.</summary>
public static class TaskIds
{
    public static Guid For(Guid cause, string code)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData([.. cause.ToByteArray(bigEndian: true), .. System.Text.Encoding.UTF8.GetBytes(code)], hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
