using System.Collections.Frozen;
using System.Reflection;
using HandlebarsDotNet;

namespace PatientHub.Notifications.Templates;

/// <summary>
/// The wording of every message: Handlebars resources <c>{language}/{name}.v{version}.{sms|email}.hbs</c>. A change of wording is a new version, so that a stored
/// message says which one it was made from. All are compiled at the start: a broken one stops the process, not a message.
/// </summary>
internal sealed class MessageTemplates
{
    private readonly FrozenDictionary<string, HandlebarsTemplate<object, object>> _templates;

    public MessageTemplates()
    {
        // Texts and the plain part of emails are not HTML: "O'Brien" must stay "O'Brien". The HTML layout escapes.
        var plain = Handlebars.Create(new HandlebarsConfiguration { NoEscape = true });
        var html = Handlebars.Create();
        var assembly = Assembly.GetExecutingAssembly();
        _templates = assembly.GetManifestResourceNames().Where(name => name.EndsWith(".hbs", StringComparison.Ordinal)).ToFrozenDictionary(
            name => name,
            name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                return (name.EndsWith(".html.hbs", StringComparison.Ordinal) ? html : plain).Compile(reader.ReadToEnd());
            });
    }

    public IEnumerable<string> Names => _templates.Keys;

    /// <param name="name">As <c>en/invitation.v1.sms.hbs</c>.</param>
    public string Render(string name, object values) => _templates[name](values).Replace("\r", "", StringComparison.Ordinal).Trim('\n', ' ');
}
