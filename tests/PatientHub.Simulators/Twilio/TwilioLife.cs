using PatientHub.Simulators.Behaviour;

namespace PatientHub.Simulators.Twilio;

/// <summary>The states a text goes through after it was accepted.</summary>
internal static class TwilioLife
{
    internal readonly record struct Step(string Status, int? ErrorCode = null);

    public static IReadOnlyList<Step> Of(Behaves behaves) => behaves switch
    {
        Behaves.Landline => [new("sent"), new("undelivered", 30006)],
        Behaves.Unknown => [new("sent"), new("undelivered", 30005)],
        Behaves.Unreachable => [new("sent"), new("undelivered", 30003)],
        Behaves.Filtered => [new("sent"), new("undelivered", 30007)],
        Behaves.Fails => [new("failed", 30008)],
        _ => [new("sent"), new("delivered")],
    };

    public static string Describe(int errorCode) => errorCode switch
    {
        30003 => "Unreachable destination handset",
        30005 => "Unknown destination handset",
        30006 => "Landline or unreachable carrier",
        30007 => "Message filtered",
        _ => "Unknown error",
    };
}
