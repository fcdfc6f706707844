using System.Text.Json;

namespace PatientHub.Gateway.Tests.Components;

/// <summary>The options of one example of the design system. What a test has read counts as supported; what remains unread is not.</summary>
internal sealed class FixtureOptions
{
    private readonly JsonElement _json;
    private readonly string _path;
    private readonly HashSet<string> _read;
    private readonly List<string> _missing = [];

    public FixtureOptions(JsonElement json) : this(json, "", []) { }

    private FixtureOptions(JsonElement json, string path, HashSet<string> read) => (_json, _path, _read) = (json, path, read);

    /// <summary>Paths of options that nothing has read, as "items.conditional.html".</summary>
    public IEnumerable<string> Unread => Leaves(_json, _path).Where(leaf => !_read.Contains(leaf)).Select(leaf => System.Text.RegularExpressions.Regex.Replace(leaf, @"\[\d+\]", "").TrimStart('.')).Concat(_missing).Distinct();

    /// <summary>What ours cannot be without and the design system's can.</summary>
    public string Need(string path)
    {
        if (Text(path) is { } text)
            return text;
        _missing.Add($"no {path}");
        return "-";
    }

    /// <summary>A word, at the first of the paths that has one.</summary>
    public string? Text(params string[] paths) => paths.Select(path => Find(path) is { ValueKind: JsonValueKind.String } found ? Read(path, found.GetString()) : null).FirstOrDefault(text => text is not null);

    /// <summary>A word that ours knows; another one is not supported.</summary>
    public string? Text(string path, string[] among) => Find(path) is { ValueKind: JsonValueKind.String } found && among.Contains(found.GetString()) ? Text(path) : null;

    public bool? Flag(string path) => Find(path) is { ValueKind: JsonValueKind.True or JsonValueKind.False } found ? Read<bool?>(path, found.GetBoolean()) : null;

    public int? Number(string path) => Find(path) is { ValueKind: JsonValueKind.Number } found ? Read<int?>(path, found.GetInt32()) : null;

    /// <summary>The objects of a list; an empty place in it is left out, as the design system does.</summary>
    public IReadOnlyList<FixtureOptions> List(string path)
    {
        if (Find(path) is not { ValueKind: JsonValueKind.Array } list)
            return [];
        var items = new List<FixtureOptions>();
        foreach (var (index, item) in list.EnumerateArray().Index())
        {
            var at = $"{_path}.{path}[{index}]";
            if (item.ValueKind == JsonValueKind.Object) items.Add(new FixtureOptions(item, at, _read));
            else if (item.ValueKind == JsonValueKind.False) _read.Add(at);
        }
        return items;
    }

    public IReadOnlyList<string> Words(string path)
    {
        if (Find(path) is not { ValueKind: JsonValueKind.Array } list)
            return [];
        return [.. list.EnumerateArray().Select((item, index) => { _read.Add($"{_path}.{path}[{index}]"); return item.GetString()!; })];
    }

    private JsonElement? Find(string path)
    {
        var at = _json;
        foreach (var step in path.Split('.'))
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(step, out at))
                return null;
        return at;
    }

    private T Read<T>(string path, T value)
    {
        _read.Add($"{_path}.{path}");
        return value;
    }

    private static IEnumerable<string> Leaves(JsonElement json, string path) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(property => Leaves(property.Value, $"{path}.{property.Name}")),
        JsonValueKind.Array => json.EnumerateArray().Index().SelectMany(item => Leaves(item.Item, $"{path}[{item.Index}]")),
        _ => [path],
    };
}
