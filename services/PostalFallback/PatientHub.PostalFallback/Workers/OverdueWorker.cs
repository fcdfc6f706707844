using Microsoft.Extensions.Options;

namespace PatientHub.PostalFallback.Workers;

/// <summary>Looks for overdue letters: <see cref="OverduePost"/>.</summary>
internal sealed class OverdueWorker(OverduePost overdue, IOptions<BatchOptions> options, TimeProvider time, ILogger<OverdueWorker> logger) : PassWorker(options.Value.Every, time, logger)
{
    protected override Task PassAsync(CancellationToken cancellationToken) => overdue.AlarmAsync(cancellationToken);
}
