using System.Collections;
using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Resources;
using System.Text;
using System.Text.RegularExpressions;

namespace PatientHub.Gateway.Texts;

/// <summary>
/// All texts of the pages, from the resources <c>Texts/{Room}.resx</c> (English) and <c>Texts/{Room}.{language}.resx</c>. A page is never half translated: a
/// language is offered only when its files have every text of the English ones, with the same markup and no argument that the English text lacks.
/// </summary>
public sealed partial class TextCatalogue
{
    private const string Source = "en";
    private readonly FrozenDictionary<string, Language> _byTag;

    /// <param name="languages">The texts of each language by <c>Room.Key</c>; <c>en</c> among them.</param>
    public TextCatalogue(IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> languages)
    {
        var source = languages[Source];
        var faults = languages.ToDictionary(language => language.Key, language => Check(language.Key, language.Value, source).ToList());
        if (faults[Source] is { Count: > 0 } own)
            throw new InvalidOperationException("The English texts are faulty: " + string.Join("; ", own));
        Languages = [.. languages.Where(language => faults[language.Key].Count == 0).OrderBy(language => language.Key != Source).ThenBy(language => language.Key, StringComparer.Ordinal)
            .Select(language => new Language(language.Key, language.Value.ToFrozenDictionary(text => text.Key, text => Attributable(text.Value))))];
        NotOffered = faults.Where(language => language.Value.Count > 0).ToDictionary(language => language.Key, language => (IReadOnlyList<string>)language.Value);
        _byTag = Languages.ToFrozenDictionary(language => language.Tag, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>English first.</summary>
    public IReadOnlyList<Language> Languages { get; }

    /// <summary>Languages whose files are there and not complete, with what is wrong.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> NotOffered { get; }

    /// <summary>The language of this request (request localization), or English.</summary>
    public Language Current
    {
        get
        {
            for (var culture = CultureInfo.CurrentUICulture; culture.Name.Length > 0; culture = culture.Parent)
                if (_byTag.TryGetValue(culture.Name, out var language))
                    return language;
            return _byTag[Source];
        }
    }

    /// <summary>Reads <c>{assembly}.Texts.*</c> and the satellite assemblies beside it: adding a language is adding files.</summary>
    public static TextCatalogue FromResources(Assembly assembly)
    {
        var name = assembly.GetName().Name!;
        var rooms = assembly.GetManifestResourceNames().Where(resource => resource.StartsWith(name + ".Texts.", StringComparison.Ordinal)).Select(resource => resource[..^".resources".Length]).ToList();
        var languages = Directory.EnumerateFiles(AppContext.BaseDirectory, name + ".resources.dll", SearchOption.AllDirectories)
            .Select(file => Path.GetFileName(Path.GetDirectoryName(file)!)).Distinct().ToDictionary(tag => tag, tag => Read(CultureInfo.GetCultureInfo(tag)));
        languages[Source] = Read(CultureInfo.InvariantCulture);
        return new TextCatalogue(languages);

        IReadOnlyDictionary<string, string> Read(CultureInfo culture) => rooms.SelectMany(room =>
            new ResourceManager(room, assembly).GetResourceSet(culture, createIfNotExists: true, tryParents: false)?.Cast<DictionaryEntry>()
                .Select(text => KeyValuePair.Create($"{room[(name.Length + ".Texts.".Length)..]}.{text.Key}", (string)text.Value!)) ?? []).ToDictionary();
    }

    private static IEnumerable<string> Check(string language, IReadOnlyDictionary<string, string> texts, IReadOnlyDictionary<string, string> source)
    {
        var forms = Plurals.FormsOf(language);
        var needed = source.Keys.SelectMany(key => Plurals.IsForm(key, out var counted) ? forms.Select(form => $"{counted}.{form}") : [key]).ToHashSet();
        foreach (var key in needed.Where(key => !texts.TryGetValue(key, out var text) || string.IsNullOrWhiteSpace(text)))
            yield return key + " is missing";
        foreach (var key in texts.Keys.Where(key => !needed.Contains(key)))
            yield return key + " is not a text of the pages";
        foreach (var (key, text) in texts.Where(text => needed.Contains(text.Key)))
        {
            var english = source.GetValueOrDefault(key) ?? (Plurals.IsForm(key, out var counted) ? source[counted + ".other"] : "");
            if (!Tag().Matches(text).Select(tag => tag.Value).Order().SequenceEqual(Tag().Matches(english).Select(tag => tag.Value).Order()))
                yield return key + " has other markup than the English text";
            if (!IsFormat(text) || Argument().Matches(text).Select(argument => argument.Value).Except(Argument().Matches(english).Select(argument => argument.Value)).Any())
                yield return key + " has an argument that the English text lacks";
        }
        if (texts.GetValueOrDefault("Language.Direction") is not ("ltr" or "rtl"))
            yield return "Language.Direction must be ltr or rtl";
    }

    private static bool IsFormat(string text)
    {
        try
        {
            CompositeFormat.Parse(text);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>A text without markup may stand in an attribute.</summary>
    private static string Attributable(string html) => html.Contains('<', StringComparison.Ordinal) ? html : html.Replace("\"", "&quot;", StringComparison.Ordinal);

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\{\d+\}")]
    private static partial Regex Argument();
}
