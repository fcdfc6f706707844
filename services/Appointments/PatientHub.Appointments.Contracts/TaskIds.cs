using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace PatientHub.Appointments.Contracts;

/// <summary>
/// <see cref="RaiseTask.TaskId"/> derived from the cause: the same cause gives the same id in every replica and at every repeat, so that raising it again changes nothing.
/// What each way hashes is frozen: another id for a known cause would be a second task.
/// </summary>
public static class TaskIds
{
    /// <summary>For what a <see cref="TaskCodes"/> says about one thing, once.</summary>
    /// <param name="about">The id of that thing.</param>
    /// <param name="code">One of <see cref="TaskCodes"/>.</param>
    public static Guid For(Guid about, string code) => Version8([.. about.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(code)]);

    /// <summary>For a cause that can come again with another number, as each revision of an appointment.</summary>
    /// <param name="cause">A name of the sender's own, finer than a task's code.</param>
    /// <param name="about">The id of the thing concerned.</param>
    /// <param name="number">Which time; 0 when there is only one.</param>
    public static Guid For(string cause, Guid about, long number = 0)
    {
        Span<byte> counted = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counted, number);
        return Version8([.. Encoding.UTF8.GetBytes(cause), .. about.ToByteArray(bigEndian: true), .. counted]);
    }

    /// <summary>For a cause that is a whole content: the same content again is the same task. All 128 bits are the hash's.</summary>
    /// <param name="content">The content; only its hash leaves the sender.</param>
    public static Guid ForContent(string content) => new(SHA256.HashData(Encoding.UTF8.GetBytes(content)).AsSpan(0, 16));

    // RFC 9562 section 5.8
    private static Guid Version8(byte[] cause)
    {
        var id = SHA256.HashData(cause).AsSpan(0, 16);
        id[6] = (byte)((id[6] & 0x0F) | 0x80);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true);
    }
}
