using System.Buffers.Text;
using System.Security.Cryptography;

namespace PatientHub.Gateway.Session;

/// <summary>
/// What only the holder of a cookie can read: the cookie has 256 random bits, the store their hash as the key and the content encrypted under a key derived from them.
/// A copy of the store opens nothing.
/// </summary>
internal static class CookieSeal
{
    private const int IdBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    public static byte[] NewId() => RandomNumberGenerator.GetBytes(IdBytes);

    /// <summary>The cookie's value.</summary>
    public static string Write(byte[] id) => Base64Url.EncodeToString(id);

    public static bool TryRead(string? cookie, out byte[] id)
    {
        id = new byte[IdBytes];
        return cookie?.Length == Base64Url.GetEncodedLength(IdBytes) && Base64Url.IsValid(cookie) && Base64Url.TryDecodeFromChars(cookie, id, out var written) && written == IdBytes;
    }

    public static string HashOf(byte[] id) => Base64Url.EncodeToString(SHA256.HashData(id));

    /// <param name="purpose">Two contents under one cookie have different keys.</param>
    public static byte[] Encrypt(byte[] id, ReadOnlySpan<byte> purpose, ReadOnlySpan<byte> plain)
    {
        var sealedBytes = new byte[NonceBytes + TagBytes + plain.Length];
        RandomNumberGenerator.Fill(sealedBytes.AsSpan(0, NonceBytes));
        using var aes = Cipher(id, purpose);
        aes.Encrypt(sealedBytes.AsSpan(0, NonceBytes), plain, sealedBytes.AsSpan(NonceBytes + TagBytes), sealedBytes.AsSpan(NonceBytes, TagBytes));
        return sealedBytes;
    }

    /// <summary>Null when whoever wrote this did not have the cookie.</summary>
    public static byte[]? Decrypt(byte[] id, ReadOnlySpan<byte> purpose, byte[] sealedBytes)
    {
        if (sealedBytes.Length < NonceBytes + TagBytes)
            return null;
        var plain = new byte[sealedBytes.Length - NonceBytes - TagBytes];
        using var aes = Cipher(id, purpose);
        try
        {
            aes.Decrypt(sealedBytes.AsSpan(0, NonceBytes), sealedBytes.AsSpan(NonceBytes + TagBytes), sealedBytes.AsSpan(NonceBytes, TagBytes), plain);
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static AesGcm Cipher(byte[] id, ReadOnlySpan<byte> purpose)
    {
        Span<byte> key = stackalloc byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, id, key, [], purpose);
        return new AesGcm(key, TagBytes);
    }
}
