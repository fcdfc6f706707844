using Npgsql;
using PatientHub.PostalFallback.Domain;

namespace PatientHub.PostalFallback.Workers;

/// <summary>What the worker knows of a due letter before its last look.</summary>
internal sealed record DueLetter(Guid DeadlineId, Guid PatientId, Guid? AppointmentId, int? Revision, Guid LetterId, int LetterVersion, DateTimeOffset? Start, int PostalNoticeDays, DateTimeOffset DueAt, DateTimeOffset? LastSafeAt, bool PostAnyway, bool Requested);

/// <summary>The hot statements over <c>deadline</c>, in SQL: claims with SKIP LOCKED, and the one decision as a conditional update.</summary>
internal sealed class DueDeadlines(NpgsqlDataSource database)
{
    /// <summary>
    /// Leases letters that are due by <paramref name="dueBy"/>, nearest appointment first. A held one (open request, A3) only from its last safe time on.
    /// A lease is not a decision: opening the letter still wins.
    /// </summary>
    public async Task<List<DueLetter>> LeaseAsync(DateTimeOffset dueBy, DateTimeOffset now, TimeSpan lease, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            with due as (
              select deadline_id from deadline
              where state = 'Waiting' and due_at <= $1 and letter_id is not null
                and (not held or last_safe_at <= $2 or requested_at is not null) and (lease_until is null or lease_until <= $2)
              order by start nulls last, due_at limit $3 for update skip locked)
            update deadline d set lease_until = $2 + $4 from due where d.deadline_id = due.deadline_id
            returning d.deadline_id, d.patient_id, d.appointment_id, d.revision, d.letter_id, d.letter_version, d.start, d.postal_notice_days, d.due_at, d.last_safe_at,
              coalesce((select p.opted_out or p.also_post or (p.version > 0 and (not p.has_contact or p.letters_only)) from patient p where p.patient_id = d.patient_id), false),
              d.requested_at is not null
            """);
        Add(command, dueBy.UtcDateTime, now.UtcDateTime, limit, lease);
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

    /// <summary>Letters that are overdue for so long that people must know (A29), each once. What was due before it was promised (A22) is late only from then on.</summary>
    public async Task<List<(Guid DeadlineId, Guid PatientId, Guid? AppointmentId, Guid? LetterId)>> AlarmAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, DateTimeOffset dueBefore, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            update deadline set alarmed_at = $2
            where state in ('Waiting', 'Printing') and due_at <= $1 and created_at <= $1 and alarmed_at is null and (not held or last_safe_at <= $1)
            returning deadline_id, patient_id, appointment_id, letter_id
            """, connection, transaction);
        Add(command, dueBefore.UtcDateTime, now.UtcDateTime);
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
