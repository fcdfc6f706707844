namespace PatientHub.Letters.Domain;

/// <summary>
/// A15: a letter says "this replaces our letter of …" when an earlier version was handed over to the print house or read in the hub. Looked up whenever the letter
/// is shown or printed, not when it is made: the news that the old one was posted may come later.
/// </summary>
public static class ReplacedLetter
{
    public static DateOnly? DateOf(int currentVersion, IEnumerable<LetterVersion> versions) => versions
        .Where(v => v.Version < currentVersion && (v.PostedAt ?? v.OpenedAt) is not null)
        .MaxBy(v => v.Version)?.LetterDate;
}
