using System.Text.RegularExpressions;

namespace PatientHub.Proving.Fuzz;

/// <summary>What came back. <paramref name="Status"/> null: the connection was closed without an answer, or nothing came in time.</summary>
public sealed record FuzzAnswer(int? Status, string ContentType, string Head, string Text, TimeSpan Took, bool TimedOut)
{
    /// <summary>Whoever did not even answer, answers: null. Else what is wrong with this answer.</summary>
    public string? Fault(FuzzRequest request, TimeSpan hang) => this switch
    {
        { TimedOut: true } => $"no answer in {Took.TotalSeconds:F0} s",
        // RFC 9110, 15.6.6: what broken bytes made of "HTTP/1.1" is no version that the server has.
        { Status: 505, Text: "" } when request.Raw is not null => null,
        { Status: >= 500 } => $"{Status} {Words(Text)}",
        // An entry of a Bundle has a status of its own.
        { ContentType: "application/fhir+json" or "application/fhir+json; charset=utf-8" } when Text.Contains("\"status\":\"5", StringComparison.Ordinal) => $"an entry's {Words(Text)}",
        { Status: null } when request.Raw is null => "the connection was closed without an answer",
        { Status: 400, Text: "" } when request.Raw is not null => null,
        _ when Took > hang => $"{Took.TotalSeconds:F1} s",
        _ when IsPage && Text.Contains(Dice.Marker, StringComparison.OrdinalIgnoreCase) => "what was sent came back unescaped in a page",
        _ when IsPage && Text.Contains("onerror=fz", StringComparison.OrdinalIgnoreCase) && Text.Contains("<img src=x", StringComparison.OrdinalIgnoreCase) => "a tag that was sent came back in a page",
        _ when Head.Contains("X-Fuzz-Injected", StringComparison.OrdinalIgnoreCase) => "what was sent became a header",
        _ when Trace.IsMatch(Text) => $"a stack trace: {Words(Trace.Match(Text).Value)}",
        _ => null,
    };

    /// <summary>May pass when it is asked again alone: an overloaded machine is slow, and a service that did not answer in time is a 503 or 504.</summary>
    public bool MayBeLoad(FuzzRequest request, TimeSpan hang) => TimedOut || Status is 503 or 504 || (Took > hang && Status < 500) || (Status is null && request.Raw is null);

    private static readonly Regex Trace = new(@"\bat (?:PatientHub|Microsoft|System|Npgsql|MassTransit|StackExchange|Hl7|OpenIddict|Yarp)\.[\w.<>`]+\(|\b\w+Exception: |\bin /\S+\.cs:line ", RegexOptions.Compiled);

    private bool IsPage => ContentType.Contains("html", StringComparison.OrdinalIgnoreCase) || ContentType.Contains("svg", StringComparison.OrdinalIgnoreCase) || ContentType.Length == 0;

    private static string Words(string text) => Regex.Replace(text.Length > 400 ? text[..400] : text, @"\s+", " ");
}
