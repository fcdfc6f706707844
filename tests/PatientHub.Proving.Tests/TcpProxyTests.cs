using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using PatientHub.AppHost.Local.Servers;
using PatientHub.Testing;

namespace PatientHub.Proving.Tests;

/// <summary>Real sockets against an echo of our own.</summary>
public sealed class TcpProxyTests : IAsyncLifetime
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<Socket> _accepted = [];
    private TcpProxy _proxy = null!;

    public ValueTask InitializeAsync()
    {
        _listener.Start();
        _proxy = new TcpProxy(((IPEndPoint)_listener.LocalEndpoint).Port, seed: 7);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        _listener.Dispose();
        _accepted.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task What_is_sent_arrives_unchanged_both_ways_and_is_counted()
    {
        var (client, server) = await ConnectAsync();
        var sent = new byte[3_000_000];
        new Random(1).NextBytes(sent);

        var arrived = ReceiveAsync(server, sent.Length);
        await client.SendAsync(sent);
        (await arrived).ShouldBe(sent);
        await server.SendAsync(sent[..5]);
        (await ReceiveAsync(client, 5)).ShouldBe(sent[..5]);

        (_proxy.AcceptedConnections, _proxy.OpenConnections, _proxy.BytesToServer, _proxy.BytesToClient).ShouldBe((1, 1, 3_000_000, 5));
    }

    [Fact]
    public async Task A_close_on_one_side_arrives_on_the_other_and_ends_the_connection_when_both_have_closed()
    {
        var (client, server) = await ConnectAsync();
        client.Shutdown(SocketShutdown.Send);
        await ShouldBeClosedAsync(server);
        await server.SendAsync("late"u8.ToArray());
        (await ReceiveAsync(client, 4)).ShouldBe("late"u8.ToArray());
        server.Close();
        await ShouldBeClosedAsync(client);
        await Eventually.True(() => _proxy.OpenConnections == 0, "the connection was never over");
    }

    [Fact]
    public async Task A_reset_on_one_side_is_a_reset_on_the_other()
    {
        var (client, server) = await ConnectAsync();
        server.Close(0);
        await ShouldBeResetAsync(client);
    }

    [Fact]
    public async Task A_cut_resets_both_sides_and_the_next_connection_works()
    {
        var (client, server) = await ConnectAsync();
        _proxy.CutAll();
        await ShouldBeResetAsync(client);
        await ShouldBeResetAsync(server);

        var (again, _) = await ConnectAsync();
        again.Connected.ShouldBeTrue();
    }

    [Fact]
    public async Task A_spare_is_taken_while_the_first_refuses_and_only_then()
    {
        using var spare = new TcpListener(IPAddress.Loopback, 0);
        spare.Start();
        await using var proxy = new TcpProxy(FreePort.Next()) { Spares = [((IPEndPoint)spare.LocalEndpoint).Port] };
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, proxy.Port, TestContext.Current.CancellationToken);
        using var server = await spare.AcceptSocketAsync(TestContext.Current.CancellationToken);
        await client.Client.SendAsync("here"u8.ToArray());
        (await ReceiveAsync(server, 4)).ShouldBe("here"u8.ToArray());

        _proxy.Spares = proxy.Spares;
        await ConnectAsync();
        spare.Pending().ShouldBeFalse();
    }

    [Fact]
    public async Task Gone_away_refuses_until_it_accepts_again_on_the_same_port()
    {
        var (client, _) = await ConnectAsync();
        await _proxy.GoAwayAsync();
        await ShouldBeResetAsync(client);
        (await Should.ThrowAsync<SocketException>(ConnectAsync)).SocketErrorCode.ShouldBe(SocketError.ConnectionRefused);

        _proxy.Heal();
        (await ConnectAsync()).Client.Connected.ShouldBeTrue();
    }

    [Fact]
    public async Task Refusing_leaves_open_connections_alone()
    {
        var (client, server) = await ConnectAsync();
        _proxy.Refuse();
        await client.SendAsync("on"u8.ToArray());
        (await ReceiveAsync(server, 2)).ShouldBe("on"u8.ToArray());
    }

    [Fact]
    public async Task A_delay_is_on_each_byte_and_not_on_each_piece()
    {
        _proxy.ToServer.Delay = TimeSpan.FromMilliseconds(500);
        var (client, server) = await ConnectAsync();
        var clock = Stopwatch.StartNew();
        var arrived = ReceiveAsync(server, 40);
        for (byte piece = 0; piece < 40; piece++)
        {
            await client.SendAsync(new[] { piece });
            await Task.Delay(5, TestContext.Current.CancellationToken); // so that they are pieces
        }
        (await arrived).ShouldBe(Enumerable.Range(0, 40).Select(piece => (byte)piece));
        clock.Elapsed.ShouldBeGreaterThan(TimeSpan.FromMilliseconds(500));
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromMilliseconds(40 * 500)); // one after the other it would be twenty seconds
    }

    [Fact]
    public async Task Jitter_keeps_the_order()
    {
        _proxy.ToServer.Jitter = TimeSpan.FromMilliseconds(50);
        var (client, server) = await ConnectAsync();
        var arrived = ReceiveAsync(server, 50);
        for (byte piece = 0; piece < 50; piece++)
        {
            await client.SendAsync(new[] { piece });
            await Task.Yield();
        }
        (await arrived).ShouldBe(Enumerable.Range(0, 50).Select(piece => (byte)piece));
    }

    [Fact]
    public async Task A_throttle_lets_so_many_bytes_a_second_through()
    {
        _proxy.ToClient.BytesPerSecond = 20_000;
        var (client, server) = await ConnectAsync();
        var clock = Stopwatch.StartNew();
        await server.SendAsync(new byte[10_000]);
        await ReceiveAsync(client, 10_000);
        clock.Elapsed.ShouldBeGreaterThan(TimeSpan.FromMilliseconds(400));
    }

    [Fact]
    public async Task Stalled_nothing_passes_and_released_everything_does()
    {
        var (client, server) = await ConnectAsync();
        _proxy.ToServer.Stalled = true;
        await client.SendAsync("held"u8.ToArray());
        await server.SendAsync("free"u8.ToArray());
        (await ReceiveAsync(client, 4)).ShouldBe("free"u8.ToArray());
        server.Available.ShouldBe(0);
        _proxy.BytesToServer.ShouldBe(0);

        _proxy.ToServer.Stalled = false;
        (await ReceiveAsync(server, 4)).ShouldBe("held"u8.ToArray());
    }

    [Fact]
    public async Task A_half_close_ends_one_direction_alone()
    {
        var (client, server) = await ConnectAsync();
        _proxy.HalfCloseAll(towardsServer: true);
        await ShouldBeClosedAsync(server);
        await server.SendAsync("still"u8.ToArray());
        (await ReceiveAsync(client, 5)).ShouldBe("still"u8.ToArray());
    }

    [Fact]
    public async Task Corruption_and_duplication_come_from_the_seed()
    {
        (_proxy.ToServer.CorruptsOneByteIn, _proxy.ToClient.DuplicatesOnePieceIn) = (100, 1);
        var (client, server) = await ConnectAsync();
        await client.SendAsync(new byte[10_000]);
        var changed = (await ReceiveAsync(server, 10_000)).Count(one => one != 0);
        changed.ShouldBeInRange(50, 200);
        await server.SendAsync("twice"u8.ToArray());
        (await ReceiveAsync(client, 10)).ShouldBe("twicetwice"u8.ToArray());

        byte[] one = new byte[1000], other = new byte[1000];
        (new LineFaults(3) { CorruptsOneByteIn = 10 }).Corrupt(one);
        (new LineFaults(3) { CorruptsOneByteIn = 10 }).Corrupt(other);
        one.ShouldBe(other);
        one.ShouldContain(value => value != 0);
    }

    [Fact]
    public async Task With_nobody_behind_it_a_connection_is_reset_at_once()
    {
        _listener.Stop();
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        // The reset may be faster than our way from connecting to receiving.
        (await Should.ThrowAsync<SocketException>(async () =>
        {
            await client.ConnectAsync(IPAddress.Loopback, _proxy.Port, TestContext.Current.CancellationToken);
            await client.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken);
        })).SocketErrorCode.ShouldBe(SocketError.ConnectionReset);
    }

    private async Task<(Socket Client, Socket Server)> ConnectAsync()
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, _proxy.Port);
        var server = await _listener.AcceptSocketAsync();
        _accepted.AddRange([client, server]);
        return (client, server);
    }

    private static async Task<byte[]> ReceiveAsync(Socket socket, int count)
    {
        var bytes = new byte[count];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        for (var got = 0; got < count;)
        {
            var read = await socket.ReceiveAsync(bytes.AsMemory(got), patience.Token);
            read.ShouldBeGreaterThan(0, $"only {got} of {count} bytes came");
            got += read;
        }
        return bytes;
    }

    private static async Task ShouldBeClosedAsync(Socket socket)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        (await socket.ReceiveAsync(new byte[1], patience.Token)).ShouldBe(0);
    }

    private static async Task ShouldBeResetAsync(Socket socket)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        (await Should.ThrowAsync<SocketException>(async () => await socket.ReceiveAsync(new byte[1], patience.Token))).SocketErrorCode.ShouldBe(SocketError.ConnectionReset);
    }
}
