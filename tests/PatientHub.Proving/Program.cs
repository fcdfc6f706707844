using PatientHub.Proving.Attack;
using PatientHub.Proving.Enumeration;
using PatientHub.Proving.Fuzz;
using PatientHub.Proving.RandomFaults;
using PatientHub.Proving.Scenarios;

// One verb for each way of trying to break the hub. All of them start a hub of their own on this machine and leave nothing behind.
switch (args)
{
    case ["scenarios", .. var options]:
        return await ScenarioCommand.RunAsync(options);
    case ["random", .. var options]:
        return await RandomFaultsVerb.RunAsync(options);
    case ["fuzz", .. var options]:
        return await FuzzVerb.RunAsync(options);
    case ["attack", .. var options]:
        return await AttackVerb.RunAsync(options);
    case ["enumeration", .. var options]:
        return await EnumerationVerb.RunAsync(options);
    default:
        Console.Error.WriteLine("""
            usage: dotnet run -c Release --project tests/PatientHub.Proving -- VERB
              scenarios [--seeds N] [--only 17,31] [--appointments N] [--book FILE]   the checklist's faults, each judged by the checker; goes on where a run with the same book stopped
              random [--minutes 10] [--seed S] [--appointments 2000] [--patients 300] [--every SECONDS] [--console FILE]
              fuzz [--requests N] [--seed S] [--only NUMBER] [--at-once N] [--console FILE]
              attack [--pairs N] [--seed S] [--at-once N]
              enumeration [--pairs N] [--seed S] [--at-once N]
            """);
        return 2;
}
