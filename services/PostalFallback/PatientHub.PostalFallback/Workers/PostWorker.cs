using Microsoft.Extensions.Options;

namespace PatientHub.PostalFallback.Workers;

/// <summary>Posts what is due: <see cref="PostRun"/>.</summary>
internal sealed class PostWorker(PostRun run, IOptions<BatchOptions> options, TimeProvider time, ILogger<PostWorker> logger) : PassWorker(options.Value.Every, time, logger)
{
    protected override Task PassAsync(CancellationToken cancellationToken) => run.RunOnceAsync(cancellationToken);
}
