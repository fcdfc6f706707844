using PatientHub.Benchmarks;

// One verb for each measurement. Nothing here is a test: a figure is reported with what it was measured on, and people judge it.
switch (args.FirstOrDefault())
{
    case "enumeration":
        await EnumerationTiming.RunAsync(pairs: args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 2000);
        return 0;
    default:
        Console.Error.WriteLine("""
            usage: dotnet run -c Release --project tests/PatientHub.Benchmarks -- VERB
              enumeration [PAIRS]   can a stranger tell known from unknown details by the time of the answer? (A19) Default 2000 interleaved pairs.
            """);
        return 2;
}
