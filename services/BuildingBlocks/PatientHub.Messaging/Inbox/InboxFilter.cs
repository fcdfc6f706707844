using System.Diagnostics;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace PatientHub.Messaging;

/// <summary>
/// Gives every message its effect once. Stands after the retry filter, so that each try has a scope, a DbContext and a transaction of its own:
/// <list type="number">
/// <item>begin;</item>
/// <item>insert (message id, endpoint); already there: tell MassTransit that it is consumed, and stop;</item>
/// <item>run the consumer, which saves its aggregate and its outbox rows in the same transaction;</item>
/// <item>commit; MassTransit acknowledges afterwards. A crash in between brings a repeat, which step 2 stops.</item>
/// </list>
/// </summary>
internal sealed partial class InboxFilter<T>(ServiceDbContext service, Conversation conversation, MessagingMetrics metrics, ILogger<InboxFilter<T>> log)
    : IFilter<ConsumeContext<T>> where T : class
{
    public async Task Send(ConsumeContext<T> context, IPipe<ConsumeContext<T>> next)
    {
        var started = Stopwatch.GetTimestamp();
        var endpoint = Inbox.Endpoint(context);
        var id = Inbox.Id(context);
        conversation.Id = context.ConversationId;

        // Step 1
        await using var transaction = await service.Db.Database.BeginTransactionAsync(context.CancellationToken);

        try
        {
            // Step 2
            var claimed = await Inbox.ClaimAsync(service.Db, [id], endpoint, context.CancellationToken);
            if (claimed.Count == 0)
            {
                metrics.Duplicate(endpoint, 1);
                Log.Duplicate(log, id, endpoint);
                await context.NotifyConsumed(Stopwatch.GetElapsedTime(started), endpoint);
                return;
            }

            // Step 3
            await next.Send(context);

            // Step 4: not to be given up half-way when the host stops.
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (Exception fault) when (!TransientFaults.IsTransient(fault) && Inbox.ConnectionIsLost(service.Db))
        {
            throw TransientFaultException.LostConnection(fault);
        }
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("inbox");

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Message {MessageId} has been consumed at {Endpoint} before")]
        public static partial void Duplicate(ILogger logger, Guid messageId, string endpoint);
    }
}
