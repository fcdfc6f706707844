using PatientHub.Proving.Rig;

[assembly: AssemblyFixture(typeof(PatientHub.Proving.Tests.ProvingHub))]

namespace PatientHub.Proving.Tests;

/// <summary>
/// One hub for all scenarios of the assembly, with a proxy before everything that a scenario may cut; started by the first that asks. Whoever breaks something mends it
/// before the test ends.
/// </summary>
public sealed class ProvingHub : IAsyncLifetime
{
    private readonly Lazy<Task<HubUnderTest>> _hub = new(() => HubUnderTest.StartAsync(new HubOptions
    {
        Ladder = Ladder.Real,
        Proxied = ["postgres", "redis", "rabbitmq", "simulators", "gateway", "gateway/machine"],
    }));

    public Task<HubUnderTest> HubAsync() => _hub.Value;

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
    }
}
