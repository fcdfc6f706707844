using PatientHub.Simulators;

try
{
    await using var simulators = SimulatorsApp.Build(args);
    await simulators.RunAsync();
    return 0;
}
catch (SimulatorsRefusedException refused)
{
    Console.Error.WriteLine(refused.Message);
    return 1;
}
