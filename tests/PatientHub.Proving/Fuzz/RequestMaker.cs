using System.Text.RegularExpressions;

namespace PatientHub.Proving.Fuzz;

/// <summary>Request number N of a seed: always the same one, as long as the hub knows the same things.</summary>
public sealed partial class RequestMaker(int seed, KnownValues known)
{
    private static readonly string[] Methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "FUZZ"];
    private static readonly string[] ContentTypes =
    [
        "application/json", "application/fhir+json", "application/fhir+xml", "application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary=", "text/plain", "application/xml", "application/json; charset=utf-7",
        "application/json; charset=nonsense", "application/octet-stream", "*/*", "nonsense", "", "application/grpc",
    ];
    private static readonly (string Name, string[] Right)[] Headers =
    [
        ("Accept", ["text/html", "application/json", "application/fhir+xml", "*/*;q=0.1, text/calendar", "application/pdf"]), ("Accept-Language", ["en-GB", "cy"]), ("Accept-Encoding", ["gzip, br", "identity;q=0"]), ("Range", ["bytes=0-10", "bytes=-5", "bytes=5-1", "bytes=0-0,2-3"]),
        ("If-None-Match", ["*", "\"1\""]), ("If-Match", ["W/\"1\"", "\"1\"", "*"]), ("If-Modified-Since", ["Thu, 26 Nov 2026 09:00:00 GMT"]), ("Prefer", ["return=minimal"]), ("Sec-Purpose", ["prefetch"]), ("Sec-Fetch-Site", ["same-origin", "cross-site", "none"]),
        ("Origin", ["null", "https://evil.example"]), ("Referer", ["https://evil.example/"]), ("X-Forwarded-For", ["10.0.0.1", "127.0.0.1"]), ("X-Forwarded-Host", ["evil.example"]), ("X-Forwarded-Proto", ["http"]), ("Forwarded", ["for=1.2.3.4;host=evil.example"]),
        ("X-Original-URL", ["/internal/contacts"]), ("X-HTTP-Method-Override", ["DELETE"]), ("Idempotency-Key", ["1"]), ("X-Correlation-ID", ["1"]), ("X-Request-ID", ["1"]), ("traceparent", ["00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"]), ("tracestate", ["a=b"]),
        ("baggage", ["a=b"]), ("User-Agent", ["Mozilla/5.0"]), ("Content-Encoding", ["gzip", "br", "identity"]), ("Content-Language", ["en"]), ("Host", ["evil.example", "localhost"]), ("X-Twilio-Signature", ["AAAA"]), ("Authorization", ["Bearer x.y.z", "Basic YTpi", "Bearer "]),
        ("Cookie", ["__Host-session=AAAA", "__Host-sign-in=a.1.2.3", "__Host-link=abcdefghijklmnopqrst", "a=b; a=b;;; =; \"", "__Host-anti-forgery=CfDJ8"]), ("Max-Forwards", ["0"]), ("Upgrade", ["websocket", "h2c"]),
    ];
    private static readonly int TotalWeight = FuzzRoutes.All.Sum(route => route.Weight);

    public FuzzRequest Make(long number)
    {
        var dice = new Dice(seed, number, known);
        var route = Route(dice);
        var caller = dice.Chance(80) ? route.Caller : dice.Pick(Enum.GetValues<Caller>());
        var door = dice.Chance(96) ? route.Door : dice.Pick(Enum.GetValues<Door>());
        var method = dice.Chance(92) ? route.Method : dice.Pick(Methods);
        var target = Target(dice, route.Path);
        List<(string, string)> headers = dice.Chance(75) ? [.. route.Headers] : [];
        while (dice.Chance(35))
        {
            var (name, right) = dice.Pick(Headers);
            headers.Add((name, Line(dice.Chance(65) ? dice.Pick(right) : dice.Text())));
        }
        var body = dice.Below(20) switch
        {
            0 => null,
            1 => new FuzzBody(dice.Pick(ContentTypes), dice.Bytes(2_000)),
            2 when dice.Pick(FuzzRoutes.All).Body is { } other => other(dice),
            3 when route.Body is not null => route.Body(dice) with { ContentType = dice.Pick(ContentTypes) },
            _ => route.Body?.Invoke(dice),
        };
        Func<byte[], byte[]>? raw = dice.Chance(3) ? dice.Broken : null;
        return new FuzzRequest(number, $"{route.Method} {route.Path}", door, caller, method, target, headers, method is "GET" or "HEAD" && !dice.Chance(3) ? null : body, raw);
    }

    private static FuzzRoute Route(Dice dice)
    {
        var at = dice.Below(TotalWeight);
        return FuzzRoutes.All.First(route => (at -= route.Weight) < 0);
    }

    private static string Target(Dice dice, string path)
    {
        var target = Braces().Replace(path, name => name.Value is "{any}" or "{number}" ? Escaped(dice, name.Value == "{any}" ? dice.Text() : dice.Number()) : Escaped(dice, dice.Value(name.Value[1..^1])));
        if (dice.Chance(6))
        {
            target = dice.Below(6) switch
            {
                0 => target + "/",
                1 => "/" + target,
                2 => target.ToUpperInvariant(),
                3 => target.Replace("/", "%2F", StringComparison.Ordinal),
                4 => target + "/../" + Escaped(dice, dice.Text()),
                _ => target + "/" + Escaped(dice, dice.Text()),
            };
        }
        if (dice.Chance(12))
        {
            var name = dice.Chance(60) ? dice.Pick(["did", "tried", "why", "sent", "handler", "id", "token", "Id", "v", "returnUrl", "_count", "page"]) : Escaped(dice, dice.Text());
            target += (target.Contains('?') ? "&" : "?") + name + "=" + Escaped(dice, dice.Text());
        }
        return target.StartsWith('/') ? target : "/" + target;
    }

    // Mostly as a browser would; sometimes as raw as a request line allows.
    private static string Escaped(Dice dice, string value) =>
        dice.Chance(85) ? FormValues.Escaped(value) : string.Concat(value.Select(c => c is > ' ' and <= '~' and not '#' ? c.ToString() : FormValues.Escaped(c.ToString())));

    // One line of a header: what would end it is the raw requests' part.
    private static string Line(string text) => string.Concat(text.Select(c => c is '\r' or '\n' or '\0' or > '\u00FF' ? '?' : c));

    [GeneratedRegex(@"\{[a-z]+\}")]
    private static partial Regex Braces();
}
