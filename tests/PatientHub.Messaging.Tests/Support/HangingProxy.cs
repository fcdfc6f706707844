using System.Net;
using System.Net.Sockets;

namespace PatientHub.Messaging.Tests;

/// <summary>A network that can stop answering without closing anything (bytes towards the broker are swallowed while it hangs), or close everything.</summary>
public sealed class HangingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private volatile bool _hangs;
    private volatile bool _refuses;

    public HangingProxy(int target)
    {
        _listener.Start();
        _accepting = AcceptAsync(target);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Closes what connects without a word, as a broker does that is still starting.</summary>
    public void Refuse() => _refuses = true;

    public void Hang() => _hangs = true;

    public void Resume() => _hangs = _refuses = false;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync(int target)
    {
        List<Task> pumps = [];
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                if (_refuses)
                {
                    client.Dispose();
                    continue;
                }

                pumps.Add(RelayAsync(client, target));
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }

        await Task.WhenAll(pumps);
    }

    private async Task RelayAsync(TcpClient client, int target)
    {
        using var near = client;
        using var far = new TcpClient();
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, target, _stop.Token);
            await Task.WhenAny(PumpAsync(near.GetStream(), far.GetStream(), swallows: true), PumpAsync(far.GetStream(), near.GetStream(), swallows: false));
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or IOException)
        {
        }
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, bool swallows)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReadAsync(buffer, _stop.Token) is > 0 and var length)
            {
                if (!swallows || !_hangs)
                {
                    await to.WriteAsync(buffer.AsMemory(0, length), _stop.Token);
                }
            }
        }
        catch (Exception end) when (end is OperationCanceledException or IOException or ObjectDisposedException)
        {
        }
    }
}
