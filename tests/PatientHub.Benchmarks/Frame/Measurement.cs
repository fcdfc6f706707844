using System.Globalization;

namespace PatientHub.Benchmarks.Frame;

/// <summary>A verb of the command line.</summary>
/// <param name="Verb">Its name.</param>
/// <param name="Help">What it measures, and its options.</param>
/// <param name="RunAsync">Measures, and adds its rows to the report.</param>
internal sealed record Measurement(string Verb, string Help, Func<Options, Report, Task> RunAsync);

/// <summary>What stands after the verb: <c>--rows 1000000 --strewn</c>.</summary>
internal sealed class Options(IReadOnlyList<string> arguments)
{
    public int Number(string name, int unlessGiven) =>
        Value(name) is { } value ? int.Parse(value, CultureInfo.InvariantCulture) : unlessGiven;

    public bool Has(string name) => arguments.Contains("--" + name);

    private string? Value(string name) => arguments.SkipWhile(argument => argument != "--" + name).Skip(1).FirstOrDefault();
}
