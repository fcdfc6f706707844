using PatientHub.Simulators.Behaviour;
using PatientHub.Simulators.Pas.Seeds;

namespace PatientHub.Simulators.Pas;

/// <summary>Feeds the hub once it answers. What the hub could not take is sent again until it could.</summary>
internal sealed partial class PasFeedWorker(
    PasFeed pas, HubClient hub, FeedBook feed, BehaviourBook behaviours, SimulatorsOptions options, TimeProvider time, ILogger<PasFeedWorker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.PasFhirBaseUrl is null)
            return;

        foreach (var (destination, behaves) in PeopleSeed.Troubles)
            behaviours.Set(destination, behaves);

        feed.Enter(FeedState.Waiting);
        while (await hub.TroubleAsync(stoppingToken) is { } trouble)
        {
            feed.Enter(FeedState.Waiting, trouble);
            await Task.Delay(TimeSpan.FromSeconds(1), time, stoppingToken);
        }

        for (var round = 1; round <= 3; round++)
        {
            var accepted = await pas.RunAsync(stoppingToken);
            var report = feed.Report();
            Log.Fed(logger, round, report.Counts.Sum(count => count.Sent), report.Counts.Sum(count => count.Refused), report.Counts.Sum(count => count.Warnings));
            if (accepted)
                return;
            await Task.Delay(TimeSpan.FromSeconds(10), time, stoppingToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "PAS feed, round {Round}: {Sent} resources and settings sent, {Refused} refused, {Warnings} warnings.")]
        public static partial void Fed(ILogger logger, int round, int sent, int refused, int warnings);
    }
}
