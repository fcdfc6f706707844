using System.Collections.Frozen;

namespace PatientHub.Notifications.Clients;

/// <summary>What an error of Twilio's says about the next text.</summary>
internal enum TextFailure
{
    /// <summary>Of today: the phone is off, the network busy. The journey goes on.</summary>
    Temporary,

    /// <summary>Another text to this number would fail the same way, but the number is not at fault: route, content, permission (A18).</summary>
    Permanent,

    /// <summary>The number itself is of no use (R14).</summary>
    ContactDead,
}

/// <summary>
/// Twilio's error codes, as its error and warning dictionary describes them (https://www.twilio.com/docs/api/errors/{code}). A code that is not here is temporary: in doubt the
/// journey goes on, and the letter with it.
/// </summary>
internal static class TwilioErrors
{
    /// <summary>The recipient has sent STOP to this sender.</summary>
    public const string Stopped = "21610";

    private static readonly FrozenDictionary<string, TextFailure> Known = new Dictionary<string, TextFailure>
    {
        ["21211"] = TextFailure.ContactDead, // invalid 'To' number
        ["21214"] = TextFailure.ContactDead, // 'To' number cannot be reached
        ["21217"] = TextFailure.ContactDead, // number does not appear to be valid
        ["21265"] = TextFailure.ContactDead, // 'To' number cannot be a short code
        ["21407"] = TextFailure.ContactDead, // number type does not support texts
        [Stopped] = TextFailure.ContactDead, // recipient unsubscribed (STOP)
        ["21614"] = TextFailure.ContactDead, // not a valid mobile number
        ["30005"] = TextFailure.ContactDead, // unknown destination handset: number no longer exists
        ["30006"] = TextFailure.ContactDead, // landline or unreachable carrier
        ["21408"] = TextFailure.Permanent, // no permission for this region
        ["21612"] = TextFailure.Permanent, // 'To' and 'From' cannot be combined
        ["21617"] = TextFailure.Permanent, // body over 1,600 characters
        ["30004"] = TextFailure.Permanent, // blocked by the recipient or the carrier
        ["30007"] = TextFailure.Permanent, // filtered by the carrier
        ["30011"] = TextFailure.Permanent, // MMS not supported in the region
        ["30034"] = TextFailure.Permanent, // sender not registered
        ["30410"] = TextFailure.Permanent, // provider refuses the sender
        ["30001"] = TextFailure.Temporary, // queue overflow
        ["30002"] = TextFailure.Temporary, // account suspended: ours to mend
        ["30003"] = TextFailure.Temporary, // handset off or out of reach
        ["30008"] = TextFailure.Temporary, // unknown error
        ["30009"] = TextFailure.Temporary, // missing inbound segment
        ["30010"] = TextFailure.Temporary, // price above the limit
        ["30017"] = TextFailure.Temporary, // carrier network congestion
        ["30036"] = TextFailure.Temporary, // validity period expired
    }.ToFrozenDictionary();

    public static TextFailure Of(string? code) => code is null ? TextFailure.Temporary : Known.GetValueOrDefault(code, TextFailure.Temporary);

    /// <summary>The number itself is of no use: not a number, not a mobile, unknown, a landline, or its owner sent STOP.</summary>
    public static bool IsContactDead(string? code) => Of(code) == TextFailure.ContactDead;

    /// <summary>Another text to it would fail the same way.</summary>
    public static bool IsPermanent(string? code) => Of(code) != TextFailure.Temporary;
}
