using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace PatientHub.Letters.Domain;

/// <summary>The id of a task, the same whenever the same cause raises it again (RFC 9562 version 8).</summary>
public static class TaskId
{
    public static Guid For(string cause, Guid about, long number = 0)
    {
        var text = Encoding.UTF8.GetBytes(cause);
        var input = new byte[text.Length + 24];
        text.CopyTo(input, 0);
        about.TryWriteBytes(input.AsSpan(text.Length), bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(input.AsSpan(text.Length + 16), number);
        var id = SHA256.HashData(input).AsSpan(0, 16);
        id[6] = (byte)((id[6] & 0x0F) | 0x80);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true);
    }
}
