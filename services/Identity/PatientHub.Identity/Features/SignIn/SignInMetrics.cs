using System.Diagnostics.Metrics;

namespace PatientHub.Identity.Features.SignIn;

/// <summary>Counts of signing in, without any label that names a person. The share of used codes (signed in / issued) shows pumping and texts that do not arrive.</summary>
internal static class SignInMetrics
{
    private static readonly Meter Meter = new("PatientHub.Identity");

    public static readonly Counter<long> CodesIssued = Meter.CreateCounter<long>("patienthub.identity.codes.issued", description: "Codes handed over for sending.");
    public static readonly Counter<long> SignedIn = Meter.CreateCounter<long>("patienthub.identity.signed_in", description: "Sign-ins that succeeded.");
    public static readonly Counter<long> WrongTries = Meter.CreateCounter<long>("patienthub.identity.wrong_tries", description: "Wrong codes and UVCs.");
    public static readonly Counter<long> SlowedDown = Meter.CreateCounter<long>("patienthub.identity.slowed_down", description: "Alarm: steps slowed down because the budget of wrong codes is used up (A26).");
}
