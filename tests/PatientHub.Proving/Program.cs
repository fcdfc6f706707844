using PatientHub.Proving.Scenarios;

// One verb for each way of trying to break the hub. All of them start a hub of their own on this machine and leave nothing behind.
switch (args.FirstOrDefault())
{
    case "scenarios":
        return await ScenarioCommand.RunAsync(args[1..]);
    default:
        Console.Error.WriteLine("""
            usage: dotnet run --project tests/PatientHub.Proving -- VERB
              scenarios [--seeds N] [--only 17,31] [--book FILE]   the checklist's faults, each judged by the checker; goes on where a run with the same book stopped
            """);
        return 2;
}
