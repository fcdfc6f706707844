namespace PatientHub.Identity.Domain;

/// <summary>What a patient typed to sign in (R13), in the one form under which contacts are stored.</summary>
public sealed record TypedIdentifier(ContactKind Kind, string Value)
{
    /// <summary>
    /// Looks at the form alone, never at who is on record (A19). A landline or a foreign number is a usable form: it goes the way of every unknown one.
    /// </summary>
    public static bool TryParse(string? text, out TypedIdentifier identifier)
    {
        identifier = new TypedIdentifier(ContactKind.Mobile, "");
        if (EmailAddress.TryParse(text, out var email)) identifier = new TypedIdentifier(ContactKind.Email, email);
        else if (MobileNumber.TryParsePhone(text, out var phone)) identifier = new TypedIdentifier(ContactKind.Mobile, phone);
        else return false;
        return true;
    }
}
