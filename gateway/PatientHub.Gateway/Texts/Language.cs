using System.Diagnostics.CodeAnalysis;

namespace PatientHub.Gateway.Texts;

/// <summary>A language that the pages can be read in: complete, or it is not offered.</summary>
public sealed class Language
{
    private readonly IReadOnlyDictionary<string, string> _texts;

    internal Language(string tag, IReadOnlyDictionary<string, string> texts) => (Tag, _texts) = (tag, texts);

    /// <summary>BCP 47, for <c>lang</c>: "en".</summary>
    public string Tag { get; }

    /// <summary>As its speakers call it: "English".</summary>
    public string Name => _texts["Language.Name"];

    /// <summary>"ltr" or "rtl", for <c>dir</c>.</summary>
    public string Direction => _texts["Language.Direction"];

    /// <summary>All of them by <c>Room.Key</c>.</summary>
    internal IReadOnlyDictionary<string, string> Texts => _texts;

    /// <summary>The text as the file has it.</summary>
    public bool TryGet(string key, [NotNullWhen(true)] out string? html) => _texts.TryGetValue(key, out html);
}
