using System.Text.RegularExpressions;
using PatientHub.Identity.Domain;

namespace PatientHub.Identity.Features.SignIn;

/// <summary>
/// In which languages a code is wanted. The record's comes first: it is the patient's, while the pages' may be that of whoever helps, or of a stranger. A record that names none says English, so the pages'
/// language is the next. Notifications takes the first in which it has every wording, else English.
/// </summary>
internal static partial class CodeLanguage
{
    private const string English = "en";

    /// <param name="opens">The records behind one destination; two of different languages have none in common.</param>
    /// <param name="ofPages">The pages' language.</param>
    public static IReadOnlyList<string> Of(IReadOnlyList<Patient> opens, string? ofPages)
    {
        var own = opens.Select(record => record.Language.ToLowerInvariant()).Distinct().ToList() is [var same] ? same : null;
        return [.. new[] { own, ofPages }.OfType<string>().Where(language => language.Split('-')[0] != English).Distinct()];
    }

    /// <summary>A language tag in lower case, or null: it comes from outside.</summary>
    public static string? Tag(string? typed) => typed is { Length: <= 35 } && Form().IsMatch(typed) ? typed.ToLowerInvariant() : null;

    [GeneratedRegex(@"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}\z")]
    private static partial Regex Form();
}
