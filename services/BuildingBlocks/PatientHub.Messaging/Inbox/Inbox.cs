using System.Data;
using System.Data.Common;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using NpgsqlTypes;

namespace PatientHub.Messaging;

/// <summary>The statement that both inbox filters share.</summary>
internal static class Inbox
{
    /// <summary>
    /// Claims messages for an endpoint inside the current transaction and returns the ids that nobody had claimed. A parallel claim of the same id waits here until
    /// the first transaction ends: committed, it is a duplicate; rolled back, it is ours.
    /// </summary>
    public static async Task<HashSet<Guid>> ClaimAsync(DbContext db, Guid[] messageIds, string endpoint, CancellationToken ct)
    {
        if (Sabotage.InboxIsOff)
        {
            return [.. messageIds];
        }

        // Sorted, so that two batches with common ids wait for each other instead of deadlocking.
        Array.Sort(messageIds);
        await using var command = (NpgsqlCommand)db.Database.GetDbConnection().CreateCommand();
        command.Transaction = (NpgsqlTransaction?)db.Database.CurrentTransaction?.GetDbTransaction();
        command.CommandText = "insert into inbox_message (message_id, endpoint) select id, $2 from unnest($1) as id on conflict do nothing returning message_id";
        command.Parameters.Add(new NpgsqlParameter { Value = messageIds, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        command.Parameters.Add(new NpgsqlParameter { Value = endpoint });

        var claimed = new HashSet<Guid>(messageIds.Length);
        await using DbDataReader reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            claimed.Add(reader.GetGuid(0));
        }

        return claimed;
    }

    /// <summary>
    /// Whether the connection that carries the current transaction is gone. Whatever was thrown then (a driver that is interrupted half-way throws many things) is no defect of
    /// the message.
    /// </summary>
    public static bool ConnectionIsLost(DbContext db) => db.Database.GetDbConnection().State != ConnectionState.Open;

    public static Guid Id(MessageContext message) => message.MessageId
        ?? throw new InvalidOperationException("A message without an id cannot be told from its repeats.");

    public static string Endpoint(ConsumeContext context) => context.ReceiveContext.InputAddress.AbsolutePath.Split('/')[^1];
}
