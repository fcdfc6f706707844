using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace PatientHub.Testing;

/// <summary>A bad network on command, in front of one port of loopback. Without a command it forwards everything as it is.</summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly ConcurrentDictionary<ProxiedConnection, Task> _open = new();
    private readonly Lock _gate = new();
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;
    private long _accepted;
    private long _bytesToServer;
    private long _bytesToClient;

    /// <param name="upstream">The port that it stands before.</param>
    /// <param name="port">Where it listens; 0: any free port.</param>
    /// <param name="seed">Of jitter, corruption and duplication.</param>
    public TcpProxy(int upstream, int port = 0, int seed = 1)
    {
        (Upstream, Port) = (upstream, port);
        (ToServer, ToClient) = (new LineFaults(seed), new LineFaults(seed + 1));
        Accept();
    }

    public int Port { get; private set; }

    public int Upstream { get; }

    /// <summary>Ports behind which the same is to be had: tried in this order by new connections when <see cref="Upstream"/> refuses, as a load balancer before a cluster does.</summary>
    public IReadOnlyList<int> Spares { get; set; } = [];

    /// <summary>What our processes send.</summary>
    public LineFaults ToServer { get; }

    /// <summary>What they get.</summary>
    public LineFaults ToClient { get; }

    public int OpenConnections => _open.Count;

    public long AcceptedConnections => Interlocked.Read(ref _accepted);

    public long BytesToServer => Interlocked.Read(ref _bytesToServer);

    public long BytesToClient => Interlocked.Read(ref _bytesToClient);

    /// <summary>Resets (RST) every open connection; new ones are taken.</summary>
    public void CutAll()
    {
        foreach (var connection in _open.Keys)
        {
            connection.Reset();
        }
    }

    /// <summary>"That was all" (FIN) to one side of every open connection, while the other goes on.</summary>
    public void HalfCloseAll(bool towardsServer)
    {
        foreach (var connection in _open.Keys)
        {
            connection.HalfClose(towardsServer);
        }
    }

    /// <summary>Nobody listens any more: new connections are refused. Open ones live on unless <see cref="CutAll"/>.</summary>
    public void Refuse()
    {
        lock (_gate)
        {
            _listener?.Dispose();
            _listener = null;
        }
    }

    /// <summary>Takes new connections again.</summary>
    public void Accept()
    {
        lock (_gate)
        {
            if (_listener is not null)
            {
                return;
            }
            var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            listener.Bind(new IPEndPoint(IPAddress.Loopback, Port));
            listener.Listen(512);
            Port = ((IPEndPoint)listener.LocalEndPoint!).Port;
            _listener = listener;
            _accepting = AcceptAsync(listener);
        }
    }

    /// <summary>As if the machine behind it were gone from the network: open connections reset, new ones refused.</summary>
    public async Task GoAwayAsync()
    {
        Refuse();
        await _accepting;
        CutAll();
    }

    /// <summary>Everything is well again; what was cut stays cut.</summary>
    public void Heal()
    {
        ToServer.Heal();
        ToClient.Heal();
        Accept();
    }

    public async ValueTask DisposeAsync()
    {
        await GoAwayAsync();
        await Task.WhenAll(_open.Values);
    }

    internal void CountToServer(int bytes) => Interlocked.Add(ref _bytesToServer, bytes);

    internal void CountToClient(int bytes) => Interlocked.Add(ref _bytesToClient, bytes);

    private async Task AcceptAsync(Socket listener)
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await listener.AcceptAsync();
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
            {
                return;
            }
            Interlocked.Increment(ref _accepted);
            _ = ForwardAsync(client);
        }
    }

    private async Task ForwardAsync(Socket client)
    {
        // Known before the first await: whoever has stopped the accepting can cut every connection there is.
        var connection = new ProxiedConnection(client, this);
        var ended = new TaskCompletionSource();
        _open[connection] = ended.Task;
        await connection.RunAsync();
        _open.TryRemove(connection, out _);
        ended.SetResult();
    }
}
