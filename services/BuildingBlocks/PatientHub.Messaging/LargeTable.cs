using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;

namespace PatientHub.Messaging;

/// <summary>
/// Reads a large table once, from front to end as it lies on disk, for work that looks at all of it and changes a part (retention). Rows that came in together are found together, and so are those of other
/// tables that belong to them: by the order of a key that is a hash, nearly every row would be another page of every table. Each statement reads a stretch of 16 MB: no index, no sort, no snapshot that is kept
/// for long. A row that is changed meanwhile may be met twice, or not until the next time.
/// </summary>
public static class LargeTable
{
    private const int Blocks = 2_048;

    /// <summary>Ids of the rows for which a condition is true, in pages.</summary>
    /// <param name="database">Where the table is.</param>
    /// <param name="table">Its name.</param>
    /// <param name="id">The column that is returned, a <see cref="Guid"/>.</param>
    /// <param name="condition">SQL over the row's own columns. What needs other tables is asked for each page: joined to a whole stretch, PostgreSQL would read the other table whole for each of them.</param>
    /// <param name="parameters">Adds the condition's parameters.</param>
    /// <param name="size">Most ids of one page.</param>
    /// <param name="ct">Stops the reading.</param>
    public static async IAsyncEnumerable<Guid[]> PagesAsync(
        NpgsqlDataSource database, string table, string id, string condition, Action<NpgsqlParameterCollection> parameters, int size, [EnumeratorCancellation] CancellationToken ct)
    {
        // Rows that come in from here on are none of ours.
        await using var measure = database.CreateCommand($"select pg_relation_size('{table}') / current_setting('block_size')::bigint");
        var end = (long)(await measure.ExecuteScalarAsync(ct))!;
        for (var from = 0L; from < end; from += Blocks)
        {
            var ids = new List<Guid>();
            await using (var read = database.CreateCommand($"select {id} from {table} where ctid >= @from and ctid < @to and ({condition})"))
            {
                read.Parameters.AddWithValue("from", NpgsqlDbType.Tid, new NpgsqlTid((uint)from, 0));
                read.Parameters.AddWithValue("to", NpgsqlDbType.Tid, new NpgsqlTid((uint)(from + Blocks), 0));
                parameters(read.Parameters);
                await using var rows = await read.ExecuteReaderAsync(ct);
                while (await rows.ReadAsync(ct)) ids.Add(rows.GetGuid(0));
            }

            foreach (var page in ids.Chunk(size))
                yield return page;
        }
    }
}
