using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PatientHub.Proving.Traffic;

/// <summary>
/// Clients with addresses of their own. The whole of 127.0.0.0/8 is this machine, so the gateway sees as many strangers as there are addresses, without believing any
/// header: the limits per address stay as they are, and do not hide what lies behind them.
/// </summary>
public static class Loopback
{
    /// <summary>127.64.0.0 and up: nobody else connects from there.</summary>
    public static IPAddress Address(int number) => new([127, (byte)(64 + (number >> 16)), (byte)(number >> 8), (byte)number]);

    public static SocketsHttpHandler Handler(IPAddress? from = null) => new()
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        // What is refused by the client never reaches the hub.
        RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1,
        ConnectCallback = async (context, ct) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                if (from is not null)
                {
                    socket.Bind(new IPEndPoint(from, 0));
                }
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, context.DnsEndPoint.Port), ct);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };
}
