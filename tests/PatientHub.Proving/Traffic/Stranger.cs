using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace PatientHub.Proving.Traffic;

/// <summary>What became of a typed code.</summary>
public enum Typed
{
    Entered,
    Wrong,

    /// <summary>Burnt, used, replaced or too old.</summary>
    Dead,
    Wait,
    Ended,
    UvcAsked,
    Throttled,

    /// <summary>503: too much at once, nothing was compared.</summary>
    Unavailable,
    Other,
}

/// <summary>Somebody at an address of their own, with a browser of sockets: cookies and the anti-forgery token of the last page, and every byte of the answer.</summary>
public sealed partial class Stranger(Uri hub, IPAddress from)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private string _token = "";

    public Dictionary<string, string> Cookies { get; private init; } = [];

    /// <summary>Of the last page that had a form.</summary>
    public string Token => _token;

    /// <summary>A second window with the same cookies.</summary>
    public Stranger Again() => new(hub, from) { Cookies = new(Cookies), _token = _token };

    public Task<WireAnswer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync("GET", path, null, headers);

    public Task<WireAnswer> PostAsync(string path, params (string Name, string Value)[] fields) =>
        SendAsync("POST", path, string.Join('&', fields.Append(("__RequestVerificationToken", _token)).Select(f => $"{Uri.EscapeDataString(f.Item1)}={Uri.EscapeDataString(f.Item2)}")), []);

    public async Task<WireAnswer> StartAsync(string identifier, DateOnly born)
    {
        await GetAsync("/sign-in");
        return await PostAsync("/sign-in", ("Identifier", identifier), ("Day", $"{born.Day}"), ("Month", $"{born.Month}"), ("Year", $"{born.Year}"));
    }

    public async Task<Typed> TypeAsync(string code)
    {
        var answer = await PostAsync("/sign-in/code", ("Code", code));
        return answer switch
        {
            { Location: "/home" } => Typed.Entered,
            { Location: "/sign-in/wait" } => Typed.Wait,
            { Location: "/sign-in/ended" } => Typed.Ended,
            { Location: "/sign-in/uvc" } => Typed.UvcAsked,
            { Status: 429 } => Typed.Throttled,
            { Status: 503 } => Typed.Unavailable,
            { Status: 200 } when answer.Body.Contains("That is not the code", StringComparison.Ordinal) => Typed.Wrong,
            { Status: 200 } when answer.Body.Contains("does not work any more", StringComparison.Ordinal) => Typed.Dead,
            _ => Typed.Other,
        };
    }

    public async Task<WireAnswer> SendAsync(string method, string path, string? form, (string Name, string Value)[] headers)
    {
        var head = new StringBuilder($"{method} {path} HTTP/1.1\r\nHost: {hub.Authority}\r\nAccept: text/html\r\nConnection: close\r\n");
        if (Cookies.Count > 0)
        {
            head.Append("Cookie: ").AppendJoin("; ", Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")).Append("\r\n");
        }
        foreach (var (name, value) in headers)
        {
            head.Append($"{name}: {value}\r\n");
        }
        if (form is not null)
        {
            head.Append($"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {Encoding.UTF8.GetByteCount(form)}\r\n");
        }
        head.Append("\r\n").Append(form);

        using var patience = new CancellationTokenSource(Patience);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(from, 0));
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, hub.Port), patience.Token);
        using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(head.ToString()), patience.Token);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, patience.Token);
        var answer = WireAnswer.Parse(bytes.ToArray());
        Keep(answer);
        return answer;
    }

    private void Keep(WireAnswer answer)
    {
        foreach (var cookie in answer.SetCookies)
        {
            var pair = cookie.Split(';')[0].Split('=', 2);
            if (cookie.Contains("expires=Thu, 01 Jan 1970", StringComparison.OrdinalIgnoreCase))
            {
                Cookies.Remove(pair[0]);
            }
            else
            {
                Cookies[pair[0]] = pair[1];
            }
        }
        if (TokenField().Match(answer.Body) is { Success: true } token)
        {
            _token = token.Groups[1].Value;
        }
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" type=\"hidden\" value=\"([^\"]+)\"")]
    private static partial Regex TokenField();
}
