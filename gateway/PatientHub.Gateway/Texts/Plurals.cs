namespace PatientHub.Gateway.Texts;

/// <summary>
/// Which form of a noun a language takes for a number (Unicode CLDR, cardinal plural rules for whole numbers). A counted text has one entry for each form:
/// <c>NeedAnswer.one</c>, <c>NeedAnswer.other</c>. What is not listed has two forms, as English.
/// </summary>
internal static class Plurals
{
    private static readonly string[] Two = ["one", "other"];

    public static IReadOnlyList<string> FormsOf(string language) => Root(language) switch
    {
        "ar" or "cy" => ["zero", "one", "two", "few", "many", "other"],
        "pl" or "ru" or "uk" => ["one", "few", "many", "other"],
        "cs" or "sk" or "lt" or "ro" => ["one", "few", "other"],
        "zh" or "vi" or "ja" or "ko" or "th" => ["other"],
        _ => Two,
    };

    public static string Of(string language, int number) => Root(language) switch
    {
        "ar" => number switch { 0 => "zero", 1 => "one", 2 => "two", _ => (number % 100) switch { >= 3 and <= 10 => "few", >= 11 => "many", _ => "other" } },
        "cy" => number switch { 0 => "zero", 1 => "one", 2 => "two", 3 => "few", 6 => "many", _ => "other" },
        "pl" => number == 1 ? "one" : IsFew(number) ? "few" : "many",
        "ru" or "uk" => number % 10 == 1 && number % 100 != 11 ? "one" : IsFew(number) ? "few" : "many",
        "cs" or "sk" => number switch { 1 => "one", >= 2 and <= 4 => "few", _ => "other" },
        "lt" => number % 100 is >= 11 and <= 19 || number % 10 == 0 ? "other" : number % 10 == 1 ? "one" : "few",
        "ro" => number == 1 ? "one" : number == 0 || number % 100 is >= 1 and <= 19 ? "few" : "other",
        "zh" or "vi" or "ja" or "ko" or "th" => "other",
        "fr" or "pt" or "hi" or "bn" or "gu" or "fa" => number <= 1 ? "one" : "other",
        _ => number == 1 ? "one" : "other",
    };

    /// <summary>The key without its form, when it is one of a counted text.</summary>
    public static bool IsForm(string key, out string counted)
    {
        var dot = key.LastIndexOf('.');
        counted = dot < 0 ? "" : key[..dot];
        return dot > 0 && key[(dot + 1)..] is "zero" or "one" or "two" or "few" or "many" or "other";
    }

    private static bool IsFew(int number) => number % 10 is >= 2 and <= 4 && number % 100 is not (>= 12 and <= 14);

    private static string Root(string language) => language.Split('-')[0];
}
