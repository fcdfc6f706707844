using System.Globalization;

namespace PatientHub.Testing;

/// <summary>How long the random tests of the parsers run: seconds in <c>dotnet test</c>, <c>PATIENTHUB_FUZZ</c> times as long when that variable is set.</summary>
public static class Fuzz
{
    private static readonly int Times = int.Parse(Environment.GetEnvironmentVariable("PATIENTHUB_FUZZ") is { Length: > 0 } times ? times : "1", CultureInfo.InvariantCulture);

    /// <summary>No input may take longer than this, on however loaded a machine: past it a parser does not look slow, it hangs.</summary>
    public static readonly TimeSpan Hang = TimeSpan.FromSeconds(30);

    public static int Cases(int quick) => checked(quick * Times);
}
