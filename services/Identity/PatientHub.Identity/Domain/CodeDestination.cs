namespace PatientHub.Identity.Domain;

/// <summary>
/// R14: where a sign-in code goes. To the typed mobile if it is on record, else to the mobile of lowest rank; by email when there is no usable mobile or staff chose
/// it, to the typed address if it is on record, else to the one of lowest rank. The preference for notifications plays no part (A11).
/// </summary>
public sealed record CodeDestination(ContactKind Kind, string Value)
{
    /// <summary>Null when nothing can be sent.</summary>
    public static CodeDestination? For(Patient patient, TypedIdentifier typed, DateTimeOffset now)
    {
        var email = Choose(patient, ContactKind.Email, typed, now);
        if (patient.CodesByEmail && email is not null) return email;
        return Choose(patient, ContactKind.Mobile, typed, now) ?? email;
    }

    private static CodeDestination? Choose(Patient patient, ContactKind kind, TypedIdentifier typed, DateTimeOffset now)
    {
        var usable = patient.UsableContacts(kind, now).ToList();
        var chosen = usable.FirstOrDefault(c => typed.Kind == kind && c.Value == typed.Value) ?? usable.FirstOrDefault();
        return chosen is null ? null : new CodeDestination(kind, chosen.Value);
    }
}
