using System.Text;
using System.Text.RegularExpressions;
using PatientHub.Gateway.Texts;

namespace PatientHub.Gateway.Tests.Support;

/// <summary>
/// A language made from the English texts: each letter becomes an accented one, each text grows by a third, as translations do. What stays in plain letters on a
/// page did not come from the resources.
/// </summary>
public static partial class PseudoLanguage
{
    private const string Plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const string Accented = "åƀçđéƒĝĥîĵķłɱñöþɋŕšţûṽŵẋýžÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞɊŔŠŢÛṼŴẊÝŽ";

    public static readonly IReadOnlyDictionary<string, string> English = TextCatalogue.FromResources(typeof(TextCatalogue).Assembly).Languages[0].Texts;

    /// <summary>English, one written from the left and one from the right.</summary>
    public static TextCatalogue Catalogue { get; } = new(new Dictionary<string, IReadOnlyDictionary<string, string>> { ["en"] = English, ["eo"] = Of("eo", "ltr"), ["ar"] = Of("ar", "rtl") });

    public static Dictionary<string, string> Of(string tag, string direction)
    {
        var texts = English.Where(text => !Plurals.IsForm(text.Key, out _)).ToDictionary(text => text.Key, text => Translate(text.Value));
        foreach (var (key, text) in English.Where(text => text.Key.EndsWith(".other", StringComparison.Ordinal)))
            foreach (var form in Plurals.FormsOf(tag))
                texts[key[..^"other".Length] + form] = Translate(text);
        texts["Language.Direction"] = direction;
        return texts;
    }

    private static string Translate(string text) => MarkupOrArgument().Split(text).Aggregate(new StringBuilder("⟦"), (translated, part) =>
        translated.Append(MarkupOrArgument().IsMatch(part) ? part : string.Concat(part.Select(c => Plain.IndexOf(c, StringComparison.Ordinal) is >= 0 and var at ? Accented[at] : c))))
        .Append('~', text.Contains('|', StringComparison.Ordinal) ? 0 : text.Length / 3).Append('⟧').ToString();

    [GeneratedRegex(@"(<[^>]*>|\{\d+\}|&[a-z#0-9]+;)")]
    private static partial Regex MarkupOrArgument();
}
