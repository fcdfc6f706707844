using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PatientHub.Identity.Tests.Support;

/// <summary>
/// Everything that a caller sees of a sequence of answers: status, headers, bytes. Only what must differ is masked: the attempt's random id, and instants (by their length).
/// </summary>
public sealed partial class Transcript(IdentitySystem identity)
{
    private readonly StringBuilder seen = new();

    public string AttemptId { get; private set; } = "";

    public async Task PostAsync(string path, object body)
    {
        using var response = await identity.SendAsync("gateway", HttpMethod.Post, path, JsonContent.Create(body));
        var text = await response.Content.ReadAsStringAsync();
        if (JsonNode.Parse(text)?["attemptId"] is { } id) AttemptId = id.GetValue<string>();
        seen.Append(CultureInfo.InvariantCulture, $"{path} {(int)response.StatusCode}\n");
        foreach (var header in response.Headers.Concat(response.Content.Headers).Where(h => h.Key != "Date"))
            seen.Append(CultureInfo.InvariantCulture, $"{header.Key}: {string.Join(',', header.Value)}\n");
        seen.AppendLine(Instant().Replace(AttemptId.Length > 0 ? text.Replace(AttemptId, new string('a', AttemptId.Length)) : text, m => new string('t', m.Length)));
    }

    public override string ToString() => seen.ToString();

    [GeneratedRegex("""[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.+Z-]+""")]
    private static partial Regex Instant();
}
