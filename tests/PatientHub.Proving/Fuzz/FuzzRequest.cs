using System.Text;

namespace PatientHub.Proving.Fuzz;

/// <summary>One request as it will be sent, but for what only the running hub knows: tokens, cookies, signatures.</summary>
/// <param name="Raw">Bytes to break on the way out; null: sent as HTTP should be.</param>
public sealed record FuzzRequest(
    long Number, string Route, Door Door, Caller Caller, string Method, string Target, IReadOnlyList<(string Name, string Value)> Headers, FuzzBody? Body, Func<byte[], byte[]>? Raw)
{
    /// <summary>With words that only the running hub knows put in for their names.</summary>
    public FuzzRequest With(IReadOnlyDictionary<string, string> own)
    {
        var request = this;
        foreach (var (name, value) in own)
        {
            request = request with { Target = request.Target.Replace(name, value, StringComparison.Ordinal) };
            if (request.Body is { } body && body.Bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(name)) >= 0)
            {
                request = request with { Body = body with { Bytes = Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(body.Bytes).Replace(name, value, StringComparison.Ordinal)) } };
            }
        }
        return request;
    }

    /// <summary>One line that says it all; binary bodies as base64.</summary>
    public string ToLine(int seed) =>
        $"fuzz --seed {seed} --only {Number} = {Method} {Target} ({Door} door, as {Caller}{(Raw is null ? "" : ", bytes broken")}) {string.Join(" ", Headers.Select(h => $"[{h.Name}: {Shown(h.Value)}]"))} {(Body is null ? "" : $"{Body.ContentType} {Shown(Body)}")}";

    private static string Shown(FuzzBody body) => body.Bytes.Length > 1_500 ? $"({body.Bytes.Length} bytes) " + Shown(Encoding.Latin1.GetString(body.Bytes, 0, 300)) : Shown(Encoding.Latin1.GetString(body.Bytes));

    private static string Shown(string text) => string.Concat(text.Select(c => c is >= ' ' and <= '~' ? c.ToString() : $"\\x{(int)c:x2}"));
}
