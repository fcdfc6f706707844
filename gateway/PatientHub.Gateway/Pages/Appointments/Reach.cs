namespace PatientHub.Gateway.Pages.Appointments;

/// <summary>
/// How a patient wants to be reached about a request. The desk reads it in English, whatever language the page was in; so these words are no texts of the pages.
/// </summary>
internal static class Reach
{
    public const int Longest = 400;

    private static readonly Dictionary<string, string> ForTheDesk = new()
    {
        ["phone"] = "Phone call",
        ["text"] = "Text message",
        ["email"] = "Email",
        ["relay"] = "Relay UK",
    };

    public static IReadOnlyCollection<string> Ways => ForTheDesk.Keys;

    public static bool IsKnown(string? way) => string.IsNullOrEmpty(way) || ForTheDesk.ContainsKey(way);

    /// <summary>"Relay UK. After 2pm"; null when nothing was said.</summary>
    public static string? Words(string? way, string when) =>
        string.Join(". ", new[] { ForTheDesk.GetValueOrDefault(way ?? ""), when }.Where(part => !string.IsNullOrEmpty(part))) is { Length: > 0 } words ? words : null;
}
