using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace PatientHub.Testing;

/// <summary>
/// One connection through a <see cref="TcpProxy"/>: each direction has a reader and a writer with a queue between them, so that a delay is a delay and not a
/// slower line. What one side does (close, half-close, reset) the other side sees.
/// </summary>
internal sealed class ProxiedConnection(Socket client, TcpProxy proxy)
{
    private const int PieceBytes = 16 * 1024;
    private const int PiecesOnTheWay = 256;

    private readonly CancellationTokenSource _over = new();
    private volatile Socket _server = NewSocket();

    public async Task RunAsync()
    {
        client.NoDelay = true;
        try
        {
            await ConnectAsync();
            await Task.WhenAll(RunAsync(client, _server, proxy.ToServer, proxy.CountToServer), RunAsync(_server, client, proxy.ToClient, proxy.CountToClient));
            client.Dispose();
            _server.Dispose();
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Nobody is behind us, or one side broke: the other finds out at once.
            Reset();
        }
    }

    /// <summary>RST to both sides.</summary>
    public void Reset()
    {
        _over.Cancel();
        client.Close(0);
        _server.Close(0);
    }

    /// <summary>Says "that was all" to one side, although the other has more to say.</summary>
    public void HalfClose(bool towardsServer)
    {
        try
        {
            (towardsServer ? _server : client).Shutdown(SocketShutdown.Send);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // It ended meanwhile: it cannot be closed more than that.
        }
    }

    private static Socket NewSocket() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    /// <summary>To the first that listens.</summary>
    private async Task ConnectAsync()
    {
        int[] ports = [proxy.Upstream, .. proxy.Spares];
        for (var which = 0; ; which++)
        {
            try
            {
                await _server.ConnectAsync(IPAddress.Loopback, ports[which], _over.Token);
                return;
            }
            catch (SocketException) when (which + 1 < ports.Length)
            {
                _server.Dispose();
                _server = NewSocket();
            }
        }
    }

    private async Task RunAsync(Socket from, Socket to, LineFaults faults, Action<int> count)
    {
        var line = Channel.CreateBounded<(long DueAt, byte[] Piece)>(PiecesOnTheWay);
        var writing = WriteAsync(to, faults, count, line.Reader);
        try
        {
            await ReadAsync(from, faults, line.Writer);
        }
        catch (Exception broken)
        {
            // One broken direction ends the other; without this it would wait for bytes for ever.
            line.Writer.Complete(broken);
            await _over.CancelAsync();
            throw;
        }
        finally
        {
            await writing;
        }
    }

    private async Task ReadAsync(Socket from, LineFaults faults, ChannelWriter<(long, byte[])> line)
    {
        var buffer = new byte[PieceBytes];
        var dueAt = 0L;
        while (true)
        {
            await faults.ReleasedAsync(_over.Token);
            var read = await from.ReceiveAsync(buffer, _over.Token);
            if (read == 0)
            {
                line.Complete();
                return;
            }
            var piece = buffer[..read];
            faults.Corrupt(piece);
            dueAt = Math.Max(dueAt, Stopwatch.GetTimestamp() + (long)(faults.NextDelay().TotalSeconds * Stopwatch.Frequency));
            await line.WriteAsync((dueAt, piece), _over.Token);
            if (faults.DuplicatesNext())
            {
                await line.WriteAsync((dueAt, piece), _over.Token);
            }
        }
    }

    private async Task WriteAsync(Socket to, LineFaults faults, Action<int> count, ChannelReader<(long DueAt, byte[] Piece)> line)
    {
        try
        {
            await foreach (var (dueAt, piece) in line.ReadAllAsync(_over.Token))
            {
                if (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), dueAt) is { Ticks: > 0 } early)
                {
                    await Task.Delay(early, _over.Token);
                }
                await SendAsync(to, piece, faults, count);
            }
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception)
        {
            await _over.CancelAsync();
            throw;
        }
    }

    private async Task SendAsync(Socket to, ReadOnlyMemory<byte> piece, LineFaults faults, Action<int> count)
    {
        while (piece.Length > 0)
        {
            await faults.ReleasedAsync(_over.Token);
            var rate = faults.BytesPerSecond;
            var slice = piece[..Math.Min(piece.Length, rate > 0 ? Math.Max(1, rate / 20) : PieceBytes)];
            var sent = await to.SendAsync(slice, _over.Token);
            count(sent);
            piece = piece[sent..];
            if (rate > 0)
            {
                await Task.Delay(TimeSpan.FromSeconds((double)sent / rate), _over.Token);
            }
        }
    }
}
