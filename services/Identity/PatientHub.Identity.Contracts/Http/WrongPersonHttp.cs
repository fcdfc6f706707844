namespace PatientHub.Identity.Contracts.Http;

/// <summary>
/// "Not for me" (A32): body of <c>POST /internal/contacts/wrong-person</c> (scope <c>sign-in</c>, the gateway's alone). Either what was typed or the token of the link.
/// Always 204 in the same time, known or not (A19); 400 when what was typed has no usable form.
/// </summary>
public sealed record WrongPerson
{
    /// <summary>Mobile number or email address that got the message, as typed.</summary>
    public string? Identifier { get; init; }
    /// <summary>Token of the permanent link in the message.</summary>
    public string? LinkToken { get; init; }
}
