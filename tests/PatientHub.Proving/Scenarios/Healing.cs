using PatientHub.Proving.Rig;
using PatientHub.Testing;

namespace PatientHub.Proving.Scenarios;

/// <summary>After a scenario: every line is whole, every process runs and answers, every provider behaves.</summary>
public static class Healing
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static async Task HealAsync(this HubUnderTest hub)
    {
        foreach (var proxy in hub.Proxies.Values)
        {
            proxy.ToServer.Heal();
            proxy.ToClient.Heal();
            proxy.Accept();
        }

        hub.Processes.ResumeAll();
        await hub.AllRunAsync();
        await hub.BehaveWellAsync();
    }

    /// <summary>Waits until every process that should run does, and every service says that it can do its work.</summary>
    public static async Task AllRunAsync(this HubUnderTest hub)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        await Eventually.True(
            async () =>
            {
                var ready = hub.Ready;
                foreach (var (name, resource) in ready.Resources.Where(r => r.Value.Urls is not null && r.Key is not "rabbitmq"))
                {
                    try
                    {
                        using var health = await http.GetAsync(new Uri(new Uri(resource.Urls!.First().Value), "/health"));
                        if (!health.IsSuccessStatusCode)
                            return false;
                    }
                    catch (Exception notYet) when (notYet is HttpRequestException or OperationCanceledException)
                    {
                        return false;
                    }
                }

                return ready.Resources.Where(r => !r.Key.EndsWith("-migrate", StringComparison.Ordinal)).All(r => r.Value.Ready);
            },
            $"not every process came back:\n{hub.Tail()}", Patience);
    }
}
