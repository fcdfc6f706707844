using System.Reflection;
using PatientHub.Proving.Rig;

namespace PatientHub.Proving.Scenarios;

/// <summary>A line of the checklist by its number, in the checklist's words.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ChecklistAttribute(int number, string title) : Attribute
{
    public int Number => number;

    public string Title => title;

    /// <summary>Runs in <c>dotnet test</c> too: seconds, not minutes, on the hub that all of them share.</summary>
    public bool Quick { get; init; }
}

/// <summary>
/// One line of the checklist as it is lived. It injects the fault, lets it pass, and asserts what the line expects besides; the checker then answers L, D, N and T of the
/// whole run. Each has a <see cref="ChecklistAttribute"/>.
/// </summary>
public abstract class Scenario
{
    /// <summary>A hub of its own, started in this way; null: the shared one (a proxy before everything, the ladder in real hours).</summary>
    public virtual HubOptions? OwnHub => null;

    public abstract Task RunAsync(Scene scene);
}

/// <summary>A scenario of the catalogue.</summary>
public sealed record ScenarioEntry(int Number, string Title, bool Quick, HubOptions? OwnHub, Func<Scenario> Create)
{
    public override string ToString() => $"{Number} {Title}";
}

/// <summary>All scenarios of this program, by number.</summary>
public static class Catalogue
{
    /// <summary>How the hub that scenarios share is started. Before <see cref="All"/>: own hubs begin from it.</summary>
    public static HubOptions SharedHub { get; } = new()
    {
        Ladder = Ladder.Real,
        Proxied = ["postgres", "redis", "rabbitmq", "simulators", "gateway", "gateway/machine"],
    };

    public static IReadOnlyList<ScenarioEntry> All { get; } =
    [
        .. typeof(Catalogue).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Scenario)) && !type.IsAbstract)
            .Select(type => (Type: type, Line: type.GetCustomAttribute<ChecklistAttribute>() ?? throw new InvalidOperationException($"{type.Name} has no number of the checklist.")))
            .Select(found => new ScenarioEntry(found.Line.Number, found.Line.Title, found.Line.Quick, Make(found.Type).OwnHub, () => Make(found.Type)))
            .OrderBy(entry => entry.Number).ThenBy(entry => entry.Title, StringComparer.Ordinal),
    ];

    private static Scenario Make(Type type) => (Scenario)Activator.CreateInstance(type)!;
}
