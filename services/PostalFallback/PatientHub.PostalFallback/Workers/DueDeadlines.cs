using Npgsql;
using PatientHub.PostalFallback.Domain;

namespace PatientHub.PostalFallback.Workers;

/// <summary>What the worker knows of a due letter before its last look.</summary>
internal sealed record DueLetter(Guid DeadlineId, Guid PatientId, Guid? AppointmentId, int? Revision, Guid LetterId, int LetterVersion, DateTimeOffset? Start, int PostalNoticeDays, DateTimeOffset DueAt, DateTimeOffset? LastSafeAt, bool PostAnyway, bool Requested);

/// <summary>The hot statements over <c>deadline</c>, in SQL: claims with SKIP LOCKED, and the one decision as a conditional update.</summary>
internal sealed class DueDeadlines(NpgsqlDataSource database)
{
    private const string Columns = """
        d.deadline_id, d.patient_id, d.appointment_id, d.revision, d.letter_id, d.letter_version, d.start, d.postal_notice_days, d.due_at, d.last_safe_at,
          coalesce((select p.opted_out or p.also_post or (p.version > 0 and (not p.has_contact or p.letters_only)) from patient p where p.patient_id = d.patient_id), false),
          d.requested_at is not null or d.reason = 'Notice'
        """;

    /// <summary>
    /// Leases letters that are due by <paramref name="dueBy"/>, nearest appointment first. A held one (open request, A3) only from its last safe time on.
    /// A lease is not a decision: opening the letter still wins. All that is due is put in order by the index alone; of the table only the rows that are taken are read,
    /// and, the lease being in no index, nothing else is written.
    /// </summary>
    public async Task<List<DueLetter>> LeaseAsync(DateTimeOffset dueBy, DateTimeOffset now, TimeSpan lease, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"""
            with due as (
              select d.ctid
              from (select deadline_id, start, due_at from deadline where state in ('Waiting', 'Printing') and due_at <= $1 order by start nulls last, due_at) nearest
              join deadline d on d.deadline_id = nearest.deadline_id
              where d.state = 'Waiting' and d.due_at <= $1 and d.letter_id is not null
                and (not d.held or d.last_safe_at <= $2 or d.requested_at is not null) and (d.lease_until is null or d.lease_until <= $2)
              order by nearest.start nulls last, nearest.due_at limit $3 for update of d skip locked)
            update deadline d set lease_until = $2 + $4 from due where d.ctid = due.ctid
            returning {Columns}
            """);
        Add(command, dueBy.UtcDateTime, now.UtcDateTime, limit, lease);
        return await ReadAsync(command, cancellationToken);
    }

    /// <summary>The letters of a batch that are still to be handed over, as they stand now.</summary>
    public async Task<List<DueLetter>> PrintingAsync(Guid batchId, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"select {Columns} from deadline d where d.batch_id = $1 and d.state = 'Printing'");
        Add(command, batchId);
        return await ReadAsync(command, cancellationToken);
    }

    private static async Task<List<DueLetter>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        var due = new List<DueLetter>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            due.Add(new DueLetter(reader.GetGuid(0), reader.GetGuid(1), Nullable<Guid>(reader, 2), Nullable<int>(reader, 3), reader.GetGuid(4), reader.GetInt32(5),
                Instant(reader, 6), reader.GetInt32(7), Instant(reader, 8)!.Value, Instant(reader, 9), reader.GetBoolean(10), reader.GetBoolean(11)));
        return due;
    }

    /// <summary>The decision: whoever changes the row from Waiting first, opening or posting, has won. Rows are locked in the consumers' order. Returns the letters that are to be posted.</summary>
    public static async Task<HashSet<Guid>> DecideAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid batchId, IReadOnlyList<DueLetter> letters, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            with wanted as (
              select d.deadline_id from deadline d join unnest($2, $3) as named(deadline_id, letter_version) on d.deadline_id = named.deadline_id
              where d.state = 'Waiting' and d.letter_version = named.letter_version order by d.deadline_id for update of d)
            update deadline d set state = 'Printing', batch_id = $1 from wanted where d.deadline_id = wanted.deadline_id
            returning d.deadline_id
            """, connection, transaction);
        Add(command, batchId, letters.Select(letter => letter.DeadlineId).ToArray(), letters.Select(letter => letter.LetterVersion).ToArray());
        var decided = new HashSet<Guid>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            decided.Add(reader.GetGuid(0));
        return decided;
    }

    /// <summary>Lets letters rest that cannot go yet.</summary>
    public async Task RestAsync(IReadOnlyCollection<Guid> deadlineIds, DateTimeOffset until, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("update deadline set lease_until = $2 where deadline_id = any($1) and state = 'Waiting'");
        Add(command, deadlineIds.ToArray(), until.UtcDateTime);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Letters that are overdue for so long that people must know (A29), each once. What was due before it was promised (A22) is late only from then on; what rests until <paramref name="nextDay"/> has an alarm of its own (<see cref="DailyCap"/>).</summary>
    public async Task<List<(Guid DeadlineId, Guid PatientId, Guid? AppointmentId, Guid? LetterId)>> AlarmAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, DateTimeOffset dueBefore, DateTimeOffset now, DateTimeOffset nextDay, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            update deadline set alarmed_at = $2
            where state in ('Waiting', 'Printing') and due_at <= $1 and created_at <= $1 and alarmed_at is null and (not held or last_safe_at <= $1) and (lease_until is null or lease_until < $3)
            returning deadline_id, patient_id, appointment_id, letter_id
            """, connection, transaction);
        Add(command, dueBefore.UtcDateTime, now.UtcDateTime, nextDay.UtcDateTime);
        var late = new List<(Guid, Guid, Guid?, Guid?)>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            late.Add((reader.GetGuid(0), reader.GetGuid(1), Nullable<Guid>(reader, 2), Nullable<Guid>(reader, 3)));
        return late;
    }

    private static void Add(NpgsqlCommand command, params ReadOnlySpan<object> values)
    {
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
    }

    private static T? Nullable<T>(NpgsqlDataReader reader, int column) where T : struct => reader.IsDBNull(column) ? null : reader.GetFieldValue<T>(column);

    private static DateTimeOffset? Instant(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : new DateTimeOffset(reader.GetDateTime(column), TimeSpan.Zero);
}
