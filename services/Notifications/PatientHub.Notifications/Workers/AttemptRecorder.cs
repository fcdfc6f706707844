using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PatientHub.Notifications.Persistence.Configurations;

namespace PatientHub.Notifications.Workers;

/// <summary>
/// Puts what becomes known about attempts at the same time into one transaction: answers to our requests and the providers' reports. In a campaign each message has three of
/// them; one transaction each, they wait for each other's row locks and fill the connection pool. Whoever asks is answered after the commit, as before.
/// <para>A text belongs to one attempt (a unique index, whichever replica comes first); what is said of it is its owner's.</para>
/// <para>A group that fails is recorded one by one, so that an outcome that cannot be recorded takes no neighbours along. On the way down everything that was taken is still written.</para>
/// </summary>
internal sealed partial class AttemptRecorder(IServiceScopeFactory scopes, TimeProvider time, ILogger<AttemptRecorder> log) : BackgroundService
{
    private const int MostTogether = 200;

    // Whoever meets another owner of its text sees him at the second try, unless a third one came in between.
    private const int MostTries = 5;

    // While outcomes follow each other, the next group gathers for so long: a transaction for two of them costs nearly as much as one for twenty. The first after a rest goes at once.
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(50);
    private readonly Channel<Request> _requests = Channel.CreateUnbounded<Request>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>As <see cref="AttemptBook.RecordAsync"/>: recorded and committed when it returns.</summary>
    public async Task<IReadOnlyCollection<Guid>> RecordAsync(IReadOnlyCollection<AttemptOutcome> outcomes, CancellationToken ct)
    {
        var request = new Request(outcomes, new TaskCompletionSource<IReadOnlyCollection<Guid>>(TaskCreationOptions.RunContinuationsAsynchronously));
        // Closed only at the very end of the process.
        return _requests.Writer.TryWrite(request) ? await request.Done.Task.WaitAsync(ct) : await BookAsync(outcomes);
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        _requests.Writer.TryComplete();
        return base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Not the token: it ends when nothing can come any more and everything is written.
        var last = 0L;
        while (await _requests.Reader.WaitToReadAsync(CancellationToken.None))
        {
            if (last != 0 && time.GetElapsedTime(last) < Rest && !_requests.Reader.Completion.IsCompleted) await Task.Delay(Gather, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var (group, count) = (new List<Request>(), 0);
            while (count < MostTogether && _requests.Reader.TryRead(out var request))
            {
                group.Add(request);
                count += request.Outcomes.Count;
            }

            await RecordGroupAsync(group);
            last = time.GetTimestamp();
        }
    }

    private async Task RecordGroupAsync(List<Request> group)
    {
        try
        {
            var unknown = await BookAsync([.. group.SelectMany(request => request.Outcomes)]);
            foreach (var request in group) request.Done.TrySetResult(unknown.Count == 0 ? [] : [.. request.Outcomes.Select(o => o.AttemptId).Where(unknown.Contains).Distinct()]);
        }
        catch (Exception fault) when (group.Count > 1 && !IsOutage(fault))
        {
            Log.OneByOne(log, group.Count, fault.GetType().Name);
            foreach (var request in group) await RecordGroupAsync([request]);
        }
        catch (Exception fault)
        {
            // The callers decide: an attempt without its answer is found out about, as after a crash.
            foreach (var request in group) request.Done.TrySetException(fault);
        }
    }

    /// <summary>The database does not answer: asking once for each would only take longer.</summary>
    private static bool IsOutage(Exception fault) =>
        fault is TimeoutException or (NpgsqlException and not PostgresException) || (fault.InnerException is { } inner && IsOutage(inner));

    private async Task<IReadOnlyCollection<Guid>> BookAsync(IReadOnlyCollection<AttemptOutcome> outcomes)
    {
        for (var tries = 1; ; tries++)
        {
            await using var scope = scopes.CreateAsyncScope();
            var book = scope.ServiceProvider.GetRequiredService<AttemptBook>();
            try
            {
                return await book.RecordAsync(tries == 1 ? outcomes : await book.ToOwnersAsync(outcomes, CancellationToken.None), CancellationToken.None);
            }
            catch (DbUpdateException taken) when (tries < MostTries && taken.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: AttemptConfiguration.OneOwnerPerText })
            {
                Log.TextHasAnOwner(log, outcomes.Count);
            }
        }
    }

    private sealed record Request(IReadOnlyCollection<AttemptOutcome> Outcomes, TaskCompletionSource<IReadOnlyCollection<Guid>> Done);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Count} outcomes could not be recorded together ({Fault}); each is recorded by itself")]
        public static partial void OneByOne(ILogger logger, int count, string fault);

        [LoggerMessage(LogLevel.Information, "One of {Count} outcomes is about a text that another attempt has; it is recorded there")]
        public static partial void TextHasAnOwner(ILogger logger, int count);
    }
}
