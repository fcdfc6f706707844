using Npgsql;

namespace PatientHub.Benchmarks.Sweep;

/// <summary>
/// Fills a table of due work: rows that wait for a day to three months, and those that are due within one hour. They lie as they came in, give or take hours, as
/// a ladder's do, or strewn all over the table, as reminders before an appointment do. For speed the indexes are made after the rows and the load does not wait for
/// the disk; what is measured then has the service's own schema and the usual settings.
/// </summary>
internal static class WaitingRows
{
    private const string Steps = """
        insert into journey_step (id, kind, step, patient_id, subject_id, subject_version, letter_id, letter_version, appointment_id, revision,
            due_at, next_at, letter_by, state, asked_by_patient, created_at)
        select id, 'Invitation', 1, gen_random_uuid(), subject, 1, subject, 1, gen_random_uuid(), 0, due, due, due + interval '2 days', 'Open', false, now()
        """;

    private const string Deadlines = """
        insert into deadline (deadline_id, patient_id, appointment_id, revision, letter_id, letter_version, start, postal_notice_days, state, due_at, reason,
            last_safe_at, held, created_at, trace_parent)
        select id, gen_random_uuid(), gen_random_uuid(), 0, subject, 1, due + interval '15 days' + random() * interval '90 days', 3, 'Waiting', due, 'Booking',
            due + interval '10 days', false, now(), '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
        """;

    public static Task FillStepsAsync(NpgsqlDataSource database, long waiting, long due, DateTimeOffset from, bool strewn) => FillAsync(database, "journey_step", Steps, waiting, due, from, strewn);

    public static Task FillDeadlinesAsync(NpgsqlDataSource database, long waiting, long due, DateTimeOffset from, bool strewn) => FillAsync(database, "deadline", Deadlines, waiting, due, from, strewn);

    private static async Task FillAsync(NpgsqlDataSource database, string table, string insert, long waiting, long due, DateTimeOffset from, bool strewn)
    {
        await using var connection = await database.OpenConnectionAsync();
        var indexes = await IndexesAsync(connection, table);
        await ExecuteAsync(connection, "set synchronous_commit = off; set maintenance_work_mem = '1GB'");
        foreach (var (name, _) in indexes)
            await ExecuteAsync(connection, $"drop index {name}");

        var dueAt = strewn
            ? "case when i * $2 / ($1 + $2) <> (i - 1) * $2 / ($1 + $2) then $3 + random() * interval '1 hour' else $3 + interval '1 day' + random() * interval '90 days' end"
            : "case when i <= $2 then $3 + least(i::float / $2 + random() / 4, 1) * interval '1 hour' else $3 + interval '1 day' + (i - $2)::float / $1 * interval '90 days' + random() * interval '6 hours' end";

        // Ids rise with time, as version 7 UUIDs do.
        await ExecuteAsync(connection, $"""
            {insert}
            from (select i, (lpad(to_hex(i), 12, '0') || '70008000' || substr(md5(i::text), 1, 12))::uuid as id, gen_random_uuid() as subject, {dueAt} as due
                  from generate_series(1, $1 + $2) as i) as rows
            """, waiting, due, from.UtcDateTime);
        foreach (var (_, definition) in indexes)
            await ExecuteAsync(connection, definition);
        await ExecuteAsync(connection, $"vacuum analyze {table}");
        await ExecuteAsync(connection, "checkpoint");
        await ExecuteAsync(connection, "reset all");
    }

    /// <summary>All but the primary key's.</summary>
    private static async Task<List<(string Name, string Definition)>> IndexesAsync(NpgsqlConnection connection, string table)
    {
        await using var command = new NpgsqlCommand("select indexname, indexdef from pg_indexes where tablename = $1 and indexname not like 'pk_%'", connection) { Parameters = { new NpgsqlParameter { Value = table } } };
        await using var reader = await command.ExecuteReaderAsync();
        List<(string, string)> indexes = [];
        while (await reader.ReadAsync())
            indexes.Add((reader.GetString(0), reader.GetString(1)));
        return indexes;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        await using (command)
            await command.ExecuteNonQueryAsync();
    }
}
