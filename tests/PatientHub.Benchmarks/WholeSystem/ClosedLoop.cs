using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using PatientHub.Benchmarks.Frame;

namespace PatientHub.Benchmarks.WholeSystem;

/// <summary>
/// As many requests as the server takes, one at a time on each of a few connections. Bytes over plain sockets: an HTTP client would use up more of the machine than
/// what is measured, and make every ratio look better than it is.
/// </summary>
internal static class ClosedLoop
{
    private static readonly byte[] EndOfHead = "\r\n\r\n"u8.ToArray();
    private static readonly byte[] EndOfChunks = "\r\n0\r\n\r\n"u8.ToArray();

    public static byte[] Get(string path, params string[] headers) =>
        Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n");

    /// <param name="requests">One connection each, which repeats it.</param>
    /// <param name="most">Ends the run earlier, after so many requests altogether.</param>
    public static async Task<Done> RunAsync(Uri address, IReadOnlyList<byte[]> requests, TimeSpan length, int most = int.MaxValue)
    {
        var counts = await Task.WhenAll(requests.Select(request => Task.Run(() => ConnectionAsync(address, request, length, most / requests.Count))));
        return new Done(counts.Sum());
    }

    /// <summary>So many requests that all hot code is compiled for speed, however slow the machine is today.</summary>
    public static Task WarmAsync(Uri address, IReadOnlyList<byte[]> requests) => RunAsync(address, requests, TimeSpan.FromSeconds(45), most: 8_000);

    private static async Task<int> ConnectionAsync(Uri address, byte[] request, TimeSpan length, int most)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address.Host, address.Port);
        var buffer = new byte[64 * 1024];
        var count = 0;
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < length && count < most; count++)
        {
            await socket.SendAsync(request);
            var received = 0;
            do
            {
                var read = await socket.ReceiveAsync(buffer.AsMemory(received));
                if (read == 0)
                    throw new InvalidOperationException($"{address} closed the connection after: {Encoding.ASCII.GetString(buffer, 0, received)}");
                received += read;
            }
            while (!IsComplete(buffer.AsSpan(0, received)));
        }
        return count;
    }

    private static bool IsComplete(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf(EndOfHead);
        if (head < 0)
            return false;
        if (!answer.StartsWith("HTTP/1.1 200 "u8))
            throw new InvalidOperationException($"Not measured, because the answer was: {Encoding.ASCII.GetString(answer)}");
        var name = "\r\nContent-Length: "u8;
        if (answer[..head].IndexOf(name) is var at and >= 0)
        {
            var value = answer[(at + name.Length)..];
            return answer.Length == head + EndOfHead.Length + int.Parse(value[..value.IndexOf((byte)'\r')], System.Globalization.CultureInfo.InvariantCulture);
        }
        return answer.EndsWith(EndOfChunks);
    }
}
