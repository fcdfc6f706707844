using System.Diagnostics;
using OpenTelemetry;

namespace PatientHub.ServiceDefaults.Telemetry;

/// <summary>
/// Keeps what identifies a person out of spans: the tokens of the permanent link (<c>/p/…</c>) and of a calendar feed, everything under <c>/fhir</c> (ids of the PAS can be hospital
/// numbers), and every query string. Registered before the exporters, so that nothing leaves the process first.
/// </summary>
internal sealed class RedactionProcessor : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        Redact(data, "url.path");
        Redact(data, "url.full");
        Redact(data, "http.target");
        if (data.GetTagItem("url.query") is not null)
            data.SetTag("url.query", "redacted");
        if (Redacted(data.DisplayName) is { } name)
            data.DisplayName = name;
    }

    private static void Redact(Activity activity, string tag)
    {
        if (activity.GetTagItem(tag) is string value && Redacted(value) is { } redacted)
            activity.SetTag(tag, redacted);
    }

    internal static string? Redacted(string value)
    {
        var query = value.IndexOf('?', StringComparison.Ordinal);
        var path = query < 0 ? value : value[..query];
        foreach (var door in (string[])["/p/", "/fhir/", "/calendar-feed/", "/internal/sign-in-codes/"])
            if (path.IndexOf(door, StringComparison.OrdinalIgnoreCase) is >= 0 and var at && !path[(at + door.Length)..].StartsWith('{'))
                return path[..(at + door.Length)] + "redacted";
        return query < 0 ? null : path + "?redacted";
    }
}
