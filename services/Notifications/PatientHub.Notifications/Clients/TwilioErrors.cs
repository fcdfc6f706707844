namespace PatientHub.Notifications.Clients;

/// <summary>Twilio's error codes that mean something for the patient's contact.</summary>
internal static class TwilioErrors
{
    /// <summary>The number itself is of no use: not a number, not a mobile, unknown, a landline, or its owner sent STOP.</summary>
    public static bool IsContactDead(string? code) => code is "21211" or "21214" or "21217" or "21407" or "21610" or "21614" or "30005" or "30006";

    /// <summary>Another text to it would fail the same way: the contact is dead, or the route or the content is refused.</summary>
    public static bool IsPermanent(string? code) => IsContactDead(code) || code is "21408" or "21612" or "30004" or "30007" or "30034" or "30410";
}
