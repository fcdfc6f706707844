using PatientHub.Proving.Rig;
using PatientHub.Proving.Scenarios;
using PatientHub.Proving.Tests.Proofs;

[assembly: AssemblyFixture(typeof(PatientHub.Proving.Tests.ProvingHub))]
// They break one hub: one at a time.
[assembly: CollectionBehavior(CollectionBehavior.CollectionPerAssembly)]

namespace PatientHub.Proving.Tests;

/// <summary>
/// One hub for all scenarios of the assembly, with a proxy before everything that a scenario may cut; started by the first that asks. Whoever breaks something mends it
/// before the test ends.
/// </summary>
public sealed class ProvingHub : IAsyncLifetime
{
    private readonly Lazy<Task<HubUnderTest>> _hub;
    private ScenarioRun? _run;

    public ProvingHub() => _hub = new(() => HubUnderTest.StartAsync(Catalogue.SharedHub with { Sets = [$"*:{SabotageFile.Variable}={Sabotage.Path}"] }));

    /// <summary>What the proofs break in all processes.</summary>
    public SabotageFile Sabotage { get; } = new(Path.Combine(Path.GetTempPath(), $"patienthub-sabotage-{Environment.ProcessId}"));

    public Task<HubUnderTest> HubAsync() => _hub.Value;

    /// <summary>The run of all scenarios of the assembly: what one has broken is not counted against the next.</summary>
    public async Task<ScenarioRun> RunAsync() => _run ??= new ScenarioRun(await HubAsync());

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_hub.IsValueCreated)
        {
            Task started = _hub.Value;
            await started.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            // A start that failed has failed its test already, and has cleaned up after itself.
            if (started.IsCompletedSuccessfully)
            {
                await (await _hub.Value).DisposeAsync();
            }
        }

        File.Delete(Sabotage.Path);
    }
}
