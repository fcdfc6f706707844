using System.Globalization;

namespace PatientHub.Proving;

/// <summary>Options of a verb: <c>--name value</c>. What nobody asked for is refused.</summary>
public sealed class Words(string[] args)
{
    private readonly HashSet<int> _used = [];

    public long Number(string name, long otherwise) => NumberOrNone(name) ?? otherwise;

    public long? NumberOrNone(string name) => Value(name) is { } value ? long.Parse(value, CultureInfo.InvariantCulture) : null;

    public string? TextOrNone(string name) => Value(name);

    /// <summary>All options have been asked for.</summary>
    public void End()
    {
        if (Enumerable.Range(0, args.Length).FirstOrDefault(at => !_used.Contains(at), -1) is >= 0 and var at)
        {
            throw new ArgumentException($"Nobody knows '{args[at]}' here.");
        }
    }

    private string? Value(string name)
    {
        var at = Array.IndexOf(args, "--" + name);
        if (at < 0)
        {
            return null;
        }
        _used.UnionWith([at, at + 1]);
        return at + 1 < args.Length ? args[at + 1] : throw new ArgumentException($"--{name} needs a value.");
    }
}
