namespace PatientHub.AppHost.Local.Engine;

/// <summary><c>--set name:VARIABLE=value</c>. The name <c>*</c> is every process of ours.</summary>
public sealed record VariableSetting(string Resource, string Variable, string Value)
{
    public const string Everybody = "*";

    public static VariableSetting Parse(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && text[..equals].Split(':', 2) is [{ Length: > 0 } resource, { Length: > 0 } variable]
            ? new VariableSetting(resource, variable, text[(equals + 1)..])
            : throw new LocalRunException($"--set {text}: expected NAME:VARIABLE=VALUE.");
    }

    public bool IsFor(IResource resource) => Resource == Everybody || Resource == resource.Name;
}
