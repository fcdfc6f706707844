namespace PatientHub.Benchmarks.Frame;

/// <summary>The rows of README's table "Measured", printed at the end of the run.</summary>
internal sealed class Report
{
    private readonly List<string> _rows = [];
    private readonly string _loadBefore = Machine.Load;

    /// <param name="what">What was measured, with its bar.</param>
    /// <param name="figure">The figure, with the pairs it comes from.</param>
    /// <param name="verb">The verb, with options, that repeats it.</param>
    public void Add(string what, string figure, string verb) =>
        _rows.Add($"| {what} | {figure} | `dotnet run -c Release --project tests/PatientHub.Benchmarks -- {verb}` |");

    public void Print()
    {
        Console.WriteLine($"\n{DateTime.UtcNow:yyyy-MM-dd}, {Machine.Name}; load before {_loadBefore}, after {Machine.Load}{Build}\n\n| What | Figure | Command |\n|---|---|---|");
        foreach (var row in _rows)
            Console.WriteLine(row);
    }

#if DEBUG
    private const string Build = "; a Debug build: the figures mean nothing";
#else
    private const string Build = "";
#endif
}
