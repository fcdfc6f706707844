using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace PatientHub.Gateway.Tests.Support;

/// <summary>A request line exactly as written: HttpClient would tidy up the path first.</summary>
public static class RawHttp
{
    public static async Task<int> StatusAsync(Uri server, string method, string path)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{method} {path} HTTP/1.1\r\nHost: {server.Authority}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var line = await reader.ReadLineAsync() ?? "";
        return int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }
}
