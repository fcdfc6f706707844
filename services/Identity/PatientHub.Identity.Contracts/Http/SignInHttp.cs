using System.Text.Json.Serialization;

namespace PatientHub.Identity.Contracts.Http;

/// <summary>Body of <c>POST /internal/sign-in/attempts</c> (scope <c>sign-in</c>, the gateway's alone). Always 200 with <see cref="SignInAttempt"/> (A19), 400 when a field is not in a usable form.</summary>
public sealed record StartSignIn
{
    /// <summary>Mobile number or email address as typed (R13).</summary>
    public required string Identifier { get; init; }
    /// <summary>Date of birth (R13, R16).</summary>
    public required DateOnly DateOfBirth { get; init; }
    /// <summary>Token of the permanent link the patient came from; it chooses among matching records and gives counters of its own (A12, A14).</summary>
    public string? LinkToken { get; init; }
    /// <summary>BCP 47 language that the pages are read in; for the code when the record names no language of its own. What is no language tag counts as none.</summary>
    public string? Language { get; init; }
}

/// <summary>A sign-in attempt; the same for known and unknown details (A19).</summary>
public sealed record SignInAttempt
{
    /// <summary>Random, 128 bits or more, base64url; lives in a cookie, never in an address.</summary>
    public required string AttemptId { get; init; }
    /// <summary>When the newest code dies (R15), UTC.</summary>
    public required DateTimeOffset CodeExpiresAt { get; init; }
    /// <summary>When the attempt ends: 15 minutes after its start (A13), UTC.</summary>
    public required DateTimeOffset AttemptExpiresAt { get; init; }
    /// <summary>When a code may be tried or sent again, when the back-off asks to wait; else null (A12), UTC.</summary>
    public DateTimeOffset? WaitUntil { get; init; }
}

/// <summary>Outcome of a step of signing in.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SignInOutcome>))]
public enum SignInOutcome
{
    /// <summary>Proven: <see cref="SignInResult.Grant"/> can be exchanged once at the token endpoint.</summary>
    SignedIn,
    /// <summary>The code is wrong; tries remain.</summary>
    WrongCode,
    /// <summary>The code is expired, used, replaced or burnt by the 5th wrong try; a new one can be asked for (A12, A13).</summary>
    CodeDead,
    /// <summary>Several records remain: the User Verification Code decides (R17, A14).</summary>
    UvcNeeded,
    /// <summary>The User Verification Code is wrong; tries remain.</summary>
    WrongUvc,
    /// <summary>Wait until <see cref="SignInResult.WaitUntil"/> (A12).</summary>
    Wait,
    /// <summary>A new code is on its way, if the details match.</summary>
    CodeSent,
    /// <summary>The attempt has ended: begin again.</summary>
    AttemptEnded,
}

/// <summary>
/// Answer of <c>POST /internal/sign-in/verify</c> (<see cref="VerifyCode"/>), <c>/internal/sign-in/resend</c> (<see cref="AttemptReference"/>),
/// <c>/internal/sign-in/uvc</c> (<see cref="VerifyUvc"/>) and <c>/internal/sign-in/uvc/resend</c> (<see cref="AttemptReference"/>); always 200.
/// </summary>
public sealed record SignInResult
{
    /// <summary>What happened.</summary>
    public required SignInOutcome Outcome { get; init; }
    /// <summary>One-time handle for the token endpoint, custom grant <see cref="Grants.ProvenCode"/>; 60 seconds.</summary>
    public string? Grant { get; init; }
    /// <summary>Who has signed in; with <see cref="SignInOutcome.SignedIn"/> alone. The same as <c>GET /api/me</c>, which nobody has to ask then.</summary>
    public Me? Me { get; init; }
    /// <summary>When the newest code dies, UTC.</summary>
    public DateTimeOffset? CodeExpiresAt { get; init; }
    /// <summary>When to come back, UTC.</summary>
    public DateTimeOffset? WaitUntil { get; init; }
}

/// <summary>Body of <c>POST /internal/sign-in/verify</c>.</summary>
public sealed record VerifyCode
{
    /// <summary>The attempt.</summary>
    public required string AttemptId { get; init; }
    /// <summary>Six digits; the page strips spaces and hyphens.</summary>
    public required string Code { get; init; }
}

/// <summary>Body of <c>POST /internal/sign-in/uvc</c>.</summary>
public sealed record VerifyUvc
{
    /// <summary>The attempt.</summary>
    public required string AttemptId { get; init; }
    /// <summary>Six characters; letter case, spaces and hyphens do not matter.</summary>
    public required string Uvc { get; init; }
}

/// <summary>Names an attempt.</summary>
public sealed record AttemptReference
{
    /// <summary>The attempt.</summary>
    public required string AttemptId { get; init; }
}

/// <summary>Custom grants of the token endpoint <c>POST /connect/token</c>; for the gateway's client alone.</summary>
public static class Grants
{
    /// <summary>Exchanges <c>grant</c> (form field) for a patient's access token with claims <c>sub</c> (patient), <c>sid</c> and scope <c>patient</c>; lives 60 seconds.</summary>
    public const string ProvenCode = "urn:patienthub:grant:proven-code";
    /// <summary>Renews a patient's access token by <c>sid</c> (form field); refused once the session has ended.</summary>
    public const string Session = "urn:patienthub:grant:session";
    /// <summary>
    /// A member of staff whom the hospital's own sign-in has proven to the gateway: form fields <c>staff_id</c> (its <c>sub</c>, up to 200 characters), <c>staff_name</c> (up to 100) and
    /// <c>supervisor</c> (<c>true</c>). Gives a token with <c>sub</c>, <c>staff_name</c> and scope <c>desk</c>, for a supervisor <c>desk.supervise</c> too; lives 60 seconds.
    /// </summary>
    public const string Staff = "urn:patienthub:grant:staff";
}

/// <summary>Body of <c>POST /internal/sessions/end</c> (scope <c>session</c>): signing out. 204 always.</summary>
public sealed record EndSession
{
    /// <summary>The session.</summary>
    public required Guid SessionId { get; init; }
}

/// <summary><c>GET /api/me</c> with a patient's token: who is signed in (R29).</summary>
public sealed record Me
{
    /// <summary>The patient.</summary>
    public required Guid PatientId { get; init; }
    /// <summary>Full name, as shown on every page.</summary>
    public required string FullName { get; init; }
    /// <summary>First name.</summary>
    public required string FirstName { get; init; }
    /// <summary>Mobile numbers, masked in part: <c>07700 ••• 123</c>.</summary>
    public required IReadOnlyList<string> MaskedMobiles { get; init; }
    /// <summary>Email addresses, masked in part: <c>r•••••@example.org</c>.</summary>
    public required IReadOnlyList<string> MaskedEmails { get; init; }
    /// <summary>SHA-256 of the permanent link's token, base64url: the gateway tells the patient's own link from another one's (R4). The token itself stays here.</summary>
    public string? LinkHash { get; init; }
    /// <summary>Address, masked in part: first line's beginning and postcode's outward half.</summary>
    public string? MaskedAddress { get; init; }
}
