using System.Text.Json.Serialization;

namespace PatientHub.Identity.Contracts.Http;

/// <summary>Body of <c>POST /internal/contacts</c> (scope <c>contacts.read</c>, Notifications alone) and <c>POST /internal/addresses</c> (scope <c>addresses.read</c>, PostalFallback alone); at most 500 ids.</summary>
public sealed record PatientQuery
{
    /// <summary>Patients.</summary>
    public required IReadOnlyList<Guid> PatientIds { get; init; }
}

/// <summary>Contact of one patient at the moment of sending. Unknown patients are left out of the list; merged ones answer as the survivor.</summary>
public sealed record PatientContact
{
    /// <summary>The id that was asked for.</summary>
    public required Guid PatientId { get; init; }
    /// <summary>False when nothing may be sent at all: deceased, restricted, inactive (A24).</summary>
    public required bool MaySend { get; init; }
    /// <summary>Everything by post (R9).</summary>
    public required bool LettersOnly { get; init; }
    /// <summary>First name for the salutation (A25).</summary>
    public required string FirstName { get; init; }
    /// <summary>True when the contact belongs to a parent: "for Amy" (A25).</summary>
    public required bool ThroughParent { get; init; }
    /// <summary>Mobile in E.164, lowest rank, not a landline, not failed or stopped, not in doubt (A32); or null.</summary>
    public string? Mobile { get; init; }
    /// <summary>Email address that is not in doubt (A32), or null.</summary>
    public string? Email { get; init; }
    /// <summary>BCP 47 language, <c>en</c> by default.</summary>
    public required string Language { get; init; }
    /// <summary>Token of the permanent link (R4): <c>{PublicBaseUrl}/p/{token}</c>.</summary>
    public required string LinkToken { get; init; }
    /// <summary>User Verification Code for the end of the message, when a second record matches (R17); else null.</summary>
    public string? Uvc { get; init; }
}

/// <summary>How a letter must be printed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PrintFormat>))]
public enum PrintFormat
{
    /// <summary>12 point.</summary>
    Standard,
    /// <summary>16 point.</summary>
    LargePrint,
    /// <summary>Braille, audio, easy read or BSL: never plain print; a task (R10).</summary>
    NotPlainPrint,
}

/// <summary>Address of one patient at the moment of printing.</summary>
public sealed record PatientAddress
{
    /// <summary>The id that was asked for.</summary>
    public required Guid PatientId { get; init; }
    /// <summary>False when nothing may be printed: deceased, restricted, inactive (A24).</summary>
    public required bool MayPrint { get; init; }
    /// <summary>Recipient and address, 3 to 7 lines, "Parent or guardian of" first for a child under 16, postcode last (print rules).</summary>
    public required IReadOnlyList<string> Lines { get; init; }
    /// <summary>Identity's own name for this address: goes back with a letter that the post returned. Null when there is no address.</summary>
    public Guid? AddressId { get; init; }
    /// <summary>True when the post brought a letter back from here and the record has not changed since: <see cref="Lines"/> is empty then.</summary>
    public bool Returned { get; init; }
    /// <summary>Full name as it must stand in the letter.</summary>
    public required string FullName { get; init; }
    /// <summary>True for a child under 16: the letter is written to the parent or guardian of <see cref="FullName"/>, never to the child (A31).</summary>
    public bool ToParent { get; init; }
    /// <summary>NHS number <c>999 123 4567</c> when verified; else null. Printed, never logged.</summary>
    public string? NhsNumber { get; init; }
    /// <summary>How to print.</summary>
    public required PrintFormat Format { get; init; }
    /// <summary>User Verification Code for the end of the letter (R17); else null.</summary>
    public string? Uvc { get; init; }
}

/// <summary>
/// Answer of <c>POST /internal/sign-in-codes/{codeId}/collect</c> (scope <c>codes.collect</c>, Notifications alone). 200 once, then 404:
/// the encrypted copy is deleted by the first pick-up.
/// </summary>
public sealed record CollectedCode
{
    /// <summary>Six digits; null for a re-sent User Verification Code.</summary>
    public string? Code { get; init; }
    /// <summary>User Verification Code to send ("I have no UVC", A14); null for a code.</summary>
    public string? Uvc { get; init; }
    /// <summary><c>sms</c> or <c>email</c> (R14).</summary>
    public required string Channel { get; init; }
    /// <summary>E.164 number or email address.</summary>
    public required string Destination { get; init; }
    /// <summary>First name of the record that <see cref="Uvc"/> belongs to (A25: several records share the destination); null for a code.</summary>
    public string? FirstName { get; init; }
    /// <summary>Where a text's code goes instead when the text provider is down (R14); null when there is no email address, or when not all records behind this code share it.</summary>
    public string? FallbackEmail { get; init; }
    /// <summary>When the code dies, UTC; nothing is sent after it.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
    /// <summary>BCP 47 languages in the order in which they are wanted: the records' own, if all behind the destination have the same and it is not English, then the pages' at sign-in. Empty: English.</summary>
    public IReadOnlyList<string> Languages { get; init; } = [];
}

/// <summary>How one record stands. <c>POST /internal/patients/standing</c> (scope <c>standing.read</c>) with a <see cref="PatientQuery"/> → a list of these; unknown patients are left out.</summary>
public sealed record PatientStanding
{
    /// <summary>The id that was asked for.</summary>
    public required Guid PatientId { get; init; }
    /// <summary>False when nobody may sign in to the record: deceased, restricted, inactive, linked or "no portal" (A24, A30).</summary>
    public required bool MaySignIn { get; init; }
    /// <summary>True while the contacts on record belong to a parent: under 16 (A31).</summary>
    public required bool ThroughParent { get; init; }
}
