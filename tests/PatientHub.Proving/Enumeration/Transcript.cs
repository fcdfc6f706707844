using System.Text;
using System.Text.RegularExpressions;
using PatientHub.Proving.Traffic;

namespace PatientHub.Proving.Enumeration;

/// <summary>
/// All that somebody without a code can make the sign-in say, byte for byte. Blanked is only what is random or a time for everybody: the Date, the values of cookies and
/// anti-forgery tokens (not their lengths), the time a code or a wait ends, the seconds that are left.
/// </summary>
public static partial class Transcript
{
    /// <param name="locked">Five wrong codes first, which ask for a wait.</param>
    public static async Task<string> OfAsync(Stranger stranger, string identifier, DateOnly born, bool locked)
    {
        var all = new StringBuilder();
        void Note(string step, WireAnswer answer) => all.AppendLine($"== {step}").AppendLine(Blanked(answer, identifier));

        Note("form", await stranger.GetAsync("/sign-in"));
        Note("details", await stranger.StartAsync(identifier, born));
        Note("code page", await stranger.GetAsync("/sign-in/code"));
        Note("nonsense", await stranger.PostAsync("/sign-in/code", ("Code", "12")));
        for (var tries = locked ? 6 : 1; tries > 0; tries--)
        {
            Note("wrong code", await stranger.PostAsync("/sign-in/code", ("Code", "000000")));
        }
        Note("UVC", await stranger.PostAsync("/sign-in/uvc", ("Uvc", "BCD234")));
        Note("new code", await stranger.PostAsync("/sign-in/new-code"));
        Note("code page again", await stranger.GetAsync("/sign-in/code?sent=again"));
        Note("wait page", await stranger.GetAsync("/sign-in/wait"));
        Note("details again", await stranger.StartAsync(identifier, born));
        Note("a patient's page", await stranger.GetAsync("/home"));
        return all.ToString();
    }

    private static string Blanked(WireAnswer answer, string identifier)
    {
        var head = answer.Head.Select(line => line.StartsWith("Date: ", StringComparison.Ordinal) ? "Date: …" : CookieAge().Replace(CookieValue().Replace(line, match => $"{match.Groups[1].Value}={Shape(match.Groups[2].Value)}"), "max-age=…"))
            .Select(line => line.StartsWith("Content-Length: ", StringComparison.Ordinal) ? "Content-Length: …" : line);
        var body = TokenValue().Replace(answer.Body, match => $"value=\"token of {match.Groups[1].Length}\"");
        body = Seconds().Replace(Clock().Replace(body, "…"), "data-ends-in=\"…\"");
        // What was typed comes back in the form of who typed it.
        return string.Join('\n', head) + "\n\n" + body.Replace(System.Net.WebUtility.HtmlEncode(identifier), "(typed)", StringComparison.Ordinal);
    }

    // "id.milliseconds.milliseconds.0" keeps its shape: whether there is a wait can be seen, and must be the same.
    private static string Shape(string value) => string.Join('.', value.Split('.').Select(part => part == "0" ? "0" : $"({part.Length})"));

    [GeneratedRegex("(__Host-[a-z-]+)=([^;]*)")]
    private static partial Regex CookieValue();

    [GeneratedRegex("max-age=[0-9]+")]
    private static partial Regex CookieAge();

    [GeneratedRegex("value=\"(CfDJ8[^\"]+)\"")]
    private static partial Regex TokenValue();

    [GeneratedRegex("data-ends-in=\"[0-9]+\"")]
    private static partial Regex Seconds();

    [GeneratedRegex(@"\b([0-9]{1,2}(:[0-9]{2})?(am|pm)|midday|midnight)\b")]
    private static partial Regex Clock();
}
