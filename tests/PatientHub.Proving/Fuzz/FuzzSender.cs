using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using PatientHub.Proving.Traffic;

namespace PatientHub.Proving.Fuzz;

/// <summary>Sends requests from many addresses, as HTTP or as bytes.</summary>
public sealed class FuzzSender(FuzzCallers callers, Uri publicDoor, Uri machineDoor) : IDisposable
{
    private const int Strangers = 64;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    private readonly HttpClient[] _clients = [.. Enumerable.Range(0, Strangers).Select(number => new HttpClient(Loopback.Handler(Loopback.Address(number))) { Timeout = Patience })];

    public async Task<FuzzAnswer> SendAsync(FuzzRequest request, CancellationToken ct)
    {
        var door = request.Door == Door.Public ? publicDoor : machineDoor;
        var headers = new List<(string Name, string Value)>(request.Headers);
        request = await callers.IdentifyAsync(request, headers, ct);
        var clock = Stopwatch.StartNew();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            return request.Raw is { } broken
                ? await SendBytesAsync(door, broken(Bytes(request, headers, door)), clock, patience.Token)
                : await SendHttpAsync(request, headers, door, clock, patience.Token);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or SocketException)
        {
            return new FuzzAnswer(null, "", "", fault.Message, clock.Elapsed, false);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new FuzzAnswer(null, "", "", "", clock.Elapsed, true);
        }
    }

    public void Dispose()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }
    }

    private async Task<FuzzAnswer> SendHttpAsync(FuzzRequest request, List<(string Name, string Value)> headers, Uri door, Stopwatch clock, CancellationToken ct)
    {
        var address = new Uri(door.GetLeftPart(UriPartial.Authority) + request.Target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), address);
        if (request.Body is { } body)
        {
            message.Content = new ByteArrayContent(body.Bytes);
            message.Content.Headers.TryAddWithoutValidation("Content-Type", body.ContentType);
        }
        foreach (var (name, value) in headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                message.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }
        using var response = await _clients[request.Number % Strangers].SendAsync(message, HttpCompletionOption.ResponseContentRead, ct);
        var text = await response.Content.ReadAsStringAsync(ct);
        return new FuzzAnswer((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType ?? "", response.Headers.ToString(), text, clock.Elapsed, false);
    }

    /// <summary>Whatever the bytes have become: sent, our side closed, and read until the gateway closes its own.</summary>
    private static async Task<FuzzAnswer> SendBytesAsync(Uri door, byte[] bytes, Stopwatch clock, CancellationToken ct)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, door.Port), ct);
        using var stream = new NetworkStream(socket);
        var answer = new MemoryStream();
        try
        {
            await stream.WriteAsync(bytes, ct);
            socket.Shutdown(SocketShutdown.Send);
            await stream.CopyToAsync(answer, ct);
        }
        catch (IOException)
        {
            // The gateway had read enough and closed first: what it has said until then counts.
        }
        var text = Encoding.Latin1.GetString(answer.ToArray());
        var head = text.Split("\r\n\r\n", 2);
        int? status = text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) && int.TryParse(text.AsSpan(9, 3), out var number) ? number : null;
        var type = head[0].Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Type:", StringComparison.OrdinalIgnoreCase)) ?? "Content-Type: none";
        return new FuzzAnswer(status, type[13..].Trim(), head[0], head.Length > 1 ? head[1] : "", clock.Elapsed, false);
    }

    private static byte[] Bytes(FuzzRequest request, List<(string Name, string Value)> headers, Uri door)
    {
        var head = new StringBuilder($"{request.Method} {request.Target} HTTP/1.1\r\nHost: {door.Authority}\r\nConnection: close\r\n");
        foreach (var (name, value) in headers)
        {
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        }
        if (request.Body is { } body)
        {
            head.Append($"Content-Type: {body.ContentType}\r\nContent-Length: {body.Bytes.Length}\r\n");
        }
        return [.. Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), .. request.Body?.Bytes ?? []];
    }
}
