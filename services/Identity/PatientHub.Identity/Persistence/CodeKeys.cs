using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using PatientHub.Identity.Domain;

namespace PatientHub.Identity.Persistence;

/// <summary>Settings of codes and counters.</summary>
public sealed class CodesOptions
{
    public const string Section = "Codes";

    /// <summary>32 bytes or more, base64. Lies neither in Redis nor in PostgreSQL: without it nothing stored there is a code, a contact or a date of birth.</summary>
    [Required, Base64String, MinLength(43)]
    public string Key { get; init; } = "";

    /// <summary>A26: wrong tries an hour, over the whole system, of codes really sent; above it sign-in slows down.</summary>
    [Range(1, 1_000_000)]
    public int WrongTriesPerHour { get; init; } = 200;
}

/// <summary>
/// Keyed hashes and encryption of signing in. One key per purpose (HKDF-SHA256), so that no value of one kind can stand for one of another.
/// </summary>
public sealed class CodeKeys
{
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private readonly byte[] codes;
    private readonly byte[] pairs;
    private readonly byte[] destinations;
    private readonly byte[] sealing;

    public CodeKeys(IOptions<CodesOptions> options)
    {
        var key = Convert.FromBase64String(options.Value.Key);
        codes = Derive(key, "codes");
        pairs = Derive(key, "pairs");
        destinations = Derive(key, "destinations");
        sealing = Derive(key, "sealing");
    }

    /// <summary>Hash of a typed or sent code, bound to its attempt (A12).</summary>
    public byte[] Code(string attemptId, string code) => Hash(codes, attemptId, code);

    /// <summary>Name of the counters of one pair; those of the permanent link's own lane have another (A12).</summary>
    public byte[] Pair(TypedIdentifier identifier, DateOnly dateOfBirth, Guid? ownLinkOf) => Hash(
        pairs, ownLinkOf is { } patient ? "link:" + patient : "open", identifier.Kind.ToString(), identifier.Value, dateOfBirth.ToString("O", System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Name of a destination's counter.</summary>
    public byte[] Destination(CodeDestination destination) => Hash(destinations, destination.Kind.ToString(), destination.Value);

    /// <summary>Name of the counter that stands in for a destination where there is none (A19).</summary>
    public byte[] NoDestination(TypedIdentifier identifier) => Hash(destinations, "none", identifier.Kind.ToString(), identifier.Value);

    /// <summary>AES-256-GCM; <paramref name="context"/> is authenticated: what was sealed for one id opens for no other.</summary>
    public byte[] Seal(ReadOnlySpan<byte> plain, string context)
    {
        var blob = new byte[NonceLength + plain.Length + TagLength];
        var nonce = blob.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(sealing, TagLength);
        aes.Encrypt(nonce, plain, blob.AsSpan(NonceLength, plain.Length), blob.AsSpan(NonceLength + plain.Length), Encoding.UTF8.GetBytes(context));
        return blob;
    }

    /// <exception cref="CryptographicException">It was not sealed with our key for this context.</exception>
    public byte[] Open(ReadOnlySpan<byte> blob, string context)
    {
        if (blob.Length < NonceLength + TagLength) throw new CryptographicException("A sealed value is too short.");
        var plain = new byte[blob.Length - NonceLength - TagLength];
        using var aes = new AesGcm(sealing, TagLength);
        aes.Decrypt(blob[..NonceLength], blob[NonceLength..^TagLength], blob[^TagLength..], plain, Encoding.UTF8.GetBytes(context));
        return plain;
    }

    private static byte[] Derive(byte[] key, string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, key, 32, info: Encoding.UTF8.GetBytes("patienthub/identity/" + purpose));

    // Each part carries its length, so that ("ab","c") and ("a","bc") differ.
    private static byte[] Hash(byte[] key, params ReadOnlySpan<string> parts)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        Span<byte> length = stackalloc byte[4];
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            mac.AppendData(length);
            mac.AppendData(bytes);
        }

        return mac.GetHashAndReset();
    }
}
