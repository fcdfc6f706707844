using System.Collections;
using System.Diagnostics;
using MassTransit;
using MassTransit.Context;
using Microsoft.Extensions.Logging;

namespace PatientHub.Messaging;

/// <summary>
/// The inbox of a <see cref="Batch{T}"/>, which MassTransit shows to a filter as one message.
/// <list type="number">
/// <item>begin; claim all ids in one statement; hand the consumer a batch of those that are new; commit.</item>
/// <item>A defect (not a transient fault) undoes that, and the messages go one by one, each in a transaction of its own, so that one bad message does not take
/// hundreds of good ones to <c>_error</c> with it.</item>
/// </list>
/// </summary>
internal sealed partial class BatchInboxFilter<T>(ServiceDbContext service, Conversation conversation, MessagingMetrics metrics, ILogger<BatchInboxFilter<T>> log)
    : IFilter<ConsumeContext<Batch<T>>> where T : class
{
    public async Task Send(ConsumeContext<Batch<T>> context, IPipe<ConsumeContext<Batch<T>>> next)
    {
        var started = Stopwatch.GetTimestamp();
        var endpoint = Inbox.Endpoint(context);
        var messages = context.Message.ToArray();

        // Step 1
        try
        {
            await ConsumeAsync(messages);
            return;
        }
        catch (Exception defect) when (messages.Length > 1 && !context.CancellationToken.IsCancellationRequested && !TransientFaults.IsTransient(defect))
        {
            Log.OneByOne(log, messages.Length, endpoint, defect.GetType().Name);
        }

        // Step 2
        Exception? last = null;
        foreach (var message in messages)
        {
            try
            {
                await ConsumeAsync([message]);

                // Marks this one as delivered: the exception below then concerns the others only.
                await message.NotifyConsumed(Stopwatch.GetElapsedTime(started), endpoint);
            }
            catch (Exception defect) when (!TransientFaults.IsTransient(defect) && !context.CancellationToken.IsCancellationRequested)
            {
                last = defect;
            }
        }

        if (last is not null)
        {
            throw new BatchDefectException(last);
        }

        async Task ConsumeAsync(IReadOnlyList<ConsumeContext<T>> part)
        {
            service.Db.ChangeTracker.Clear();
            conversation.Id = part.Count == 1 ? part[0].ConversationId : null;
            await using var transaction = await service.Db.Database.BeginTransactionAsync(context.CancellationToken);
            try
            {
                var claimed = await Inbox.ClaimAsync(service.Db, [.. part.Select(Inbox.Id).Distinct()], endpoint, context.CancellationToken);
                var fresh = part.Where(message => claimed.Remove(Inbox.Id(message))).ToArray();
                if (fresh.Length < part.Count)
                {
                    metrics.Duplicate(endpoint, part.Count - fresh.Length);
                }

                if (fresh.Length == 0)
                {
                    await context.NotifyConsumed(Stopwatch.GetElapsedTime(started), endpoint);
                    return;
                }

                await next.Send(new MessageConsumeContext<Batch<T>>(context, new FreshBatch(context.Message, fresh)));
                await transaction.CommitAsync(CancellationToken.None);
            }
            catch (Exception fault) when (!TransientFaults.IsTransient(fault) && Inbox.ConnectionIsLost(service.Db))
            {
                throw TransientFaultException.LostConnection(fault);
            }
        }
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("batchInbox");

    private sealed class FreshBatch(Batch<T> whole, ConsumeContext<T>[] messages) : Batch<T>
    {
        public BatchCompletionMode Mode => whole.Mode;

        public DateTime FirstMessageReceived => whole.FirstMessageReceived;

        public DateTime LastMessageReceived => whole.LastMessageReceived;

        public int Length => messages.Length;

        public ConsumeContext<T> this[int index] => messages[index];

        public IEnumerator<ConsumeContext<T>> GetEnumerator() => messages.AsEnumerable().GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => messages.GetEnumerator();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A batch of {Count} at {Endpoint} failed with {Defect}; its messages go one by one")]
        public static partial void OneByOne(ILogger logger, int count, string endpoint, string defect);
    }
}

/// <summary>Some messages of a batch met a defect; the others have had their effect.</summary>
internal sealed class BatchDefectException(Exception defect) : Exception("A message of the batch met a defect; the others have been consumed.", defect);
