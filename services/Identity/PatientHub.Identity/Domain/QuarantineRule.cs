namespace PatientHub.Identity.Domain;

/// <summary>A30: the same PAS id with a new NHS number, or with new surname and birth date, is probably another person: quarantine and a task, nothing is applied.</summary>
public static class QuarantineRule
{
    public const string NewNhsNumber = "new-nhs-number";
    public const string NewSurnameAndBirthDate = "new-surname-and-birth-date";

    /// <summary>The reason, or null when the details may be applied.</summary>
    public static string? Reason(Patient known, PatientDetails sent)
    {
        // A number that failed its check digit was never this person's proof: replacing it is a correction.
        if (known.NhsNumber is not null && sent.NhsNumber is not null && known.NhsNumber != sent.NhsNumber) return NewNhsNumber;
        var newSurname = known.FamilyName is not null && sent.Name.Family is not null && !string.Equals(known.FamilyName, sent.Name.Family, StringComparison.OrdinalIgnoreCase);
        var newBirthDate = known.BirthDate is not null && sent.BirthDate is not null && known.BirthDate != sent.BirthDate;
        return newSurname && newBirthDate ? NewSurnameAndBirthDate : null;
    }
}
