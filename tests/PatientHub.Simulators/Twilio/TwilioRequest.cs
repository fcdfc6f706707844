using System.Text.RegularExpressions;

namespace PatientHub.Simulators.Twilio;

/// <summary>
/// Checks the form of a CreateMessage request as Twilio's OpenAPI document and its error catalogue have it.
/// Where the document is looser than the real service (it marks only To as required), the real service's rule is used.
/// </summary>
internal static partial class TwilioRequest
{
    /// <summary>The first thing wrong with the request; null when Twilio would take it.</summary>
    public static TwilioError? FirstFault(IFormCollection form)
    {
        string? Value(string name) => form.TryGetValue(name, out var values) && values.ToString() is { Length: > 0 } value ? value : null;

        var to = Value("To");
        if (to is null)
            return Bad(21604, "A 'To' phone number is required.");
        if (!E164().IsMatch(to))
            return Bad(21211, "Invalid 'To' Phone Number");

        var from = Value("From");
        var service = Value("MessagingServiceSid");
        if (from is null && service is null)
            return Bad(21603, "A 'From' phone number is required.");
        if (from is not null && !E164().IsMatch(from) && !ShortCode().IsMatch(from) && !AlphanumericSender().IsMatch(from))
            return Bad(21212, "Invalid 'From' Phone Number");
        if (service is not null && !MessagingServiceSid().IsMatch(service))
            return Bad(21701, "The Messaging Service does not exist.");

        var body = Value("Body");
        if (body is null && Value("MediaUrl") is null && Value("ContentSid") is null)
            return Bad(21602, "Message body is required.");
        if (body is { Length: > 1600 })
            return Bad(21617, "The concatenated message body exceeds the 1600 character limit");
        if (Value("StatusCallback") is { } callback && !IsHttpAddress(callback))
            return Bad(21609, "The 'StatusCallback' URL is not a valid URL.");
        foreach (var media in form["MediaUrl"])
        {
            if (media is not null && !IsHttpAddress(media))
                return Bad(21620, "Invalid media URL(s)");
        }

        foreach (var (name, pattern) in Patterns)
        {
            if (Value(name) is { } value && !pattern.IsMatch(value))
                return Bad(20001, $"Invalid parameter: {name}");
        }

        return null;
    }

    private static TwilioError Bad(int code, string message) => TwilioError.Of(400, code, message);

    private static bool IsHttpAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";

    // Types, enumerations and patterns of the document's other properties.
    private static readonly (string Name, Regex Pattern)[] Patterns =
    [
        ("ApplicationSid", new Regex("^AP[0-9a-fA-F]{32}$")),
        ("ContentSid", new Regex("^HX[0-9a-fA-F]{32}$")),
        ("MaxPrice", new Regex(@"^\d+(\.\d+)?$")),
        ("ProvideFeedback", new Regex("^(true|false)$", RegexOptions.IgnoreCase)),
        ("ForceDelivery", new Regex("^(true|false)$", RegexOptions.IgnoreCase)),
        ("SmartEncoded", new Regex("^(true|false)$", RegexOptions.IgnoreCase)),
        ("ShortenUrls", new Regex("^(true|false)$", RegexOptions.IgnoreCase)),
        ("SendAsMms", new Regex("^(true|false)$", RegexOptions.IgnoreCase)),
        ("Attempt", new Regex(@"^\d+$")),
        ("ValidityPeriod", new Regex(@"^\d{1,5}$")),
        ("ContentRetention", new Regex("^(retain|discard)$")),
        ("AddressRetention", new Regex("^(retain|obfuscate)$")),
        ("TrafficType", new Regex("^free$")),
        ("ScheduleType", new Regex("^fixed$")),
        ("RiskCheck", new Regex("^(enable|disable)$")),
    ];

    [GeneratedRegex(@"^\+[1-9]\d{6,14}$")]
    private static partial Regex E164();

    [GeneratedRegex(@"^\d{3,8}$")]
    private static partial Regex ShortCode();

    [GeneratedRegex(@"^(?=.*[A-Za-z])[A-Za-z0-9 +\-_&]{1,11}$")]
    private static partial Regex AlphanumericSender();

    [GeneratedRegex("^MG[0-9a-fA-F]{32}$")]
    private static partial Regex MessagingServiceSid();
}
