using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace PatientHub.AppHost.Local.Servers;

/// <summary>
/// Ports on loopback, below the range from which the kernel takes the ports of outgoing connections (32768 and up): a server that is stopped
/// finds its port free when it starts again.
/// </summary>
public static class FreePort
{
    private static readonly ConcurrentDictionary<int, bool> Given = new();

    public static int Next()
    {
        while (true)
        {
            var port = Random.Shared.Next(15_000, 32_000);
            if (IsFree(port) && Given.TryAdd(port, true))
            {
                return port;
            }
        }
    }

    /// <summary>The wanted port if nobody listens there, else another one.</summary>
    public static int Prefer(int port) => port > 0 && IsFree(port) && Given.TryAdd(port, true) ? port : Next();

    public static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
