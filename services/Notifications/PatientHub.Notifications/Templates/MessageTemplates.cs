using System.Collections.Frozen;
using System.Reflection;
using HandlebarsDotNet;
using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Domain;

namespace PatientHub.Notifications.Templates;

/// <summary>A wording's place: kind, channel and language.</summary>
internal readonly record struct TemplateKey(string Kind, Channel Channel, string Language);

/// <summary>One wording, compiled.</summary>
/// <param name="Version">0 is the shipped one.</param>
internal sealed record CompiledTemplate(int Version, string? Subject, string Body, Func<object, string?> RenderSubject, Func<object, string> RenderBody);

/// <summary>
/// The wording of every message. Shipped with the program: Handlebars resources <c>en/{kind}.{sms|email}.hbs</c>, version 0, all compiled at the start: a broken one stops the
/// process, not a message. On top of them what the trust has saved (<see cref="MessageTemplate"/>), newest version first; what does not compile any more is left out.
/// </summary>
internal sealed partial class MessageTemplates
{
    public const string English = "en";
    private static readonly string[] RightToLeft = ["ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"];

    private readonly ILogger<MessageTemplates> _log;
    private readonly HandlebarsTemplate<object, object> _layout;
    private FrozenDictionary<TemplateKey, CompiledTemplate> _current;
    private FrozenSet<string> _languages = FrozenSet.ToFrozenSet([English]);

    // Texts and the plain part of emails are not HTML: "O'Brien" must stay "O'Brien". The HTML layout escapes.
    private static readonly IHandlebars Plain = Handlebars.Create(new HandlebarsConfiguration { NoEscape = true });

    public MessageTemplates(ILogger<MessageTemplates> log)
    {
        _log = log;
        _layout = Handlebars.Create().Compile(Resource("en/email-layout.html.hbs"));
        Shipped = TemplateKinds.All.SelectMany(kind => kind.Channels.Select(channel => new TemplateKey(kind.Name, channel, English))).ToFrozenDictionary(key => key, ReadShipped);
        _current = Shipped;
    }

    public FrozenDictionary<TemplateKey, CompiledTemplate> Shipped { get; }

    /// <summary>The languages in which every kind exists on every channel.</summary>
    public IReadOnlyCollection<string> CompleteLanguages => _languages;

    /// <summary>The patient's language if a complete set exists, of the region or of the language as such; else English.</summary>
    public string LanguageFor(string? wanted)
    {
        if (string.IsNullOrEmpty(wanted)) return English;
        var tag = wanted.ToLowerInvariant();
        if (_languages.Contains(tag)) return tag;
        var primary = tag.Split('-')[0];
        return _languages.Contains(primary) ? primary : English;
    }

    /// <summary>The first of these in which a complete set exists; else English.</summary>
    public string LanguageFor(IEnumerable<string> wanted) => wanted.Select(LanguageFor).FirstOrDefault(language => language != English) ?? English;

    public CompiledTemplate Current(string kind, Channel channel, string language) =>
        _current.GetValueOrDefault(new TemplateKey(kind, channel, language)) ?? _current[new TemplateKey(kind, channel, English)];

    public CompiledTemplate? Find(TemplateKey key) => _current.GetValueOrDefault(key);

    /// <summary>Takes what the trust has saved, the newest version of each.</summary>
    public void Use(IEnumerable<MessageTemplate> saved)
    {
        var current = Shipped.ToDictionary();
        foreach (var template in saved)
        {
            var key = new TemplateKey(template.Kind, template.Channel, template.Language);
            try
            {
                current[key] = _current.GetValueOrDefault(key) is { } known && known.Version == template.Version ? known : Compile(template.Version, template.Subject, template.Body);
            }
            catch (HandlebarsException)
            {
                Log.Broken(_log, template.Kind, template.Channel, template.Language, template.Version);
            }
        }

        _current = current.ToFrozenDictionary();
        _languages = current.Keys.Select(key => key.Language).Distinct()
            .Where(language => TemplateKinds.All.All(kind => kind.Channels.All(channel => current.ContainsKey(new TemplateKey(kind.Name, channel, language))))).ToFrozenSet();
    }

    /// <exception cref="HandlebarsException">It cannot be read.</exception>
    public static CompiledTemplate Compile(int version, string? subject, string body)
    {
        var (first, rest) = (subject is null ? null : Plain.Compile(subject), Plain.Compile(body));
        return new CompiledTemplate(version, subject, body, values => first is null ? null : Tidy(first(values)).Replace('\n', ' '), values => Tidy(rest(values)));
    }

    /// <summary>The email's HTML part: its paragraphs, and links where a line is one.</summary>
    public string Layout(string subject, string body, string language, string ownAddresses) => _layout(new
    {
        subject,
        language,
        rightToLeft = RightToLeft.Contains(language.Split('-')[0]),
        paragraphs = body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(paragraph => paragraph.Trim('\n').Split('\n')
            .Select(line => new { text = line, href = line.StartsWith(ownAddresses, StringComparison.Ordinal) ? line : null }).ToArray()).ToArray(),
    });

    private static CompiledTemplate ReadShipped(TemplateKey key)
    {
        var text = Resource($"{key.Language}/{key.Kind}.{(key.Channel == Channel.Sms ? "sms" : "email")}.hbs");
        if (key.Channel == Channel.Sms) return Compile(0, null, text);
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        return Compile(0, text[..end], text[(end + 1)..]);
    }

    private static string Resource(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not shipped."));
        return reader.ReadToEnd().Replace("\r", "", StringComparison.Ordinal).Trim('\n', ' ');
    }

    private static string Tidy(string rendered)
    {
        var text = rendered.Replace("\r", "", StringComparison.Ordinal).Trim('\n', ' ');
        while (text.Contains("\n\n\n", StringComparison.Ordinal)) text = text.Replace("\n\n\n", "\n\n", StringComparison.Ordinal);
        return text;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The saved wording {Kind} {Channel} {Language} version {Version} cannot be read and is not used")]
        public static partial void Broken(ILogger logger, string kind, Channel channel, string language, int version);
    }
}
