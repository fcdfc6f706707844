using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace PatientHub.Messaging;

/// <summary>
/// A29, checklist 127: what lies in the service's <c>…_error</c>, <c>…_skipped</c> and dead-letter queues is work that nobody does any more. The gauge <c>patienthub.messages.dead</c> shows it within a minute, and what
/// still lies there after <see cref="MessagingOptions.DeadLetterAlarmAfter"/> is an alarm in the log, again and again until somebody has seen to it.
/// <para>Such a queue exists from its first message on, and RabbitMQ writes an error into its own log for each that is asked for and does not exist: a hundred a minute, among which nobody would see a
/// true one. So those that are not there are asked for only at the start, when this process has given up a message, and now and then, because another process may have died as it did.</para>
/// </summary>
internal sealed partial class DeadLetterWatch(
    IConfiguration configuration, MessagingBuilder messaging, MessagingMetrics metrics, DeadLetterSign sign, IOptions<MessagingOptions> options, TimeProvider time, ILogger<DeadLetterWatch> log)
{
    private readonly Dictionary<string, DateTimeOffset> _alarmAt = [];
    private IReadOnlyList<string> _there = [];
    private DateTimeOffset _searchAt = DateTimeOffset.MinValue;
    private long _givenUp;

    /// <summary>Looks once.</summary>
    /// <exception cref="BrokerUnreachableException">The broker is away.</exception>
    public async Task LookAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var givenUp = sign.GivenUp;
        var searches = now >= _searchAt || givenUp != _givenUp;
        await using var connection = await BrokerConnection.ConnectAsync(configuration.BrokerAddress(), $"{messaging.ServiceName} dead letters", ct);
        var (found, there) = (new Dictionary<string, long>(), new List<string>());
        foreach (var queue in searches ? All() : _there)
        {
            if (await CountAsync(connection, queue, ct) is not { } count) continue;
            there.Add(queue);
            if (count > 0) found[queue] = count;
        }

        _there = there;
        if (searches) (_searchAt, _givenUp) = (now + options.Value.DeadLetterSearchEvery, givenUp);

        metrics.Dead(found);
        foreach (var emptied in _alarmAt.Keys.Except(found.Keys).ToList())
        {
            _alarmAt.Remove(emptied);
        }

        foreach (var (queue, count) in found)
        {
            if (!_alarmAt.TryGetValue(queue, out var at))
            {
                _alarmAt[queue] = now + options.Value.DeadLetterAlarmAfter;
            }
            else if (at <= now)
            {
                Log.Dead(log, count, queue, options.Value.DeadLetterAlarmAfter);
                _alarmAt[queue] = now + options.Value.DeadLetterAlarmAfter;
            }
        }
    }

    private IEnumerable<string> All() =>
        messaging.Consumers.Select(consumer => consumer.Queue).Distinct().SelectMany(queue => (string[])[queue + "_error", queue + "_skipped"]).Append(BusNames.DeadLetter(messaging.ServiceName));

    /// <summary>Null: there is no such queue.</summary>
    private static async Task<long?> CountAsync(IConnection connection, string queue, CancellationToken ct)
    {
        // A channel each: asking for a queue that does not exist closes it.
        await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
        try
        {
            return (await channel.QueueDeclarePassiveAsync(queue, ct)).MessageCount;
        }
        catch (OperationInterruptedException absent) when (absent.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Alarm: {Count} messages have lain in {Queue} for {Time} or longer; see \"When something is stuck\" in the README of PatientHub.Messaging")]
        public static partial void Dead(ILogger logger, long count, string queue, TimeSpan time);
    }
}

/// <summary>The thin loop; a broker that is away is waited for.</summary>
internal sealed partial class DeadLetterWorker(DeadLetterWatch watch, IOptions<MessagingOptions> options, TimeProvider time, ILogger<DeadLetterWorker> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.DeadLettersEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await watch.LookAsync(stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(log, fault.GetType().Name);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The queues of dead letters could not be looked at: {Fault}")]
        public static partial void Failed(ILogger logger, string fault);
    }
}
