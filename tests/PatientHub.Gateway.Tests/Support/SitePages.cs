namespace PatientHub.Gateway.Tests.Support;

/// <summary>Every page that a browser can stand on, with a name for its picture. A test holds this list against the gateway's own routes.</summary>
public static class SitePages
{
    /// <summary>Pages for everyone.</summary>
    public static readonly (string Name, string Path)[] Everybodys =
    [
        ("start", "/"), ("sign-in", "/sign-in"), ("ended", "/sign-in/ended"),
        ("signed-out", "/signed-out"), ("signed-out-idle", "/signed-out?why=idle"), ("signed-out-ended", "/signed-out?why=ended"), ("signed-out-kept", "/signed-out?why=kept"), ("signed-out-unsent", "/signed-out?why=unsent"),
        ("not-invited", "/help/not-invited"), ("help-code", "/help/code"), ("real-message", "/help/messages"), ("cookies", "/help/cookies"), ("privacy", "/help/privacy"), ("accessibility", "/help/accessibility"),
        ("not-for-me", "/not-for-me"), ("not-for-me-done", "/not-for-me/done"), ("not-found", "/nowhere"), ("calendar-link-dead", "/calendar-feed/ended.ics"),
    ];

    /// <summary>Pages of a sign-in that has begun.</summary>
    public static readonly (string Name, string Path)[] Attempts = [("code", "/sign-in/code"), ("code-again", "/sign-in/code?sent=again"), ("wait", "/sign-in/wait"), ("uvc", "/sign-in/uvc"), ("uvc-again", "/sign-in/uvc?sent=again")];

    /// <summary>Pages of the patient who is signed in.</summary>
    public static IEnumerable<(string Name, string Path)> Patients => PatientPagesTests.SignedInPages.Concat(States).Append("/sign-in")
        .Select(path => ("in" + string.Concat(path.Replace(Samples.AppointmentId.ToString(), "one").Replace(Samples.LetterId.ToString(), "one").Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')), path));

    private static readonly string Appointment = $"/appointments/{Samples.AppointmentId}";
    private static readonly string Letter = $"/letters/{Samples.LetterId}";

    /// <summary>The same pages after an answer, a refusal or a wish.</summary>
    private static readonly string[] States =
    [
        Appointment + "?did=accept", Appointment + "?tried=cancel&why=inside-five-days", Appointment + "?tried=cancel&why=superseded", "/preferences?did=save",
        Letter + "?did=post", Letter + "?tried=post", Letter + "/enclosures/2", "/switch",
    ];

    /// <summary>Routes that lead to another page or answer a file.</summary>
    public static readonly string[] WithoutPage =
    [
        "p/{token}", "language", "sign-out", "session/stay", "session/keep", "sign-in/new-code", "appointments", "appointments/{id:guid}/withdraw", "appointments/{id:guid}/calendar.ics",
        "letters/{id:guid}/accept", "letters/{id:guid}/post", "letters/{id:guid}/pdf", "letters/{id:guid}/enclosures/{number:int}/pdf", "letters/{id:guid}/versions/{version:int}/pdf", "appointments/{id:guid}/map",
    ];
}
