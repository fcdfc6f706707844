using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace PatientHub.Fhir;

/// <summary>
/// Derives our ids from the source's: UUID version 8 (RFC 9562, 5.8) from HMAC-SHA256 of (source system, resource type, source id). Every service computes the same
/// id by itself, so an appointment may arrive before its patient; without the key nobody can turn a hospital number into one of our ids.
/// </summary>
public sealed class SourceIds(IOptions<SourceIdsOptions> options)
{
    private readonly byte[] key = Convert.FromBase64String(options.Value.Key);

    public Guid Patient(string sourceSystem, string sourceId) => For(sourceSystem, "Patient", sourceId);

    public Guid Appointment(string sourceSystem, string sourceId) => For(sourceSystem, "Appointment", sourceId);

    public Guid Clinic(string sourceSystem, string sourceId) => For(sourceSystem, "HealthcareService", sourceId);

    public Guid Site(string sourceSystem, string sourceId) => For(sourceSystem, "Location", sourceId);

    public Guid Letter(string sourceSystem, string sourceId) => For(sourceSystem, "DocumentReference", sourceId);

    /// <summary>The id for any resource type. Ids of FHIR are case-sensitive, so nothing is folded.</summary>
    public Guid For(string sourceSystem, string resourceType, string sourceId)
    {
        ArgumentException.ThrowIfNullOrEmpty(sourceSystem);
        ArgumentException.ThrowIfNullOrEmpty(resourceType);
        ArgumentException.ThrowIfNullOrEmpty(sourceId);

        // Each part carries its length, so that ("ab","c") and ("a","bc") differ.
        using var message = new MemoryStream();
        Span<byte> length = stackalloc byte[4];
        foreach (var part in (ReadOnlySpan<string>)[sourceSystem, resourceType, sourceId])
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            message.Write(length);
            message.Write(bytes);
        }

        Span<byte> hash = stackalloc byte[32];
        HMACSHA256.HashData(key, message.GetBuffer().AsSpan(0, (int)message.Length), hash);
        var id = hash[..16];
        id[6] = (byte)((id[6] & 0x0F) | 0x80);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true);
    }
}
