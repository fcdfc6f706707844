using Microsoft.Extensions.Options;
using PatientHub.PostalFallback.Clients;

namespace PatientHub.PostalFallback.Workers;

/// <summary>Reads what the print house answers: <see cref="AnswersRun"/>.</summary>
internal sealed class AnswersWorker(AnswersRun run, IOptions<PrintOptions> options, TimeProvider time, ILogger<AnswersWorker> logger) : PassWorker(options.Value.AnswersEvery, time, logger)
{
    protected override Task PassAsync(CancellationToken cancellationToken) => run.RunOnceAsync(cancellationToken);
}
