using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace PatientHub.Messaging;

/// <summary>
/// Hands committed messages to the broker, over a connection of its own. Any number of dispatchers, in one process or many, work on one table.
/// <code>
///   1 take      select … for update skip locked      (rows that another dispatcher holds are invisible here)
///   2 prepare   unknown types and unreadable rows are parked; the rest goes on
///   3 publish   all at once, mandatory, then one wait for all confirms, with a time-out
///   4 settle    confirmed: delete · no queue or refused: back off · parked · unknown: leave as it is
///   5 commit    a crash anywhere before leaves every row; the repeat carries the same message id
/// </code>
/// Raw SQL throughout: EF would compose over SKIP LOCKED and track every row.
/// </summary>
internal sealed partial class OutboxDispatcher(
    NpgsqlDataSource database,
    BrokerConnection broker,
    Catalogue catalogue,
    DatabaseClock clock,
    IOptions<MessagingOptions> options,
    MessagingMetrics metrics,
    ILogger<OutboxDispatcher> log)
{
    private const string Columns = "sequence, message_id, type, body::text, subject, conversation_id, trace_parent, trace_state, created_at";

    private readonly MessagingOptions _options = options.Value;

    // After the broker has closed a channel because of a message, rows go singly until that message is found: it would take the whole batch down again and again.
    private int _singly;

    // While a backlog drains, the next round starts behind the last row instead of walking over everything deleted since the last vacuum, which a long transaction
    // elsewhere may hold up for hours. Rows before it (held by others, committed late) are seen by the rounds that start at the beginning.
    private long _floor;
    private long _fullLookAt;

    /// <summary>One round.</summary>
    /// <returns>True when there was a full batch, so that the next round should follow at once.</returns>
    /// <exception cref="BrokerUnavailableException">The broker did not answer for some rows; they are kept.</exception>
    public async Task<bool> DispatchAsync(CancellationToken ct)
    {
        var channel = await broker.ChannelAsync(ct);
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);

        // Step 1
        var limit = _singly > 0 ? 1 : _options.BatchSize;
        var skipped = _floor > 0;
        var rows = await TakeAsync(connection, limit, ct);
        MoveFloor(rows, limit);
        if (rows.Count == 0)
        {
            return skipped;
        }

        // Step 2
        var ready = new List<(OutboxRow Row, WireMessage Message)>(rows.Count);
        var parked = new List<(OutboxRow Row, string Reason)>();
        foreach (var row in rows)
        {
            if (Prepare(row, out var reason) is { } message)
            {
                ready.Add((row, message));
            }
            else
            {
                parked.Add((row, reason!));
            }
        }

        // Step 3: bounded by its own time-out; a host that stops lets the round end.
        var outcomes = ready.Count == 0 ? [] : await channel.PublishAsync([.. ready.Select(r => r.Message)], _options.PublishTimeout);

        // Steps 4 and 5
        var culprit = channel.ClosedByBroker && ready.Count == 1;
        var refused = new List<(OutboxRow Row, string Reason)>();
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (Reason(outcomes[i], culprit) is { } reason)
            {
                refused.Add((ready[i].Row, reason));
            }
        }

        await SettleAsync(connection, [.. ready.Where((_, i) => outcomes[i] == Outcome.Confirmed).Select(r => r.Row)], refused, parked);
        await transaction.CommitAsync(CancellationToken.None);

        Report(ready, outcomes, refused, parked);
        _singly = culprit ? 0 : channel.ClosedByBroker ? limit : Math.Max(0, _singly - 1);
        var unknown = outcomes.Count(outcome => outcome == Outcome.Unknown);
        if (unknown > 0 && !culprit)
        {
            throw new BrokerUnavailableException(unknown);
        }

        return skipped || rows.Count >= limit;
    }

    /// <summary>Gives the connection to the broker up; the next round would make a new one.</summary>
    public Task CloseAsync() => broker.CloseAsync();

    private void MoveFloor(List<OutboxRow> rows, int limit)
    {
        var full = limit > 1 && rows.Count >= limit && Stopwatch.GetElapsedTime(_fullLookAt) < TimeSpan.FromSeconds(5);
        _floor = full ? rows[^1].Sequence : 0;
        if (!full)
        {
            _fullLookAt = Stopwatch.GetTimestamp();
        }
    }

    private static string? Reason(Outcome outcome, bool culprit) => outcome switch
    {
        Outcome.Unroutable => "no queue takes it",
        Outcome.Refused => "refused by the broker",
        Outcome.Unknown when culprit => "the broker closed the channel",
        _ => null,
    };

    private WireMessage? Prepare(OutboxRow row, out string? reason)
    {
        reason = null;
        if (row.Subject is not null)
        {
            return Wire.Public(row);
        }

        if (catalogue.TryGet(row.Type, out var publication))
        {
            return Wire.Internal(row, publication);
        }

        reason = "unknown type";
        return null;
    }

    private async Task<List<OutboxRow>> TakeAsync(NpgsqlConnection connection, int limit, CancellationToken ct)
    {
        // Two looks, each over a partial index of its own: neither a backlog nor a heap of rows for next week can starve the other. Rows for later get a quarter.
        var later = Math.Max(1, limit / 4);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand($"""
                    select {Columns} from outbox_message where parked_at is null and not_before is not null and not_before <= now() + $1
                    order by not_before limit $2 for update skip locked
                    """)
                {
                    Parameters = { new NpgsqlParameter { Value = clock.Offset }, new NpgsqlParameter { Value = later } },
                },
                new NpgsqlBatchCommand($"""
                    select {Columns} from outbox_message where parked_at is null and not_before is null and sequence > $2
                    order by sequence limit $1 for update skip locked
                    """)
                {
                    Parameters = { new NpgsqlParameter { Value = limit }, new NpgsqlParameter { Value = _floor } },
                },
            },
        };

        var rows = new List<OutboxRow>();
        await using var reader = await batch.ExecuteReaderAsync(ct);
        do
        {
            while (await reader.ReadAsync(ct))
            {
                if (rows.Count == limit)
                {
                    // Locked until the commit, and left for the next round.
                    continue;
                }

                rows.Add(new OutboxRow(
                    reader.GetInt64(0), reader.GetGuid(1), reader.GetString(2), reader.GetFieldValue<byte[]>(3), Text(reader, 4),
                    reader.IsDBNull(5) ? null : reader.GetGuid(5), Text(reader, 6), Text(reader, 7), reader.GetDateTime(8)));
            }
        }
        while (await reader.NextResultAsync(ct));

        return rows;
    }

    private async Task SettleAsync(
        NpgsqlConnection connection, List<OutboxRow> confirmed, List<(OutboxRow Row, string Reason)> refused, List<(OutboxRow Row, string Reason)> parked)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (confirmed.Count > 0)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand("delete from outbox_message where sequence = any($1)")
            {
                Parameters = { Sequences(confirmed) },
            });
        }

        if (refused.Count > 0)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand("""
                update outbox_message m
                set attempts = m.attempts + 1, last_error = r.reason,
                    not_before = clock_timestamp() + $3 + least($4, $5 * power(2, least(m.attempts, 20)))
                from unnest($1, $2) as r(sequence, reason) where m.sequence = r.sequence
                """)
            {
                Parameters =
                {
                    Sequences(refused.Select(r => r.Row)), Reasons(refused), new NpgsqlParameter { Value = clock.Offset },
                    new NpgsqlParameter { Value = _options.MaxBackOff }, new NpgsqlParameter { Value = _options.FirstBackOff },
                },
            });
        }

        if (parked.Count > 0)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand("""
                update outbox_message m set attempts = m.attempts + 1, last_error = r.reason, parked_at = now()
                from unnest($1, $2) as r(sequence, reason) where m.sequence = r.sequence
                """)
            {
                Parameters = { Sequences(parked.Select(p => p.Row)), Reasons(parked) },
            });
        }

        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    private void Report(
        List<(OutboxRow Row, WireMessage Message)> ready, Outcome[] outcomes, List<(OutboxRow Row, string Reason)> refused, List<(OutboxRow Row, string Reason)> parked)
    {
        foreach (var type in ready.Where((_, i) => outcomes[i] == Outcome.Confirmed).CountBy(r => r.Row.Type))
        {
            metrics.Published(type.Key, type.Value);
        }

        foreach (var type in refused.CountBy(r => (r.Row.Type, r.Reason)))
        {
            metrics.Refused(type.Key.Type, type.Value);
            Log.Refused(log, type.Value, type.Key.Type, type.Key.Reason);
        }

        foreach (var type in parked.CountBy(p => (p.Row.Type, p.Reason)))
        {
            metrics.Parked(type.Value);
            Log.Parked(log, type.Value, type.Key.Type, type.Key.Reason);
        }
    }

    private static NpgsqlParameter Sequences(IEnumerable<OutboxRow> rows) =>
        new() { Value = rows.Select(r => r.Sequence).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint };

    private static NpgsqlParameter Reasons(IEnumerable<(OutboxRow Row, string Reason)> rows) =>
        new() { Value = rows.Select(r => r.Reason).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Count} messages {Type} stay in the outbox: {Reason}")]
        public static partial void Refused(ILogger logger, int count, string type, string reason);

        [LoggerMessage(LogLevel.Error, "{Count} messages {Type} are parked: {Reason}. They wait for an operator")]
        public static partial void Parked(ILogger logger, int count, string type, string reason);
    }
}

/// <summary>The broker went away, or did not answer in time, while rows were in flight. They stay in the outbox.</summary>
internal sealed class BrokerUnavailableException(int rows) : Exception($"The broker did not answer for {rows} messages; they stay in the outbox.");
