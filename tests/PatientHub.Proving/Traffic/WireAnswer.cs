using System.Globalization;
using System.Text;

namespace PatientHub.Proving.Traffic;

/// <summary>An answer as it stood on the wire: every line of its head in order, and the body without its chunks' lengths.</summary>
public sealed record WireAnswer(int Status, IReadOnlyList<string> Head, string Body)
{
    public string Location => Header("Location") ?? "";

    public IEnumerable<string> SetCookies => Head.Where(line => line.StartsWith("Set-Cookie: ", StringComparison.OrdinalIgnoreCase)).Select(line => line["Set-Cookie: ".Length..]);

    public static WireAnswer Parse(byte[] bytes)
    {
        var end = bytes.AsSpan().IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            throw new IOException("The connection was closed before the head of the answer had ended.");
        }
        var head = Encoding.Latin1.GetString(bytes, 0, end).Split("\r\n");
        var body = bytes[(end + 4)..];
        if (head.Any(line => line.Equals("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase)))
        {
            body = Joined(body);
        }
        return new WireAnswer(int.Parse(head[0].AsSpan(9, 3), CultureInfo.InvariantCulture), head, Encoding.UTF8.GetString(body));
    }

    public string? Header(string name) => Head.FirstOrDefault(line => line.StartsWith(name + ": ", StringComparison.OrdinalIgnoreCase))?[(name.Length + 2)..];

    private static byte[] Joined(byte[] chunks)
    {
        using var body = new MemoryStream();
        for (var at = 0; ;)
        {
            var line = chunks.AsSpan(at).IndexOf("\r\n"u8);
            var length = line < 0 ? throw new IOException("The answer ended in the middle of a chunk.") : int.Parse(Encoding.ASCII.GetString(chunks, at, line), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (length == 0)
            {
                return body.ToArray();
            }
            body.Write(chunks, at + line + 2, length);
            at += line + 2 + length + 2;
        }
    }
}
